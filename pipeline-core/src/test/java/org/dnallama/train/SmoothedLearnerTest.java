package org.dnallama.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.dnallama.compute.ReferenceBackend;
import org.dnallama.model.Parameters;
import org.dnallama.model.TensorSpec;
import org.junit.jupiter.api.Test;

final class SmoothedLearnerTest {

    private final Parameters theta = new Parameters(
            new ReferenceBackend(), List.of(List.of(new TensorSpec("x", List.of(1), TensorSpec.Decay.DECAYED))));

    /** Moves by 1 at each step, so many steps a turn. */
    private final class Walk implements Learner {
        private final int steps;

        Walk(int steps) {
            this.steps = steps;
        }

        @Override
        public Turn learn(long done, long most) {
            set(value(theta) + steps);
            return new Turn(steps, 0, Map.of());
        }

        @Override
        public long gradientEvaluations() {
            return 7;
        }

        @Override
        public Map<String, Parameters> state() {
            return Map.of("m", theta);
        }

        @Override
        public void resume(long step, long gradientEvaluations) {}

        @Override
        public void close() {}
    }

    private static double value(Parameters parameters) {
        return ReferenceBackend.values(parameters.buffer("x"))[0];
    }

    private void set(double value) {
        ReferenceBackend.set(theta.buffer("x"), value);
    }

    @Test
    void averagesByTheFormula() {
        set(10);
        SmoothedLearner smoothed = new SmoothedLearner(new Walk(1), 0.25, theta);
        smoothed.learn(0, 9);
        // d = 2/11 is less than the decay.
        double first = 2.0 / 11 * 10 + 9.0 / 11 * 11;
        assertThat(value(smoothed.average())).isCloseTo(first, within(1e-12));
        smoothed.learn(1, 8);
        // d = min(1/4, 3/12): the decay.
        assertThat(value(smoothed.average())).isCloseTo(0.25 * first + 0.75 * 12, within(1e-12));
        assertThat(value(theta)).as("the weights themselves").isEqualTo(12);
        assertThat(smoothed.state()).containsOnlyKeys("m", "average").containsEntry("average", smoothed.average());
        assertThat(smoothed.gradientEvaluations()).isEqualTo(7);
    }

    @Test
    void aTurnOfManyStepsForgetsAsManyTimes() {
        set(0);
        SmoothedLearner smoothed = new SmoothedLearner(new Walk(3), 0.5, theta);
        smoothed.learn(97, 3);
        // 98 / 107 is more than the decay, so d = 1/2, three times.
        assertThat(value(smoothed.average())).isCloseTo(7.0 / 8 * 3, within(1e-12));
    }

    @Test
    void standsInForTheWeightsAndGivesThemBack() {
        SmoothedLearner smoothed = new SmoothedLearner(new Walk(1), 0.5, theta);
        smoothed.learn(0, 9);
        double average = value(smoothed.average());
        smoothed.within(() -> assertThat(value(theta)).isEqualTo(average));
        assertThat(value(theta)).isEqualTo(1);
        assertThatThrownBy(() -> smoothed.within(() -> {
                    throw new IllegalStateException("measuring failed");
                }))
                .hasMessage("measuring failed");
        assertThat(value(theta)).isEqualTo(1);
    }
}
