package org.dnallama.compute;

/**
 * The two 16-bit floating-point formats, to and from float32. Widening is exact; narrowing rounds to nearest, ties to
 * even. Not-a-numbers keep the upper bits of their payload, so that what was widened narrows to the same bits.
 *
 * @see <a href="https://doi.org/10.1109/IEEESTD.2019.8766229">IEEE 754-2019, binary16</a>
 */
public final class HalfPrecision {

    private static final int INFINITY = 0x7f800000;

    private HalfPrecision() {}

    /**
     * Widens a float16 (1 sign, 5 exponent and 10 fraction bits).
     *
     * @param bits a float16
     * @return the same number
     */
    public static float fromFloat16(short bits) {
        int sign = (bits & 0x8000) << 16;
        int magnitude = bits & 0x7fff;
        if (magnitude < 0x400) { // subnormal: a multiple of 2^-24
            return Float.intBitsToFloat(sign | Float.floatToRawIntBits(Math.scalb((float) magnitude, -24)));
        }
        if (magnitude >= 0x7c00) { // infinity or not a number
            return Float.intBitsToFloat(sign | INFINITY | (magnitude & 0x3ff) << 13);
        }
        // The exponents' biases differ by 127 - 15 = 112.
        return Float.intBitsToFloat(sign | (magnitude << 13) + (112 << 23));
    }

    /**
     * The nearest float16.
     *
     * @param value a number; from 65520 on in magnitude it becomes infinite
     * @return bits of a float16
     */
    public static short toFloat16(float value) {
        int bits = Float.floatToRawIntBits(value);
        int sign = bits >>> 16 & 0x8000;
        int magnitude = bits & 0x7fffffff;
        if (magnitude > INFINITY) {
            int payload = magnitude >>> 13 & 0x3ff;
            return (short) (sign | 0x7c00 | (payload == 0 ? 0x200 : payload));
        }
        if (magnitude >= 0x477ff000) { // 65520, half way from the largest float16 to the next power of two
            return (short) (sign | 0x7c00);
        }
        if (magnitude < 0x38800000) { // below 2^-14: subnormal, a multiple of 2^-24; rint ties to even
            return (short) (sign | (int) Math.rint(Math.scalb(Float.intBitsToFloat(magnitude), 24)));
        }
        return (short) (sign | roundedUpper(magnitude, 13) - (112 << 10));
    }

    /**
     * Widens a bfloat16, the upper half of a float32.
     *
     * @param bits a bfloat16
     * @return the same number
     */
    public static float fromBfloat16(short bits) {
        return Float.intBitsToFloat(bits << 16);
    }

    /**
     * The nearest bfloat16.
     *
     * @param value a number; half a step beyond the largest bfloat16 it becomes infinite
     * @return bits of a bfloat16
     */
    public static short toBfloat16(float value) {
        int bits = Float.floatToRawIntBits(value);
        int sign = bits >>> 16 & 0x8000;
        int magnitude = bits & 0x7fffffff;
        if (magnitude > INFINITY) {
            int payload = magnitude >>> 16 & 0x7f;
            return (short) (sign | 0x7f80 | (payload == 0 ? 0x40 : payload));
        }
        return (short) (sign | roundedUpper(magnitude, 16));
    }

    /** A magnitude's bits without the lowest ones; a carry moves on into the exponent, as it should. */
    private static int roundedUpper(int magnitude, int dropped) {
        int belowHalf = (1 << dropped - 1) - 1;
        int odd = magnitude >>> dropped & 1;
        return magnitude + belowHalf + odd >>> dropped;
    }
}
