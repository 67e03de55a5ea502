package org.dnallama.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.dnallama.compute.Backend;
import org.dnallama.compute.vector.VectorBackend;
import org.dnallama.config.Seeds;
import org.junit.jupiter.api.Test;

final class InitializationTest {

    private static final LlamaConfig SHAPE = new LlamaConfig(
            600,
            64,
            2,
            4,
            4,
            100,
            50,
            10000,
            RopeScaling.NONE,
            1e-5,
            false,
            new Extensions(List.of(4), true, Extensions.Attention.CAUSAL));

    /**
     * At least 3200 normal numbers: their deviation is off by 1 / sqrt(2 * 3200) = 1.3 %; five times that is allowed.
     */
    private static void assertDeviation(Initialization rule, String name, double expected) {
        Backend backend = new VectorBackend();
        try (Parameters theta = LlamaLayout.initialize(
                backend, SHAPE, LlamaLayout.groups(SHAPE, Head.CLASSIFIER, Pooling.FLAT), rule, new Seeds(1))) {
            float[] values = GradientCheck.values(theta, name);
            double sum = 0;
            for (float value : values) {
                sum += value * value;
            }
            assertThat(values).hasSizeGreaterThanOrEqualTo(3200);
            assertThat(Math.sqrt(sum / values.length)).as(name).isCloseTo(expected, within(0.065 * expected));
        }
    }

    @Test
    void fanInSpreadsByInputs() {
        Initialization rule = new Initialization(Initialization.Kind.FAN_IN, 0.02);
        // Two tables are added up.
        assertDeviation(rule, LlamaLayout.EMBEDDING, 0.5 / Math.sqrt(2));
        assertDeviation(rule, "model.embed_4mers.weight", 0.5 / Math.sqrt(2));
        assertDeviation(rule, LlamaLayout.POSITIONS, 0.1);
        assertDeviation(rule, LlamaLayout.POOL, 1.0 / 50);
        assertDeviation(rule, "model.layers.0.self_attn.q_proj.weight", 1.0 / 8);
        assertDeviation(rule, "model.layers.1.self_attn.o_proj.weight", 0.5 / 8);
        assertDeviation(rule, "model.layers.1.mlp.down_proj.weight", 0.5 / 10);
    }

    @Test
    void constantSpreadsAlikeButForTheResidualStream() {
        Initialization rule = Initialization.constant(0.3);
        assertDeviation(rule, LlamaLayout.EMBEDDING, 0.3);
        assertDeviation(rule, "model.layers.0.mlp.up_proj.weight", 0.3);
        assertDeviation(rule, "model.layers.0.mlp.down_proj.weight", 0.3 / 2);
        assertDeviation(rule, LlamaLayout.POOL, 1.0 / 50);
    }
}
