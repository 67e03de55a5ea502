package org.dnallama.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The job on executors in processes of their own. */
@Tag("cluster")
class IngestClusterTest {

    private static final String CLUSTER = "local-cluster[2,1,1024]";

    // What lets executors find their classes without a Spark installation.
    private static final Map<String, String> PROPERTIES = Map.of(
            "spark.executor.extraClassPath", System.getProperty("java.class.path"),
            "spark.executorEnv.SPARK_TESTING", "1",
            "spark.executorEnv.SPARK_SCALA_VERSION", "2.12",
            "spark.executor.memory", "512m",
            "spark.driver.host", "127.0.0.1",
            "spark.driver.bindAddress", "127.0.0.1",
            "spark.extraListeners", Killer.class.getName());

    @TempDir
    Path folder;

    /** Kills an executor of this process when a task of a given number has ended. */
    public static final class Killer extends SparkListener {

        static final AtomicInteger TASKS_LEFT = new AtomicInteger(-1);
        static final AtomicInteger KILLED = new AtomicInteger();

        @Override
        public void onTaskEnd(SparkListenerTaskEnd end) {
            if (TASKS_LEFT.getAndDecrement() == 0) {
                ProcessHandle.current()
                        .descendants()
                        // Command lines with a whole class path are too long for Java to tell.
                        .filter(process -> process.info().command().orElse("").endsWith("java"))
                        .findFirst()
                        .ifPresent(executor -> KILLED.addAndGet(executor.destroyForcibly() ? 1 : 0));
            }
        }
    }

    @BeforeEach
    void setProperties() {
        PROPERTIES.forEach(System::setProperty);
        Killer.TASKS_LEFT.set(-1);
        Killer.KILLED.set(0);
    }

    @AfterEach
    void clearProperties() {
        PROPERTIES.keySet().forEach(System::clearProperty);
    }

    private Job.Outcome ingest(String master, String output, Path fasta) {
        List<String> arguments = new ArrayList<>(List.of(
                "ingest.fasta=\"" + fasta + "\"",
                "ingest.output=\"" + folder.resolve(output) + "\"",
                "ingest.window=100",
                "ingest.stride=100",
                "ingest.rangeBases=5000",
                "ingest.split.regionBases=1000",
                "ingest.shards=2"));
        return Job.run(master, arguments.toArray(String[]::new));
    }

    @Test
    void aKilledExecutorChangesNothing() throws IOException {
        Path fasta = Job.plain(folder.resolve("a.fa"), Job.contig("a", 100_000, 1));
        Job.Outcome quiet = ingest("local[1]", "quiet", fasta);
        assertThat(quiet.exitCode()).as(quiet.err()).isZero();
        // The index is there now: one task for the checksum, then eight for the ranges; the fourth is the signal.
        Killer.TASKS_LEFT.set(4);
        Job.Outcome killed = ingest(CLUSTER, "killed", fasta);
        assertThat(killed.exitCode()).as(killed.err()).isZero();
        assertThat(Killer.KILLED).hasValue(1);
        Shards shards = new Shards(folder.resolve("killed"));
        assertThat(shards.manifest().path("shards"))
                .isEqualTo(new Shards(folder.resolve("quiet")).manifest().path("shards"));
    }

    @Test
    void twoExecutorsWriteTheBytesOfOne() throws IOException {
        Path fasta = Job.plain(folder.resolve("a.fa"), Job.contig("a", 100_000, 1));
        Shards shards = new Shards(folder.resolve("shards"));
        assertThat(ingest("local[1]", "shards", fasta).exitCode()).isZero();
        Map<String, String> one = shards.bytes();
        IngestBenchCommand.delete(shards.folder());
        Job.Outcome two = ingest(CLUSTER, "shards", fasta);
        assertThat(two.exitCode()).as(two.err()).isZero();
        assertThat(shards.bytes()).isEqualTo(one);
    }

    @Test
    void badInputThatAnExecutorFindsEndsWithExit3() throws IOException {
        String good = Job.contig("a", 20_000, 1);
        Path fasta = Job.plain(folder.resolve("bad.fa"), good.substring(0, 9000) + "!" + good.substring(9001));
        Job.Outcome run = ingest(CLUSTER, "shards", fasta);
        assertThat(run.exitCode()).as(run.err()).isEqualTo(3);
        assertThat(run.err()).contains("bad.fa: '!' is no nucleotide code (contig a, position ");
        assertThat(Files.exists(folder.resolve("shards"))).isFalse();
    }
}
