package org.dnallama.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.dnallama.compute.ReferenceBackend;
import org.dnallama.model.Parameters;
import org.dnallama.model.TensorSpec;
import org.junit.jupiter.api.Test;

final class LayeredLearnerTest {

    private static final List<String> NAMES = List.of(
            "model.embed_tokens.weight",
            "model.embed_3mers.weight",
            "model.layers.0.mlp.up_proj.weight",
            "model.layers.1.mlp.up_proj.weight",
            "model.norm.weight",
            "score.weight");

    private final Parameters theta = new Parameters(
            new ReferenceBackend(),
            NAMES.stream()
                    .map(name -> List.of(new TensorSpec(name, List.of(1), TensorSpec.Decay.DECAYED)))
                    .toList());

    /** Moves everything from 3 to 11. */
    private final Learner jump = new Learner() {
        @Override
        public Turn learn(long done, long most) {
            theta.specs().forEach(spec -> ReferenceBackend.set(theta.buffer(spec.name()), 11));
            return new Turn(1, 0, Map.of());
        }

        @Override
        public long gradientEvaluations() {
            return 1;
        }

        @Override
        public Map<String, Parameters> state() {
            return Map.of();
        }

        @Override
        public void resume(long steps, long gradientEvaluations) {}

        @Override
        public void close() {}
    };

    @Test
    void movesShrinkTowardsTheInput() {
        theta.specs().forEach(spec -> ReferenceBackend.set(theta.buffer(spec.name()), 3));
        new LayeredLearner(jump, 0.5, theta).learn(0, 1);
        double[] moves = NAMES.stream()
                .mapToDouble(name -> ReferenceBackend.values(theta.buffer(name))[0] - 3)
                .toArray();
        assertThat(moves).containsExactly(new double[] {1, 1, 2, 4, 8, 8}, within(1e-12));
    }
}
