package org.dnallama.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.spark.resource.ResourceInformation;
import org.dnallama.config.ConfigException;
import org.junit.jupiter.api.Test;

final class TaskGpusTest {

    private static ResourceInformation handed(String... addresses) {
        return new ResourceInformation(Gpus.RESOURCE, addresses);
    }

    @Test
    void aTaskTakesTheOneThatItIsHanded() {
        assertThat(Gpus.one(null)).isEmpty();
        assertThat(Gpus.one(handed("3"))).hasValue(3);
        assertThat(Gpus.ofTask()).as("outside of a task").isEmpty();
    }

    @Test
    void severalOrUnnumberedOnesAreRefused() {
        assertThatThrownBy(() -> Gpus.one(handed("0", "1")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(
                        "spark.task.resource.gpu.amount: a rank takes one GPU, and Spark hands it 2 (0, 1);"
                                + " set it to 1");
        assertThatThrownBy(() -> Gpus.one(handed("GPU-5a2f")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("GPU address GPU-5a2f: must be a number from 0; correct the discovery script");
    }
}
