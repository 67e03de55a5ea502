package org.dnallama.compute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.random.RandomGenerator;
import org.dnallama.compute.vector.VectorBackend;
import org.dnallama.config.Seeds;
import org.junit.jupiter.api.Test;

final class Bfloat16Test {

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
                assertThat(read[i]).isEqualTo(HalfPrecision.fromBfloat16(HalfPrecision.toBfloat16(values[i])));
            }
            assertThatThrownBy(() -> resting.widen(backend, target.slice(0, 9)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("40000 numbers at rest meet a buffer of 9");
        }
    }
}
