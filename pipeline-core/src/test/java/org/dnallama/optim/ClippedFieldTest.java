package org.dnallama.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.dnallama.model.Parameters;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ClippedFieldTest {

    private final Parameters theta = Toy.parameters(new double[] {0}, new double[] {0});
    private final Parameters gradient = theta.zerosLike();

    private ClippedField threeFour(double clipNorm) {
        ClippedField field = new ClippedField(Toy.field(x -> new double[] {3, 4}), clipNorm);
        assertThat(field.evaluate(theta, BatchPortion.WHOLE, gradient)).isEqualTo(1);
        return field;
    }

    @Test
    void aLongGradientIsScaledOverAllBucketsTogether() {
        assertThat(threeFour(1).gradientNorm()).isEqualTo(5);
        assertThat(Toy.values(gradient)[0]).isCloseTo(0.6, within(1e-15));
        assertThat(Toy.values(gradient)[1]).isCloseTo(0.8, within(1e-15));
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 5, 7})
    void aShortGradientIsLeftAloneAndSoIsAnyWithoutABound(double clipNorm) {
        assertThat(threeFour(clipNorm).gradientNorm()).isEqualTo(5);
        assertThat(Toy.values(gradient)).containsExactly(3, 4);
    }

    @Test
    void whatIsNotFiniteEndsTraining() {
        GradientField nanLoss = (at, portion, target) -> Double.NaN;
        assertThatThrownBy(() -> new ClippedField(nanLoss, 1).evaluate(theta, BatchPortion.WHOLE, gradient))
                .isInstanceOf(NotFiniteException.class)
                .hasMessageContaining("the loss is NaN");
        GradientField infinite = Toy.field(x -> new double[] {Double.POSITIVE_INFINITY, 0});
        assertThatThrownBy(() -> new ClippedField(infinite, 0).evaluate(theta, BatchPortion.WHOLE, gradient))
                .isInstanceOf(NotFiniteException.class)
                .hasMessageContaining("the gradient's norm Infinity");
    }
}
