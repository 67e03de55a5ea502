package org.dnallama.deploy.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.spark.launcher.JavaModuleOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Airflow itself is not to be had here: a stub with its signatures and template fields stands in for it. */
class AirflowDagTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String RUN_ID = "asset_triggered__2026-11-25T08:00:00.5+00:00";
    private static final Map<String, String> SUBMIT = Map.of("DNALLAMA_FOLDER", "s3a://genomes/dna-llama/");
    private static final Map<String, String> KUBERNETES =
            Map.of("DNALLAMA_FOLDER", "s3a://genomes/dna-llama", "DNALLAMA_OPERATOR", "kubernetes");
    private static final String PARAMS =
            "{\"optimizers\": [\"adamw\", \"kt4\", \"kt4-split\"], \"ranks\": 4, \"cores\": 8,"
                    + " \"genome\": [\"s3a://genomes/hg38.fa.gz\", \"s3a://genomes/mm39.fa.gz\"],"
                    + " \"connection\": \"my_cluster\"}";

    @TempDir
    private Path folder;

    private AirflowRun run(Map<String, String> environment) throws Exception {
        return AirflowRun.of(folder.resolve("run"), 3, environment, RUN_ID, PARAMS);
    }

    private static JsonNode job(AirflowRun run, String name, int mapIndex) {
        return run.jobs().stream()
                .filter(task -> AirflowRun.name(task).equals(name)
                        && task.get("mapIndex").asInt() == mapIndex)
                .findFirst()
                .orElseThrow();
    }

    private static List<String> command(AirflowRun run, String name, int mapIndex) {
        return AirflowRun.texts(job(run, name, mapIndex).get("command"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"spark-submit", "kubernetes"})
    void bothVersionsOfAirflowReadTheSame(String operator) throws Exception {
        Map<String, String> environment = Map.of("DNALLAMA_OPERATOR", operator);
        AirflowRun second = AirflowRun.of(folder.resolve("2"), 2, environment, RUN_ID, "{}");
        AirflowRun third = AirflowRun.of(folder.resolve("3"), 3, environment, RUN_ID, "{}");
        assertThat(second.dag()).isEqualTo(third.dag());
        assertThat(third.dag().get("dag").asText()).isEqualTo("dna_llama");
    }

    @ParameterizedTest
    @ValueSource(strings = {"spark-submit", "kubernetes"})
    void eachOptimizerIsTunedAndEvaluatedOnceAndAllAreCompared(String operator) throws Exception {
        AirflowRun run = run(Map.of("DNALLAMA_OPERATOR", operator));
        assertThat(run.jobs().stream()
                        .map(task ->
                                AirflowRun.name(task) + task.get("mapIndex").asInt()))
                .containsExactly(
                        "ingest-1",
                        "audit-1",
                        "pretrain-1",
                        "contestant.finetune0",
                        "contestant.finetune1",
                        "contestant.finetune2",
                        "contestant.evaluate0",
                        "contestant.evaluate1",
                        "contestant.evaluate2",
                        "compare-1");
        assertThat(AirflowRun.texts(job(run, "pretrain", -1).get("upstream"))).contains("audit");
        assertThat(AirflowRun.texts(job(run, "contestant.finetune", 0).get("upstream")))
                .contains("pretrain", "contestants");
        assertThat(AirflowRun.texts(job(run, "contestant.evaluate", 0).get("upstream")))
                .contains("contestant.finetune");
        assertThat(AirflowRun.texts(job(run, "compare", -1).get("upstream"))).contains("contestant.evaluate");
    }

    @Test
    void newInputsStartARunAndManifestsTellOthersOfIt() throws Exception {
        AirflowRun run = run(SUBMIT);
        String place = "s3a://genomes/dna-llama/";
        assertThat(AirflowRun.texts(run.dag().get("schedule"))).containsExactly(place + "genome", place + "promoters");
        Map<String, String> made =
                Map.of("ingest", "shards", "audit", "audit", "pretrain", "pretrained", "compare", "comparison");
        made.forEach(
                (step, output) -> assertThat(AirflowRun.texts(job(run, step, -1).get("outlets")))
                        .containsExactly(place + output + "/manifest.json"));
        assertThat(AirflowRun.texts(job(run, "pretrain", -1).get("inlets")))
                .containsExactly(place + "shards/manifest.json");
        assertThat(AirflowRun.texts(job(run, "contestant.finetune", 1).get("inlets")))
                .containsExactly(place + "pretrained/manifest.json", place + "audit/manifest.json");
    }

    /** Jobs are idempotent, so Airflow may try again; but two runs would write the same folders. */
    @Test
    void jobsAreTriedAgainAndRunsDoNotMeet() throws Exception {
        AirflowRun run = run(SUBMIT);
        assertThat(run.jobs())
                .allSatisfy(task -> assertThat(task.get("retries").asInt()).isEqualTo(3));
        assertThat(run.dag().get("maxActiveRuns").asInt()).isEqualTo(1);
        assertThat(run.dag().get("catchup").asBoolean()).isFalse();
    }

    @Test
    void commandsAreWhatSparkSubmitAndTheJobsUnderstand() throws Exception {
        AirflowRun run = run(SUBMIT);
        String java = "--add-modules=jdk.incubator.vector";
        assertThat(command(run, "pretrain", -1))
                .startsWith("spark-submit", "--master", "MASTER")
                .containsSequence("--conf", "spark.driver.defaultJavaOptions=" + java)
                .containsSequence(
                        "--conf",
                        "spark.executor.defaultJavaOptions=" + java + " -Dorg.bytedeco.javacpp.cachedir=./javacpp")
                .containsSequence("--conf", "spark.executor.instances=4")
                .containsSequence("--conf", "spark.executor.cores=8")
                .containsSequence("--conf", "spark.task.cpus=8")
                .containsSequence("--conf", "spark.dynamicAllocation.enabled=false")
                .endsWith(
                        "--class",
                        "org.dnallama.training.TrainingMain",
                        "/opt/dna-llama/jobs/training-job-" + Repository.version() + "-spark.jar",
                        "pretrain",
                        "--conf",
                        "/opt/dna-llama/conf/pipeline.conf",
                        "--overwrite",
                        "--set",
                        "pretrain.shards=s3a://genomes/dna-llama/shards",
                        "--set",
                        "pretrain.heldOut.data=s3a://genomes/dna-llama/promoters",
                        "--set",
                        "pretrain.output=s3a://genomes/dna-llama/pretrained",
                        "--set",
                        "cluster.ranks=4");
        assertThat(command(run, "ingest", -1))
                .contains("ingest.fasta=[\"s3a://genomes/hg38.fa.gz\", \"s3a://genomes/mm39.fa.gz\"]")
                .noneMatch(word -> word.startsWith("spark.task.cpus"));
        assertThat(command(run, "contestant.finetune", 2))
                .contains(
                        "finetune.training.optimizer=kt4-split",
                        "finetune.data=s3a://genomes/dna-llama/audit/cleaned/promoters",
                        "finetune.output=s3a://genomes/dna-llama/finetuned-kt4-split");
        assertThat(command(run, "contestant.evaluate", 1))
                .contains(
                        "evaluate.model=s3a://genomes/dna-llama/finetuned-kt4",
                        "evaluate.data=s3a://genomes/dna-llama/promoters/test.csv");
        assertThat(command(run, "compare", -1))
                .contains("compare.evaluations=[\"s3a://genomes/dna-llama/evaluation-adamw\","
                        + " \"s3a://genomes/dna-llama/evaluation-kt4\","
                        + " \"s3a://genomes/dna-llama/evaluation-kt4-split\"]");
    }

    /** What nothing has rendered would reach the cluster as it stands. */
    @ParameterizedTest
    @ValueSource(strings = {"spark-submit", "kubernetes"})
    void everyTemplateIsRendered(String operator) throws Exception {
        AirflowRun run = run(Map.of("DNALLAMA_OPERATOR", operator));
        assertThat(run.dag().toString()).doesNotContain("{{");
        assertThat(run.jobs())
                .allSatisfy(task -> assertThat(task.get("connection").asText()).isEqualTo("my_cluster"));
    }

    @Test
    void namesOfJobsAreUniqueAndFitKubernetes() throws Exception {
        AirflowRun submitted = run(SUBMIT);
        List<String> names = submitted.jobs().stream()
                .map(task -> AirflowRun.texts(task.get("command")))
                .map(words -> words.get(words.indexOf("--name") + 1))
                .toList();
        AirflowRun next = AirflowRun.of(folder.resolve("next"), 3, KUBERNETES, RUN_ID.replace(".5", ".6"), PARAMS);
        List<String> nextNames = next.jobs().stream()
                .map(task -> application(task).at("/metadata/name").asText())
                .toList();
        TreeSet<String> all = new TreeSet<>(names);
        all.addAll(nextNames);
        assertThat(all).hasSize(20).allMatch(name -> name.matches("[a-z]([a-z0-9-]{0,43}[a-z0-9])"));
        assertThat(names.get(0)).startsWith("ingest-asset-triggered-2026-11-25t08-");
    }

    private static JsonNode application(JsonNode task) {
        try {
            return JSON.readTree(task.get("application").asText());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void theKubernetesVariantFillsTheManifests() throws Exception {
        AirflowRun run = run(KUBERNETES);
        JsonNode pretrain = application(job(run, "pretrain", -1));
        SparkApplication.check(pretrain);
        JsonNode spec = pretrain.get("spec");
        assertThat(job(run, "pretrain", -1).get("namespace").asText()).isEqualTo("dna-llama");
        assertThat(spec.get("mainClass").asText()).isEqualTo("org.dnallama.training.TrainingMain");
        assertThat(spec.get("mainApplicationFile").asText())
                .isEqualTo("local:///opt/dna-llama/jobs/training-job-" + Repository.version() + "-spark.jar");
        assertThat(AirflowRun.texts(spec.get("arguments")))
                .startsWith("pretrain")
                .contains("pretrain.output=s3a://genomes/dna-llama/pretrained", "cluster.ranks=4");
        assertThat(spec.at("/executor/instances").isInt()).isTrue();
        assertThat(spec.at("/executor/instances").asInt()).isEqualTo(4);
        assertThat(spec.at("/sparkConf/spark.task.cpus").asText()).isEqualTo("8");
        assertThat(spec.get("batchScheduler").asText()).isEqualTo("volcano");
        // Airflow alone decides on another attempt, else both would.
        assertThat(spec.at("/restartPolicy/type").asText()).isEqualTo("Never");

        JsonNode evaluate = application(job(run, "contestant.evaluate", 2));
        SparkApplication.check(evaluate);
        assertThat(evaluate.at("/spec/batchScheduler").isMissingNode()).isTrue();
        assertThat(evaluate.at("/spec/mainClass").asText()).isEqualTo("org.dnallama.evaluation.EvaluationMain");
    }

    @Test
    void anUnknownOperatorIsRefused() {
        assertThatThrownBy(() -> run(Map.of("DNALLAMA_OPERATOR", "bash")))
                .hasMessageContaining("DNALLAMA_OPERATOR = bash: must be spark-submit or kubernetes");
    }

    /** Spark adds its own flags for Java 17 by itself; all that is left of ours must stand in DAG and manifests. */
    @Test
    void javaGetsWhatThePomNames() throws IOException {
        List<String> sparks = List.of(JavaModuleOptions.defaultModuleOptions().split(" "));
        String ours = List.of(Repository.property("jvm.modules").split(" ")).stream()
                .filter(flag -> !sparks.contains(flag))
                .collect(Collectors.joining(" "));
        assertThat(Files.readString(AirflowRun.DAG)).contains("JAVA_OPTIONS = \"" + ours + "\"");
        for (String name : List.of("data", "train")) {
            JsonNode conf = Repository.yaml(Repository.MANIFESTS.resolve("spark-application-" + name + ".yaml"))
                    .get(0)
                    .at("/spec/sparkConf");
            assertThat(conf.get("spark.driver.defaultJavaOptions").asText()).isEqualTo(ours);
            assertThat(conf.get("spark.executor.defaultJavaOptions").asText()).startsWith(ours + " ");
        }
    }
}
