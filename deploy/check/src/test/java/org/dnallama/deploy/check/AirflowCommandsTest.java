package org.dnallama.deploy.check;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.deploy.SparkSubmit;
import org.dnallama.config.Seeds;
import org.dnallama.demo.DemoData;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The commands of the Airflow DAG, run for real against a cluster of two workers. Its master is what Airflow takes from
 * a connection; the classes of the jobs are those of the build, so the jar that a command names is empty.
 */
@Tag("cluster")
@Timeout(1800)
class AirflowCommandsTest {

    private static final long LIMIT_SECONDS = 400;
    private static final String RUN_ID = "manual__2026-11-25T08:00:00+00:00";

    @TempDir
    private Path folder;

    private Path data;
    private AirflowRun run;

    @BeforeEach
    void makeInputs() throws Exception {
        data = folder.resolve("dna-llama");
        DemoData.write(data, new Seeds(42));
        Path jars = Files.createDirectories(folder.resolve("jobs"));
        for (String module : List.of("genome-ingest", "training-job", "eval-job")) {
            SparkProcess.emptyJar(jars.resolve(module + "-" + Repository.version() + "-spark.jar"));
        }
        // The recipe that is shipped, but a smaller model, and not for long.
        Path conf = Files.writeString(
                folder.resolve("tiny.conf"),
                "include file(\"" + Repository.ROOT.resolve("conf/pipeline.conf") + "\")\n"
                        + "ingest { window = 300, stride = 300, minLength = 300 }\n"
                        + "model { dim = 16, layers = 1, hiddenDim = 32 }\n"
                        + "pretrain { steps = 4, validRows = 16, training.evaluateEvery = 4 }\n"
                        + "finetune { epochs = 1, maxRows = 256, maxDevRows = 64, training.evaluateEvery = 4 }\n");
        run = AirflowRun.of(
                folder.resolve("airflow"),
                3,
                Map.of("DNALLAMA_FOLDER", "file://" + data, "DNALLAMA_JARS", jars.toString()),
                RUN_ID,
                "{\"ranks\": 2, \"cores\": 1, \"conf\": \"" + conf + "\"}");
    }

    /** Runs a task's command as it is, but for the master, and for what finds classes without an installed Spark. */
    private String run(JsonNode task) throws Exception {
        List<String> command = AirflowRun.texts(task.get("command"));
        assertThat(command).startsWith("spark-submit", "--master", "MASTER");
        List<String> words = new ArrayList<>();
        words.add(SparkSubmit.class.getName());
        words.addAll(List.of("--master", "local-cluster[2,1,1024]"));
        Map<String, String> testing = Map.of(
                "spark.sql.shuffle.partitions", "4",
                "spark.ui.enabled", "false",
                "spark.driver.host", "127.0.0.1",
                "spark.driver.bindAddress", "127.0.0.1",
                "spark.executor.memory", "512m",
                "spark.executor.extraClassPath", System.getProperty("java.class.path"),
                "spark.executorEnv.SPARK_TESTING", "1",
                "spark.executorEnv.SPARK_SCALA_VERSION", "2.12");
        testing.forEach((key, value) -> words.addAll(List.of("--conf", key + "=" + value)));
        words.addAll(command.subList(3, command.size()));
        String name = AirflowRun.name(task) + task.get("mapIndex").asInt();
        Path log = folder.resolve(name + "-" + System.nanoTime() + ".log");
        try (SparkProcess job = SparkProcess.start(folder.resolve("work"), log, Map.of(), words)) {
            assertThat(job.exitCode(LIMIT_SECONDS)).as(name + ": " + job.log()).isZero();
            return job.log();
        }
    }

    @Test
    void aRunLeavesTheComparisonAndANextOneFindsNothingToDo() throws Exception {
        for (JsonNode task : run.jobs()) {
            run(task);
        }
        for (String optimizer : List.of("adamw", "kt4")) {
            JsonNode metrics = json("evaluation-" + optimizer + "/metrics.json");
            assertThat(metrics.get("count").asInt()).isEqualTo(500);
            assertThat(metrics.get("optimizer").asText()).isEqualTo(optimizer);
        }
        assertThat(data.resolve("comparison/report.html")).isRegularFile();
        assertThat(json("finetuned-kt4/manifest.json")
                        .at("/inputs/0/fingerprint")
                        .asText())
                .isNotEmpty();
        for (JsonNode task : run.jobs()) {
            for (String outlet : AirflowRun.texts(task.get("outlets"))) {
                assertThat(Path.of(URI.create(outlet))).isRegularFile();
            }
        }

        Map<Path, FileTime> before = times();
        for (String step : List.of("ingest", "pretrain", "contestant.finetune")) {
            JsonNode task = run.jobs().stream()
                    .filter(job -> AirflowRun.name(job).equals(step))
                    .findFirst()
                    .orElseThrow();
            assertThat(run(task)).containsPattern("(complete|finished) already");
        }
        assertThat(times()).isEqualTo(before);
    }

    private JsonNode json(String file) throws IOException {
        return new ObjectMapper().readTree(data.resolve(file).toFile());
    }

    /** When each file was written, but for those that tell of a run. */
    private Map<Path, FileTime> times() throws IOException {
        Map<Path, FileTime> times = new HashMap<>();
        try (var files = Files.walk(data)) {
            for (Path file : files.filter(Files::isRegularFile)
                    .filter(file -> !file.toString().contains(".status.json"))
                    .toList()) {
                times.put(file, Files.getLastModifiedTime(file));
            }
        }
        return times;
    }
}
