package org.dnallama.deploy.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FileStatus;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** The launcher, the job jars and the profiles on a real YARN and HDFS, with the driver on the cluster. */
@Tag("cluster")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class YarnTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    static Path folder;

    private static Yarn yarn;
    private static Path profile;

    @BeforeAll
    static void startCluster() throws Exception {
        yarn = Yarn.start(folder.resolve("cluster"));
        Path gpus = Files.writeString(folder.resolve("discover-gpus"), """
                #!/usr/bin/env bash
                echo '{"name": "gpu", "addresses": ["0"]}'
                """);
        assertThat(gpus.toFile().setExecutable(true)).isTrue();
        // The profile that users have, on machines that have no GPU and little memory.
        profile = Files.writeString(folder.resolve("yarn.conf"), """
                include %s/conf/cluster/yarn-gpu
                spark.yarn.queue  genomics
                spark.yarn.dist.files  %s
                spark.yarn.jars  local:%s/jars/*
                spark.executor.cores  1
                spark.driver.memory  512m
                spark.driver.memoryOverhead  512m
                spark.executor.memory  512m
                spark.executor.memoryOverhead  1g
                spark.yarn.appMasterEnv.JAVA_HOME  %s
                spark.executorEnv.JAVA_HOME  %s
                spark.yarn.appMasterEnv.SPARK_LOCAL_IP  127.0.0.1
                spark.executorEnv.SPARK_LOCAL_IP  127.0.0.1
                """.formatted(
                        folder.relativize(Launch.ROOT),
                        gpus,
                        Launch.SPARK_HOME,
                        System.getProperty("java.home"),
                        System.getProperty("java.home")));
        yarn.files().copyFromLocalFile(local(Launch.demoData(folder)), new org.apache.hadoop.fs.Path("/data"));
    }

    @AfterAll
    static void stopCluster() {
        yarn.close();
    }

    private static org.apache.hadoop.fs.Path local(Path path) {
        return new org.apache.hadoop.fs.Path(path.toUri());
    }

    private static Launch start(String command, String... settings) throws IOException {
        List<String> line = new ArrayList<>(List.of(
                command,
                "--cluster",
                profile.toString(),
                "--conf",
                Launch.ROOT.resolve("conf/demo.conf").toString()));
        for (String setting : settings) {
            line.addAll(List.of("--set", setting));
        }
        return Launch.start(folder, Map.of("HADOOP_CONF_DIR", yarn.clientConf().toString()), line);
    }

    /** What the launcher said, and all containers of the newest application. */
    private static String story(Launch job) throws IOException {
        StringBuilder story = new StringBuilder(job.text());
        try (Stream<Path> logs = Files.walk(folder.resolve("cluster/data"))) {
            for (Path file : logs.filter(it -> it.toString().contains(yarn.newestApplication()))
                    .filter(it -> it.endsWith("stderr") || it.endsWith("stdout"))
                    .toList()) {
                story.append("\n== ").append(file).append('\n').append(Files.readString(file));
            }
        }
        return story.toString();
    }

    private static JsonNode status(String output) throws IOException {
        try (InputStream in = yarn.files().open(new org.apache.hadoop.fs.Path(output + ".status.json"))) {
            return JSON.readTree(in);
        }
    }

    private static void assertDone(Launch job, String output) throws Exception {
        assertThat(job.code()).as(story(job)).isZero();
        assertThat(yarn.files().exists(new org.apache.hadoop.fs.Path(output, "_SUCCESS")))
                .isTrue();
        assertThat(status(output).path("state").asText()).isEqualTo("done");
        assertThat(status(output).path("exitCode").asInt(-1)).isZero();
        assertThat(status(output).path("applicationId").asText()).isEqualTo(yarn.newestApplication());
    }

    @Test
    @Order(1)
    void badInputEndsWithItsCodeAndCause() throws Exception {
        try (var out = yarn.files().create(new org.apache.hadoop.fs.Path("/bad.fa"))) {
            out.write(">c\nACGTJ\n".getBytes(StandardCharsets.US_ASCII));
        }
        Launch job = start("ingest", "ingest.fasta=\"/bad.fa\"", "ingest.output=/bad");
        assertThat(job.code()).as(story(job)).isEqualTo(3);
        assertThat(job.text())
                .contains("ingest failed with exit code 3", "bad.fa: 'J' is no nucleotide code", "yarn logs");
        assertThat(status("/bad").path("state").asText()).isEqualTo("failed");
        assertThat(status("/bad").path("exitCode").asInt()).isEqualTo(3);
        assertThat(yarn.files().exists(new org.apache.hadoop.fs.Path("/bad"))).isFalse();
    }

    @Test
    @Order(2)
    void ingests() throws Exception {
        Launch job = start(
                "ingest",
                "ingest.fasta=[\"/data/genome/demo1.fa\", \"/data/genome/demo2.fa.gz\"]",
                "ingest.output=/shards");
        assertDone(job, "/shards");
    }

    @Test
    @Order(3)
    void twoRanksWithAGpuEachTrainOnThoughOneIsKilled() throws Exception {
        Launch job = start(
                "pretrain",
                "pretrain.shards=/shards",
                "pretrain.output=/model",
                "pretrain.steps=40",
                "pretrain.training.lanes=1",
                "pretrain.training.checkpointEvery=5",
                "cluster.ranks=2",
                "cluster.timeoutSeconds=20");
        awaitCheckpoint(job);
        assertThat(yarn.gpusInUse()).isEqualTo(2);
        List<ProcessHandle> executors = executors();
        assertThat(executors).as(story(job)).hasSize(2);
        executors.get(1).destroyForcibly();
        assertDone(job, "/model");
        assertThat(story(job)).contains("Lost executor");
    }

    private static void awaitCheckpoint(Launch job) throws Exception {
        long start = System.nanoTime();
        while (!hasCheckpoint()) {
            assertThat(job.process().isAlive()).as(story(job)).isTrue();
            assertThat(System.nanoTime() - start)
                    .as(story(job))
                    .isLessThan(TimeUnit.SECONDS.toNanos(Launch.LIMIT_SECONDS));
            Thread.sleep(50);
        }
    }

    private static boolean hasCheckpoint() throws IOException {
        FileStatus[] found = yarn.files().globStatus(new org.apache.hadoop.fs.Path("/.model.incomplete/trainer/*/*"));
        return found != null && found.length > 0;
    }

    /** Executors are processes that node managers, which live in this one, have started. */
    private static List<ProcessHandle> executors() {
        return ProcessHandle.current()
                .descendants()
                .filter(process -> commandLine(process).contains("YarnCoarseGrainedExecutorBackend"))
                .filter(process -> process.info().command().orElse("").endsWith("java"))
                .toList();
    }

    // Java itself tells no command lines as long as those of executors.
    private static String commandLine(ProcessHandle process) {
        try {
            return Files.readString(Path.of("/proc", Long.toString(process.pid()), "cmdline"));
        } catch (IOException gone) {
            return "";
        }
    }

    @Test
    @Order(4)
    void finetunesAndEvaluates() throws Exception {
        Launch finetune = start(
                "finetune",
                "finetune.data=/data/promoters",
                "finetune.from=/model",
                "finetune.output=/classifier",
                "finetune.training.lanes=1");
        assertDone(finetune, "/classifier");
        Launch evaluate = start(
                "evaluate",
                "evaluate.model=/classifier",
                "evaluate.data=/data/promoters/test.csv",
                "evaluate.output=/evaluation");
        assertDone(evaluate, "/evaluation");
        List<String> names = Arrays.stream(yarn.files().listStatus(new org.apache.hadoop.fs.Path("/evaluation")))
                .map(file -> file.getPath().getName())
                .toList();
        assertThat(names).contains("metrics.json", "predictions", "report.html", "manifest.json");
    }
}
