package org.dnallama.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.dnallama.deploy.Launcher.Outcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the launcher hands to spark-submit; nothing is submitted. */
class LauncherTest {

    private static final Path PROFILES =
            Launcher.SCRIPT.resolveSibling("../conf/cluster").normalize();

    @TempDir
    Path folder;

    private Outcome run(String... arguments) throws IOException, InterruptedException {
        return new Launcher(folder, Map.of()).run(arguments);
    }

    @Test
    void withoutAClusterAJobRunsOnThisMachine() throws Exception {
        Outcome outcome = run("--dry-run", "ingest", "--set", "ingest.output=out");
        assertThat(outcome.code()).isZero();
        assertThat(outcome.words())
                .contains("--add-modules=jdk.incubator.vector", "-Xmx4g", "org.dnallama.ingest.IngestMain")
                .endsWith("ingest", "--set", "ingest.output=out");
    }

    @Test
    void aJobGoesToSparkSubmitWithWhatItsJvmsNeed() throws Exception {
        Outcome outcome =
                run("ingest", "--conf", "my.conf", "--dry-run", "--", "--master", "yarn", "--num-executors", "8");
        assertThat(outcome.code()).isZero();
        assertThat(outcome.words().get(0)).endsWith("/bin/spark-submit");
        assertThat(outcome.words())
                .containsSequence("--class", "org.dnallama.ingest.IngestMain")
                .containsSequence("--master", "yarn", "--num-executors", "8");
        List<String> end = outcome.words()
                .subList(outcome.words().size() - 4, outcome.words().size());
        assertThat(end.get(0)).matches(".*/genome-ingest/target/genome-ingest-.*-spark\\.jar");
        assertThat(end.subList(1, 4)).containsExactly("ingest", "--conf", "my.conf");
        for (String process : List.of("driver", "executor")) {
            assertThat(outcome.property("spark." + process + ".defaultJavaOptions"))
                    .contains("--add-modules=jdk.incubator.vector", "--add-opens=java.base/java.nio=ALL-UNNAMED");
        }
        // Two executors of a machine that unpack natives into one folder at the same time crash.
        assertThat(outcome.property("spark.executor.defaultJavaOptions"))
                .contains("-Dorg.bytedeco.javacpp.cachedir=./javacpp");
    }

    static Stream<String> profiles() throws IOException {
        try (Stream<Path> files = Files.list(PROFILES)) {
            return files
                    .map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".conf"))
                    .map(name -> name.replace(".conf", ""))
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    @ParameterizedTest
    @MethodSource("profiles")
    void everyProfileMakesACommand(String profile) throws Exception {
        Outcome outcome = run(
                "--dry-run",
                "evaluate",
                "--set",
                "evaluate.output=o",
                "--cluster",
                profile,
                "--",
                "--master",
                "local[1]");
        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.code()).isZero();
        assertThat(outcome.words()).noneMatch(word -> word.contains("$DNALLAMA_HOME"));
        assertThat(outcome.property("spark.dynamicAllocation.enabled")).isEqualTo("false");
        assertThat(outcome.property("spark.executor.memoryOverhead")).isNotEmpty();
    }

    @Test
    void profilesOnSharedClustersAuthenticateAndEncrypt() throws Exception {
        for (String profile : List.of("yarn-client", "yarn-cluster", "yarn-gpu", "kubernetes", "kubernetes-gpu")) {
            Outcome outcome = run("--dry-run", "evaluate", "--cluster", profile, "--", "--master", "yarn");
            for (String key : List.of(
                    "spark.authenticate",
                    "spark.network.crypto.enabled",
                    "spark.io.encryption.enabled",
                    "spark.acls.enable")) {
                assertThat(outcome.property(key)).as("%s of %s", key, profile).isEqualTo("true");
            }
        }
    }

    @Test
    void aProfileForGpusAsksForOneARank() throws Exception {
        Outcome outcome = run("--dry-run", "pretrain", "--cluster", "yarn-gpu");
        assertThat(outcome.property("spark.executor.resource.gpu.amount")).isEqualTo("1");
        assertThat(outcome.property("spark.task.resource.gpu.amount")).isEqualTo("1");
        assertThat(Path.of(outcome.property("spark.yarn.dist.files"))).isExecutable();
    }

    @Test
    void aRankThatTrainsHasAllCoresOfItsExecutor() throws Exception {
        assertThat(run("--dry-run", "pretrain", "--cluster", "yarn-client", "--", "--executor-cores", "6")
                        .property("spark.task.cpus"))
                .isEqualTo("6");
        assertThat(run("--dry-run", "finetune", "--cluster", "yarn-client").property("spark.task.cpus"))
                .isEqualTo("4");
        assertThat(run("--dry-run", "ingest", "--cluster", "yarn-client").property("spark.task.cpus"))
                .isEmpty();
    }

    @Test
    void aDriverOnAWorkerGetsTheFlagsAlthoughStandaloneClustersKnowNoDefaultOnes() throws Exception {
        List<String> words = run(
                        "--dry-run",
                        "ingest",
                        "--cluster",
                        "standalone",
                        "--master",
                        "spark://host:7077",
                        "--deploy-mode",
                        "cluster",
                        "--",
                        "--conf",
                        "spark.driver.extraJavaOptions=-Dmine=1")
                .words();
        assertThat(words.get(words.lastIndexOf("--driver-java-options") + 1))
                .contains("--add-modules=jdk.incubator.vector", "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED")
                .endsWith(" -Dmine=1");
    }

    @Test
    void whatTheUserGivesWins() throws Exception {
        Launcher launcher = new Launcher(folder, Map.of("DNALLAMA_MEMORY", "9g", "DNALLAMA_JARS", "hdfs:///jars"));
        Outcome outcome = launcher.run(
                "--dry-run", "pretrain", "--cluster", "yarn-client", "--", "--conf", "spark.executor.instances=7");
        assertThat(outcome.property("spark.driver.memory")).isEqualTo("9g");
        assertThat(outcome.property("spark.executor.instances")).isEqualTo("7");
        assertThat(outcome.words()).anyMatch(word -> word.matches("hdfs:///jars/training-job-.*-spark\\.jar"));
    }

    @Test
    void profilesOfTheUsersOwnCanIncludeAndFollowOthers() throws Exception {
        Path own = Files.writeString(folder.resolve("own.conf"), """
                # Ours.
                include %s/yarn-client
                spark.yarn.queue  genomics
                """.formatted(folder.relativize(PROFILES)));
        Outcome outcome = run("--dry-run", "ingest", "--cluster", own.toString(), "--cluster=s3a");
        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.property("spark.yarn.queue")).isEqualTo("genomics");
        assertThat(outcome.property("spark.hadoop.fs.s3a.committer.name")).isEqualTo("magic");
        assertThat(outcome.words()).containsSequence("--master", "yarn");
    }

    @Test
    void aDriverOnTheClusterGetsTheSettingsThemselves() throws Exception {
        Path conf = Files.writeString(folder.resolve("my.conf"), """
                ingest { fasta = [${DATA}/a.fa, "b*.fa"], output = "hdfs:///out", window = 100 }
                seed = 7
                """);
        Outcome outcome = new Launcher(folder, Map.of("DATA", "hdfs:///data"))
                .run("--dry-run", "ingest", "--overwrite", "--conf", conf.toString(), "--cluster", "yarn-cluster");
        assertThat(outcome.err()).isEmpty();
        List<String> words = outcome.words();
        int jar = words.indexOf(words.stream()
                .filter(word -> word.endsWith("-spark.jar"))
                .findFirst()
                .orElseThrow());
        assertThat(words.subList(jar + 1, words.size()))
                .containsExactly(
                        "ingest",
                        "--overwrite",
                        "--set",
                        "ingest.fasta=[\"hdfs:///data/a.fa\",\"b*.fa\"]",
                        "--set",
                        "ingest.output=\"hdfs:///out\"",
                        "--set",
                        "ingest.window=100",
                        "--set",
                        "seed=7");
    }

    @Test
    void aBadSettingIsFoundBeforeAnythingIsSubmitted() throws Exception {
        Outcome outcome = run("ingest", "--set", "ingest.windw=3", "--cluster", "yarn-cluster", "--dry-run");
        assertThat(outcome.code()).isEqualTo(2);
        assertThat(outcome.err()).contains("ingest.windw: unknown key");
        assertThat(outcome.out()).isEmpty();
    }

    @Test
    void mistakesAreNamedWithTheirRemedy() throws Exception {
        assertThat(run("ingest", "--cluster", "yarm", "--dry-run").err())
                .contains("--cluster yarm: there is no such file and no such profile", "yarn-cluster");
        assertThat(run("ingest", "--cluster", "standalone", "--dry-run").err())
                .contains("which cluster? give --master URL");
        Outcome noSpark = new Launcher(folder, Map.of("SPARK_HOME", "/nowhere")).run("ingest", "--master", "yarn");
        assertThat(noSpark.err())
                .contains("SPARK_HOME = /nowhere has no bin/spark-submit; set it to a Spark 3.5 for Scala 2.12");
        assertThat(noSpark.code()).isEqualTo(2);
    }

    private List<String> complete(String... words) throws IOException, InterruptedException {
        String script = "source %s; COMP_WORDS=(\"$@\"); COMP_CWORD=$(($# - 1)); _dna_llama; echo \"${COMPREPLY[@]}\""
                .formatted(Launcher.SCRIPT.resolveSibling("completion/dna-llama.bash"));
        List<String> command = new ArrayList<>(List.of("bash", "-c", script, "bash", Launcher.SCRIPT.toString()));
        command.addAll(List.of(words));
        Process process = new ProcessBuilder(command).start();
        String completions = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isZero();
        return List.of(completions.strip().split(" ", -1));
    }

    @Test
    void theShellCompletesWhatTheLauncherKnows() throws Exception {
        List<String> commands = run("--help")
                .out()
                .lines()
                .dropWhile(line -> !line.equals("Commands:"))
                .skip(1)
                .takeWhile(line -> !line.isEmpty())
                // What goes on in a second line is indented further.
                .filter(line -> line.matches(" {2}[a-z].*"))
                .map(line -> line.strip().split(" ", 2)[0])
                .toList();
        assertThat(complete("")).containsAll(commands).hasSize(commands.size() + 3);
        assertThat(complete("pre")).containsExactly("pretrain");
        assertThat(complete("pretrain", "--cluster", "yarn-g")).containsExactly("yarn-gpu");
        assertThat(complete("pretrain", "--pre")).containsExactly("--preflight");
    }
}
