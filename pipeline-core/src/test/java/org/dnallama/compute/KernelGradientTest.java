package org.dnallama.compute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.dnallama.compute.ReferenceBackend.get;
import static org.dnallama.compute.ReferenceBackend.put;
import static org.dnallama.compute.ReferenceBackend.set;
import static org.dnallama.compute.ReferenceBackend.values;

import java.util.function.DoubleSupplier;
import java.util.random.RandomGenerator;
import org.dnallama.config.Seeds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every backward of the reference is the derivative of its forward: central differences of sum(weights * output). The
 * contract then carries the result over to the fast backends.
 */
final class KernelGradientTest {

    /** Truncation is about h^2 = 1e-10 and rounding 1e-16 / h = 1e-11 of a loss of size 10. */
    private static final double H = 1e-5;

    private static final double TOLERANCE = 1e-7;

    private final ReferenceBackend backend = new ReferenceBackend();
    private final RandomGenerator random = new Seeds(7).stream("gradients");

    private Buffer random(int length) {
        Buffer buffer = backend.allocate(length);
        set(buffer, random.doubles(length, -1.5, 1.5).toArray());
        return buffer;
    }

    private Matrix random(int rows, int columns) {
        return Matrix.of(random(rows * columns), rows, columns);
    }

    /** sum over i of weights[i] * output[i]. */
    private static double dot(Buffer weights, Buffer output) {
        double sum = 0;
        for (int i = 0; i < weights.length(); i++) {
            sum += get(weights, i) * get(output, i);
        }
        return sum;
    }

    /** Compares gradient - before with the loss's central differences by each number of an input. */
    private static void assertGradient(Buffer input, DoubleSupplier loss, Buffer gradient, double... before) {
        for (int i = 0; i < input.length(); i++) {
            double here = get(input, i);
            put(input, i, here + H);
            double above = loss.getAsDouble();
            put(input, i, here - H);
            double below = loss.getAsDouble();
            put(input, i, here);
            double difference = (above - below) / (2 * H);
            double analytic = get(gradient, i) - (before.length == 0 ? 0 : before[i]);
            assertThat(Math.abs(analytic - difference))
                    .as("number %d: %s, by differences %s", i, analytic, difference)
                    .isLessThan(TOLERANCE * (1 + Math.abs(difference)));
        }
    }

    @ParameterizedTest
    @EnumSource
    void linear(Into into) {
        Matrix x = random(3, 5);
        Matrix w = random(4, 5);
        Matrix y = random(3, 4);
        Matrix weights = random(3, 4);
        DoubleSupplier loss = () -> {
            backend.linear(y, x, w, Into.SET);
            return dot(weights.buffer(), y.buffer());
        };
        Matrix dx = random(3, 5);
        Matrix dw = random(4, 5);
        double[] dx0 = into == Into.ADD ? values(dx.buffer()) : new double[0];
        double[] dw0 = values(dw.buffer());
        backend.linearInputGradient(dx, weights, w, into);
        backend.linearWeightGradient(dw, weights, x);
        assertGradient(x.buffer(), loss, dx.buffer(), dx0);
        assertGradient(w.buffer(), loss, dw.buffer(), dw0);
    }

    @ParameterizedTest
    @EnumSource
    void rmsNorm(Into into) {
        Matrix x = random(3, 5);
        Buffer gain = random(5);
        Matrix y = random(3, 5);
        Buffer inverseRms = random(3);
        Matrix weights = random(3, 5);
        DoubleSupplier loss = () -> {
            backend.rmsNorm(y, inverseRms, x, gain, 1e-5);
            return dot(weights.buffer(), y.buffer());
        };
        backend.rmsNorm(y, inverseRms, x, gain, 1e-5);
        Matrix dx = random(3, 5);
        Buffer dGain = random(5);
        double[] dx0 = into == Into.ADD ? values(dx.buffer()) : new double[0];
        double[] dGain0 = values(dGain);
        backend.rmsNormBackward(dx, into, dGain, weights, x, gain, inverseRms);
        assertGradient(x.buffer(), loss, dx.buffer(), dx0);
        assertGradient(gain, loss, dGain, dGain0);
    }

    @Test
    void ropeIsUndoneByItsInverseWhichIsItsBackward() {
        int[] positions = {0, 2, 1};
        Matrix table = random(3, 4);
        for (int position = 0; position < 3; position++) {
            for (int i = 0; i < 2; i++) {
                put(table.buffer(), position * 4 + i, Math.cos(position * (i + 0.5)));
                put(table.buffer(), position * 4 + 2 + i, Math.sin(position * (i + 0.5)));
            }
        }
        Matrix x = random(3, 8);
        Matrix y = random(3, 8);
        Matrix weights = random(3, 8);
        Matrix dx = random(3, 8);
        DoubleSupplier loss = () -> {
            backend.copy(y.buffer(), x.buffer());
            backend.rope(y, 4, table, positions, Rotation.FORWARD);
            return dot(weights.buffer(), y.buffer());
        };
        backend.copy(dx.buffer(), weights.buffer());
        backend.rope(dx, 4, table, positions, Rotation.INVERSE);
        assertGradient(x.buffer(), loss, dx.buffer());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4})
    void attention(int kvHeads) {
        AttentionShape shape = new AttentionShape(2, 4, 4, kvHeads, 3);
        // Two documents seen causally, then one seen in both directions but for its first key.
        KeyRanges ranges = new KeyRanges(new int[] {0, 0, 2, 2, 0, 0, 1, 1}, new int[] {1, 2, 3, 4, 4, 4, 4, 4});
        Matrix qkv = random(8, (4 + 2 * kvHeads) * 3);
        Matrix out = random(8, 12);
        Buffer logSumExp = random(8 * 4);
        Matrix weights = random(8, 12);
        DoubleSupplier loss = () -> {
            backend.attention(out, logSumExp, qkv, ranges, shape);
            return dot(weights.buffer(), out.buffer());
        };
        backend.attention(out, logSumExp, qkv, ranges, shape);
        Matrix dQkv = random(8, (4 + 2 * kvHeads) * 3);
        backend.attentionBackward(dQkv, weights, out, logSumExp, qkv, ranges, shape);
        assertGradient(qkv.buffer(), loss, dQkv.buffer());
    }

    @Test
    void swiGlu() {
        Matrix gateUp = random(3, 10);
        Matrix y = random(3, 5);
        Matrix weights = random(3, 5);
        Matrix dGateUp = random(3, 10);
        backend.swiGluBackward(dGateUp, weights, gateUp);
        assertGradient(
                gateUp.buffer(),
                () -> {
                    backend.swiGlu(y, gateUp);
                    return dot(weights.buffer(), y.buffer());
                },
                dGateUp.buffer());
    }

    @Test
    void embedding() {
        int[] ids = {2, 0, 2, 3};
        Matrix table = random(4, 3);
        Matrix y = random(4, 3);
        Matrix weights = random(4, 3);
        Matrix dTable = random(4, 3);
        double[] before = values(dTable.buffer());
        backend.embeddingBackward(dTable, weights, ids);
        assertGradient(
                table.buffer(),
                () -> {
                    backend.embedding(y, Into.SET, table, ids);
                    return dot(weights.buffer(), y.buffer());
                },
                dTable.buffer(),
                before);
    }

    @Test
    void crossEntropy() {
        int[] targets = {2, -1, 0};
        double scale = 0.3;
        Matrix logits = random(3, 4);
        Matrix scratch = random(3, 4);
        Matrix gradient = random(3, 4);
        backend.copy(gradient.buffer(), logits.buffer());
        backend.crossEntropy(gradient, targets, scale);
        assertGradient(
                logits.buffer(),
                () -> {
                    backend.copy(scratch.buffer(), logits.buffer());
                    return scale * backend.crossEntropy(scratch, targets, scale);
                },
                gradient.buffer());
    }

    @Test
    void crossEntropyOfEqualLogitsIsTheLogarithmOfTheClasses() {
        Matrix logits = Matrix.of(backend.allocate(3, 3, 3, 3), 1, 4);
        double rounding = 1e-15;
        assertThat(backend.crossEntropy(logits, new int[] {1}, 1)).isCloseTo(Math.log(4), within(rounding));
        assertThat(values(logits.buffer()))
                .usingComparatorWithPrecision(rounding)
                .containsExactly(0.25, -0.75, 0.25, 0.25);
    }

    @Test
    void dropout() {
        Buffer x = random(40);
        Buffer y = random(40);
        Buffer weights = random(40);
        Buffer dx = random(40);
        backend.copy(dx, weights);
        backend.dropout(dx, 0.4, 11);
        assertGradient(
                x,
                () -> {
                    backend.copy(y, x);
                    backend.dropout(y, 0.4, 11);
                    return dot(weights, y);
                },
                dx);
    }

    @Test
    void dropoutFallsAtItsRateAndByItsKey() {
        int[] kept = new int[2];
        int both = 0;
        int count = 100_000;
        for (int i = 0; i < count; i++) {
            boolean first = Dropout.keeps(1, i, 0.3);
            boolean second = Dropout.keeps(2, i, 0.3);
            kept[0] += first ? 1 : 0;
            kept[1] += second ? 1 : 0;
            both += first && second ? 1 : 0;
        }
        // Five standard deviations of a binomial share: 5 * sqrt(0.7 * 0.3 / 100000) = 0.0072.
        assertThat(kept[0] / (double) count).isBetween(0.6928, 0.7072);
        assertThat(kept[1] / (double) count).isBetween(0.6928, 0.7072);
        // Two keys are independent: 0.49 +- 5 * sqrt(0.49 * 0.51 / 100000) = 0.0079.
        assertThat(both / (double) count).isBetween(0.4821, 0.4979);
    }

    @Test
    void segmentMean() {
        int[] first = {0, 1, 3};
        int[] end = {2, 2, 5};
        Matrix x = random(5, 3);
        Matrix y = random(3, 3);
        Matrix weights = random(3, 3);
        Matrix dx = random(5, 3);
        double[] before = values(dx.buffer());
        backend.segmentMeanBackward(dx, weights, first, end);
        assertGradient(
                x.buffer(),
                () -> {
                    backend.segmentMean(y, x, first, end);
                    return dot(weights.buffer(), y.buffer());
                },
                dx.buffer(),
                before);
    }

    @Test
    void segmentWeighted() {
        int[] first = {0, 1, 3};
        int[] end = {2, 2, 6};
        Matrix x = random(6, 3);
        Matrix w = random(4, 3);
        Matrix y = random(3, 3);
        Matrix weights = random(3, 3);
        DoubleSupplier loss = () -> {
            backend.segmentWeighted(y, x, w, first, end);
            return dot(weights.buffer(), y.buffer());
        };
        Matrix dx = random(6, 3);
        Matrix dw = random(4, 3);
        double[] dx0 = values(dx.buffer());
        double[] dw0 = values(dw.buffer());
        backend.segmentWeightedBackward(dx, dw, weights, x, w, first, end);
        assertGradient(x.buffer(), loss, dx.buffer(), dx0);
        assertGradient(w.buffer(), loss, dw.buffer(), dw0);
    }
}
