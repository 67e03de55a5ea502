package org.dnallama.compute;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Both formats against their definition, sign · 2^(exponent - bias) · 1.fraction, in double precision. */
final class HalfPrecisionTest {

    private enum Format {
        FLOAT16(5, 10),
        BFLOAT16(8, 7);

        private final int fractionBits;
        private final int bias;
        private final int infinity;

        Format(int exponentBits, int fractionBits) {
            this.fractionBits = fractionBits;
            this.bias = (1 << exponentBits - 1) - 1;
            this.infinity = (1 << exponentBits) - 1 << fractionBits;
        }

        /** The value of a positive pattern; that of infinity is where the next power of two would be. */
        double magnitude(int pattern) {
            int exponent = pattern >> fractionBits;
            double fraction = (pattern & (1 << fractionBits) - 1) * Math.pow(2, -fractionBits);
            return exponent == 0 ? fraction * Math.pow(2, 1 - bias) : (1 + fraction) * Math.pow(2, exponent - bias);
        }

        float widen(int pattern) {
            return this == FLOAT16
                    ? HalfPrecision.fromFloat16((short) pattern)
                    : HalfPrecision.fromBfloat16((short) pattern);
        }

        int narrow(float value) {
            return 0xffff & (this == FLOAT16 ? HalfPrecision.toFloat16(value) : HalfPrecision.toBfloat16(value));
        }
    }

    @ParameterizedTest
    @EnumSource(Format.class)
    void everyPatternWidensToItsValueAndNarrowsBack(Format format) {
        for (int pattern = 0; pattern < 0x10000; pattern++) {
            float wide = format.widen(pattern);
            int magnitude = pattern & 0x7fff;
            String name = Integer.toHexString(pattern);
            if (magnitude > format.infinity) {
                assertThat(wide).as(name).isNaN();
            } else {
                double value = magnitude == format.infinity ? Double.POSITIVE_INFINITY : format.magnitude(magnitude);
                // As bits, so that the two zeros differ.
                assertThat(Double.doubleToRawLongBits(wide))
                        .as(name)
                        .isEqualTo(Double.doubleToRawLongBits(pattern < 0x8000 ? value : -value));
            }
            assertThat(format.narrow(wide)).as(name).isEqualTo(pattern);
        }
    }

    @ParameterizedTest
    @EnumSource(Format.class)
    void narrowingTakesTheNearestAndOfTwoTheEven(Format format) {
        double[] magnitudes = new double[format.infinity + 1];
        Arrays.setAll(magnitudes, format::magnitude);
        for (int pattern = 0; pattern < format.infinity; pattern++) {
            float middle = (float) ((magnitudes[pattern] + magnitudes[pattern + 1]) / 2);
            check(format, magnitudes, middle);
            check(format, magnitudes, Math.nextUp(middle));
            check(format, magnitudes, Math.nextDown(middle));
        }
        SplittableRandom random = new SplittableRandom(17);
        for (int i = 0; i < 1_000_000; i++) {
            float anyBits = Float.intBitsToFloat(random.nextInt());
            if (!Float.isNaN(anyBits)) {
                check(format, magnitudes, anyBits);
            }
            check(format, magnitudes, (float) random.nextGaussian());
        }
    }

    private static void check(Format format, double[] magnitudes, float value) {
        double magnitude = Math.abs((double) value);
        int at = Arrays.binarySearch(magnitudes, magnitude);
        int expected = at;
        if (at < 0) {
            int above = Math.min(-at - 1, format.infinity);
            int below = above - 1;
            double toBelow = magnitude - magnitudes[below];
            double toAbove = magnitudes[above] - magnitude;
            boolean even = below % 2 == 0;
            expected = toBelow < toAbove || toBelow == toAbove && even ? below : above;
        }
        int sign = Float.floatToRawIntBits(value) < 0 ? 0x8000 : 0;
        if (format.narrow(value) != (sign | expected)) {
            assertThat(format.narrow(value)).as("%s of %s", format, value).isEqualTo(sign | expected);
        }
    }

    @Test
    void knownPatterns() {
        assertThat(HalfPrecision.toBfloat16(1f)).isEqualTo((short) 0x3f80);
        assertThat(HalfPrecision.toBfloat16(-2.5f)).isEqualTo((short) 0xc020);
        assertThat(HalfPrecision.fromBfloat16((short) 0x4049)).isEqualTo(3.140625f);
        assertThat(HalfPrecision.toFloat16(1f)).isEqualTo((short) 0x3c00);
        assertThat(HalfPrecision.toFloat16(65504f)).isEqualTo((short) 0x7bff);
        assertThat(HalfPrecision.fromFloat16((short) 1)).isEqualTo(0x1p-24f);
    }

    @Test
    void aPayloadOnlyInTheDroppedBitsStaysNotANumber() {
        float nan = Float.intBitsToFloat(0x7f800001);
        assertThat(HalfPrecision.fromFloat16(HalfPrecision.toFloat16(nan))).isNaN();
        assertThat(HalfPrecision.fromBfloat16(HalfPrecision.toBfloat16(nan))).isNaN();
    }
}
