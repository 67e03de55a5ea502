package org.dnallama.training.preflight;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.FsStatus;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.spark.SparkConf;
import org.dnallama.config.ConfigException;
import org.dnallama.config.InputException;
import org.dnallama.plan.Plan;
import org.dnallama.plan.Use;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Memory, disks, machines and shards. */
final class RoomTest {

    private static final long GIB = 1L << 30;

    /** A model of 2^28 numbers: 1 GiB. */
    private static final Plan PLAN = new Plan(
            GIB / 4,
            GIB / 4,
            Map.of(Use.WEIGHTS, GIB, Use.OPTIMIZER, 2 * GIB, Use.ACTIVATIONS, 3 * GIB),
            GIB,
            4 * GIB,
            GIB,
            1,
            GIB,
            1,
            1);

    private final Findings findings = new Findings();

    @TempDir
    private Path folder;

    private static Host host(String executor, String name, long memory, long heap) {
        return new Host(executor, name, memory, heap, GIB, "/cache", GIB, List.of(), "");
    }

    private static SparkConf conf(String master) {
        return new SparkConf(false).setMaster(master);
    }

    @Test
    void memoryBesideTheHeapMustHoldThePlan() {
        new Memory(PLAN, 1).look(conf("local[2]"), List.of(host("driver", "here", 8 * GIB, 2 * GIB)), findings);
        assertThatCode(findings::check).doesNotThrowAnyException();

        new Memory(PLAN, 1).look(conf("local[2]"), List.of(host("driver", "here", 8 * GIB, 3 * GIB)), findings);
        assertThatThrownBy(findings::check)
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(
                        "memory of here = 8.00 GiB: 5.00 GiB of it are left beside heaps of 3.00 GiB, and a rank"
                                + " needs 6.00 GiB (weights 1.00, optimizer 2.00, activations 3.00); make training.microBatch");
    }

    @Test
    void executorsOfOneMachineShareItsMemory() {
        List<Host> two = List.of(host("0", "there", 16 * GIB, 2 * GIB), host("1", "there", 16 * GIB, 3 * GIB));
        new Memory(PLAN, 1).look(conf("spark://h:7077"), two, findings);
        assertThatThrownBy(findings::check)
                .hasMessageContaining("memory of there = 16.00 GiB: 11.00 GiB of it are left beside heaps of 5.00 GiB")
                .hasMessageContaining(" on each of 2 executors; ");
    }

    @Test
    void containersAreHeldToTheirOverhead() {
        List<Host> executors = List.of(host("0", "there", 64 * GIB, GIB));
        new Memory(PLAN, 2).look(conf("yarn").set("spark.executor.memory", "20g"), executors, findings);
        new Memory(PLAN, 1).look(conf("k8s://x").set("spark.executor.memoryOverhead", "5g"), executors, findings);
        new Memory(PLAN, 1).look(conf("k8s://x").set("spark.executor.memoryOverhead", "6144"), executors, findings);
        assertThatThrownBy(findings::check)
                .hasMessageStartingWith("The configuration has 2 errors:")
                .hasMessageContaining(
                        "spark.executor.memoryOverhead = 2048m: 2 ranks need 12.00 GiB, each (weights 1.00,")
                .hasMessageContaining("besides the heap; set it to 12672m or more, or make training.microBatch")
                .hasMessageContaining("spark.executor.memoryOverhead = 5120m: a rank needs 6.00 GiB (weights 1.00,");
    }

    @Test
    void checkpointsNeedADisk() throws Exception {
        FileSystem nearlyFull = new RawLocalFileSystem() {
            @Override
            public FsStatus getStatus(org.apache.hadoop.fs.Path place) {
                return new FsStatus(100 * GIB, 92 * GIB, 8 * GIB);
            }
        };
        nearlyFull.initialize(URI.create("file:///"), new Configuration(false));
        Disk.look(new org.apache.hadoop.fs.Path(folder + "/not/yet"), nearlyFull, PLAN, findings);
        assertThatThrownBy(findings::check)
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(
                        folder + "/not/yet: its disk has 8.00 GiB free, but two checkpoints and the model take"
                                + " 9.00 GiB; make room there or choose another output");
    }

    @Test
    void machinesAreLookedAt() {
        List<Host> executors =
                List.of(new Host("0", "there", GIB, GIB, 1L << 26, "/cache", GIB / 2, List.of("0", "1"), "refused"));
        Machines.libraries(executors, findings);
        Machines.network(executors, findings);
        Machines.sharedMemory(executors, findings);
        Machines.gpus(executors, 1, findings);
        assertThatThrownBy(findings::check)
                .hasMessageContaining(
                        "/cache on there: has room for 0.50 GiB, native libraries take up to 1 GiB; make room"
                                + " there, or name a folder elsewhere with -Dorg.bytedeco.javacpp.cachedir")
                .hasMessageContaining(
                        "spark.executor.resource.gpu.amount = 1: executor 0 on there has 2 (0, 1); let the"
                                + " discovery script print those of the executor alone, or set it to 2")
                .hasMessageContaining("there: nobody can connect to a port there by this name (refused); correct DNS")
                .hasMessageContaining("/dev/shm on there: has 0.06 GiB free, NCCL needs 1 GiB; give containers more");
    }

    @Test
    void aHostThatNobodyKnowsIsFound() {
        Host lost = Host.here("driver", "no-such-host.invalid");
        Machines.network(List.of(lost, Host.here("driver", "localhost")), findings);
        assertThatThrownBy(findings::check)
                .hasMessageStartingWith("The configuration has 1 error:\n  - no-such-host.invalid: nobody can connect")
                .hasMessageContaining("UnknownHost");
    }

    @Test
    void shardsAreComparedWithTheirManifest() throws Exception {
        Path shards = folder.resolve("shards");
        Files.createDirectories(shards.resolve("split=train"));
        ShardFiles.look(shards.toString(), new Configuration(false), findings);
        Files.writeString(shards.resolve("_SUCCESS"), "");
        Files.writeString(
                shards.resolve("manifest.json"),
                "{\"shards\":[{\"file\":\"split=train/a\",\"bytes\":3},{\"file\":\"split=train/b\",\"bytes\":3},"
                        + "{\"file\":\"split=train/c\",\"bytes\":1000}]}");
        Files.writeString(shards.resolve("split=train/a"), "abc");
        Files.writeString(shards.resolve("split=train/b"), "ab");
        ShardFiles.look(shards.toString(), new Configuration(false), findings);
        assertThatThrownBy(findings::check)
                .isInstanceOf(InputException.class)
                .hasMessage(shards
                        + ": has no _SUCCESS, so it is not finished; run ingest again, or copy the folder anew\n"
                        + "  - " + shards + ": 2 of its 3 files are not as its manifest says: split=train/b has 2 bytes"
                        + " instead of 3, split=train/c is missing; run ingest again, or copy the folder anew");

        Files.writeString(shards.resolve("manifest.json"), "{\"shards\":[{\"file\":\"../x\",\"bytes\":3}]}");
        assertThatThrownBy(() -> ShardFiles.look(shards.toString(), new Configuration(false), findings))
                .isInstanceOf(InputException.class)
                .hasMessageContaining(
                        "manifest.json: shard '../x' is no name of a file in this folder such as split=train/part-00000.parquet;");
    }
}
