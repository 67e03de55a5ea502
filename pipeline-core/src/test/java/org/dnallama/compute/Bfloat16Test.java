package org.dnallama.compute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.random.RandomGenerator;
import org.dnallama.compute.vector.VectorBackend;
import org.dnallama.config.Seeds;
import org.junit.jupiter.api.Test;

final class Bfloat16Test {

    /** Of the two neighbours in bfloat16 the nearer one, by distances in float64; of equally near ones the even one. */
    @Test
    void roundsToTheNearestAndTiesToEven() {
        RandomGenerator random = new Seeds(1).stream("bfloat16");
        for (int i = 0; i < 100_000; i++) {
            // Every fourth number lies in the middle between two neighbours.
            int bits = i % 4 == 0 ? (random.nextInt() & 0xffff0000) | 0x8000 : random.nextInt();
            float value = Float.intBitsToFloat(bits);
            if (!Float.isFinite(value) || Math.abs(value) > 3e38) {
                continue;
            }
            short low = (short) (bits >>> 16);
            short high = (short) (low + 1); // further from zero, by one step
            double toLow = Math.abs((double) value - Bfloat16.widen(low));
            double toHigh = Math.abs((double) value - Bfloat16.widen(high));
            boolean lowWins = toLow < toHigh || (toLow == toHigh && (low & 1) == 0);
            assertThat(Bfloat16.round(value)).as("%s", value).isEqualTo(lowWins ? low : high);
        }
    }

    @Test
    void knownPatterns() {
        assertThat(Bfloat16.round(1f)).isEqualTo((short) 0x3f80);
        assertThat(Bfloat16.round(-2.5f)).isEqualTo((short) 0xc020);
        assertThat(Bfloat16.widen((short) 0x4049)).isEqualTo(3.140625f);
    }

    @Test
    void comesBackRounded() {
        Backend backend = new VectorBackend();
        float[] values = new float[40_000]; // two whole chunks and a part
        RandomGenerator random = new Seeds(2).stream("values");
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        try (Buffer source = backend.allocate(values.length);
                Buffer target = backend.allocate(values.length)) {
            backend.write(source, values);
            Bfloat16 resting = Bfloat16.of(backend, source);
            resting.widen(backend, target);
            float[] read = new float[values.length];
            backend.read(target, read);
            for (int i = 0; i < values.length; i++) {
                assertThat(read[i]).isEqualTo(Bfloat16.widen(Bfloat16.round(values[i])));
            }
            assertThatThrownBy(() -> resting.widen(backend, target.slice(0, 9)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("40000 numbers at rest meet a buffer of 9");
        }
    }
}
