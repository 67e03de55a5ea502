package org.dnallama.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.dnallama.model.Parameters;
import org.junit.jupiter.api.Test;

final class AdamWTest {

    @Test
    void twoStepsWorkedByHand() {
        Parameters theta = Toy.parameters(1);
        AdamW optimizer = new AdamW(Toy.with(0.01, 0), theta);

        // m = 0.2, v = 0.004, so m/bc1 = 2 and sqrt(v/bc2) = 2: theta = 0.999 - 0.1 * 2 / (2 + 1e-8).
        double loss = optimizer.step(theta, Toy.field(x -> new double[] {2}), 0.1);
        assertThat(loss).isEqualTo(1);
        assertThat(Toy.values(theta)[0]).isCloseTo(0.8990000005, within(1e-15));

        // m = 0.08, bc1 = 0.19, v = 0.004996, bc2 = 0.001999: theta *= 0.999, then minus 0.1 * 0.42105 / 1.58090.
        optimizer.step(theta, Toy.field(x -> new double[] {-1}), 0.1);
        double move = 0.1 * (0.08 / 0.19) / (Math.sqrt(0.004996 / 0.001999) + 1e-8);
        assertThat(Toy.values(theta)[0]).isCloseTo(0.8990000005 * 0.999 - move, within(1e-14));
        assertThat(optimizer.steps()).isEqualTo(2);
        assertThat(optimizer.gradientEvaluations()).isEqualTo(2);
    }

    @Test
    void onlyDecayedBucketsDecay() {
        Parameters theta = Toy.parameters(new double[] {1, 2}, new double[] {3});
        new AdamW(Toy.with(0.5, 0), theta).step(theta, Toy.field(x -> new double[3]), 0.1);
        assertThat(Toy.values(theta)).containsExactly(0.95, 1.9, 3);
    }

    @Test
    void aFailedEvaluationLeavesNoTrace() {
        Parameters theta = Toy.parameters(1);
        AdamW optimizer = new AdamW(Toy.PLAIN, theta);
        GradientField broken = new ClippedField(Toy.field(x -> new double[] {Double.NaN}), 1);
        assertThatThrownBy(() -> optimizer.step(theta, broken, 0.1)).isInstanceOf(NotFiniteException.class);
        assertThat(Toy.values(theta)).containsExactly(1);
        assertThat(Toy.values(Toy.moment(optimizer, "m"))).containsExactly(0);
        assertThat(Toy.values(Toy.moment(optimizer, "v"))).containsExactly(0);
        assertThat(optimizer.steps()).isZero();
        assertThat(optimizer.gradientEvaluations()).isEqualTo(1);
    }
}
