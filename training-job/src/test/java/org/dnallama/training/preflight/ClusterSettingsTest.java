package org.dnallama.training.preflight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.OptionalInt;
import org.apache.spark.SparkConf;
import org.dnallama.config.ConfigException;
import org.junit.jupiter.api.Test;

final class ClusterSettingsTest {

    private static SparkConf conf(String master, String... pairs) {
        SparkConf conf = new SparkConf(false).setMaster(master);
        for (int i = 0; i < pairs.length; i += 2) {
            conf.set(pairs[i], pairs[i + 1]);
        }
        return conf;
    }

    private static Findings look(SparkConf conf, int ranks) {
        Findings findings = new Findings();
        ClusterSettings.look(conf, ranks, findings);
        return findings;
    }

    @Test
    void countsSlotsAsEachMasterGivesThem() {
        assertThat(Slots.read(conf("local")).all()).hasValue(1);
        assertThat(Slots.read(conf("local[3]")).all()).hasValue(3);
        assertThat(Slots.read(conf("local[3, 4]", "spark.task.cpus", "2")).all())
                .hasValue(1);
        assertThat(Slots.read(conf("local[*]")).all())
                .hasValue(Runtime.getRuntime().availableProcessors());
        assertThat(Slots.read(conf("local-cluster[2,3,1024]")).all()).hasValue(6);
        assertThat(Slots.read(conf("yarn", "spark.executor.instances", "4")).all())
                .hasValue(4);
        assertThat(Slots.read(conf("k8s://x", "spark.executor.instances", "2", "spark.executor.cores", "4"))
                        .all())
                .hasValue(8);
        assertThat(Slots.read(conf("spark://h:7077", "spark.cores.max", "8", "spark.executor.cores", "2"))
                        .all())
                .hasValue(8);
        assertThat(Slots.read(conf("spark://h:7077")).all()).isEqualTo(OptionalInt.empty());
        assertThat(Slots.read(conf(
                                "yarn",
                                "spark.executor.instances",
                                "2",
                                "spark.executor.cores",
                                "8",
                                "spark.executor.resource.gpu.amount",
                                "4",
                                "spark.task.resource.gpu.amount",
                                "1"))
                        .all())
                .hasValue(8);
    }

    @Test
    void allFindingsAreInOneMessage() {
        SparkConf conf = conf(
                "yarn",
                "spark.executor.instances",
                "2",
                "spark.dynamicAllocation.enabled",
                "true",
                "spark.task.resource.gpu.amount",
                "0.5",
                "spark.executor.resource.gpu.amount",
                "1");
        assertThatThrownBy(() -> look(conf, 4).check())
                .isInstanceOf(ConfigException.class)
                .hasMessage("The configuration has 3 errors:\n"
                        + "  - spark.dynamicAllocation.enabled = true: ranks that synchronize each step need executors that"
                        + " stay; set it to false, or cluster.sync = parameter-averaging\n"
                        + "  - cluster.ranks = 4: all ranks must run at the same time, and there is room for 2"
                        + " (spark.executor.instances = 2, spark.executor.cores = 1, spark.task.cpus = 1); give Spark more"
                        + " executors or cores, or make cluster.ranks smaller\n"
                        + "  - spark.task.resource.gpu.amount = 0.5: a rank takes one whole GPU; set it to 1");
    }

    @Test
    void gpusOfExecutorsAndTasksGoTogether() {
        assertThatThrownBy(() -> look(conf("yarn", "spark.task.resource.gpu.amount", "1"), 1)
                        .check())
                .hasMessageContaining("spark.executor.resource.gpu.amount is not set, but"
                        + " spark.task.resource.gpu.amount = 1: set it to the GPUs of an executor");
        assertThatThrownBy(() -> look(conf("yarn", "spark.executor.resource.gpu.amount", "2"), 1)
                        .check())
                .hasMessageContaining("spark.task.resource.gpu.amount is not set, but"
                        + " spark.executor.resource.gpu.amount = 2: set it to 1, a GPU for each rank");
        SparkConf idle = conf(
                "yarn",
                "spark.executor.instances",
                "2",
                "spark.executor.cores",
                "2",
                "spark.executor.resource.gpu.amount",
                "4",
                "spark.task.resource.gpu.amount",
                "1");
        assertThatThrownBy(() -> look(idle, 4).check())
                .hasMessageContaining(
                        "spark.executor.resource.gpu.amount = 4: an executor has cores for 2 ranks at once"
                                + " (spark.executor.instances = 2, spark.executor.cores = 2, spark.task.cpus = 1), each takes one"
                                + " GPU, so 2 would lie idle; set it to 2, or raise spark.executor.cores");
    }

    @Test
    void oneRankMayComeAndGo() {
        assertThatCode(() -> look(conf("yarn", "spark.dynamicAllocation.enabled", "true"), 1)
                        .check())
                .doesNotThrowAnyException();
    }
}
