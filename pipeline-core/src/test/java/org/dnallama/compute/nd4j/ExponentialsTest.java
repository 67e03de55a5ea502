package org.dnallama.compute.nd4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.random.RandomGenerator;
import org.dnallama.config.Seeds;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

final class ExponentialsTest {

    /** Some of oneDNN's blocks and a rest, between neighbours that are none of its business. */
    private static final int FROM = 48;

    private static final int COUNT = 2 * 8192 + 37;

    /** What softmax asks for: nothing above 0, and minus infinity where a query does not see a key. */
    private static float[] scores() {
        RandomGenerator random = new Seeds(6).stream("scores");
        float[] scores = new float[FROM + COUNT + FROM];
        for (int i = 0; i < scores.length; i++) {
            scores[i] = i % 97 == 0 ? Float.NEGATIVE_INFINITY : (float) random.nextDouble(-80, 0);
        }
        return scores;
    }

    @ParameterizedTest
    @EnumSource
    void agreesWithFloat64AndTouchesNothingElse(Exponentials exponentials) {
        float[] before = scores();
        float[] after = run(exponentials, before);
        for (int i = 0; i < before.length; i++) {
            if (i < FROM || i >= FROM + COUNT) {
                assertThat(after[i]).isEqualTo(before[i]);
            } else {
                double expected = StrictMath.exp(before[i]);
                // Four roundings, and that of ln 2, 1.9e-9, for each power of two that is taken off.
                double error = 2.4e-7 + 1.9e-9 * Math.min(80, -before[i]) / Math.log(2);
                assertThat((double) after[i]).as("exp(%s)", before[i]).isCloseTo(expected, within(error * expected));
            }
        }
        assertThat(run(exponentials, before)).as("the same bits again").isEqualTo(after);
    }

    private static float[] run(Exponentials exponentials, float[] numbers) {
        INDArray all = Nd4j.createFromArray(numbers);
        exponentials.exp(Ops.part(all, FROM, COUNT));
        return Ops.download(all);
    }
}
