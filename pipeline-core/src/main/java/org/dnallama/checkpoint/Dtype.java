package org.dnallama.checkpoint;

import java.nio.ByteBuffer;
import org.dnallama.compute.HalfPrecision;

/** How a tensor's numbers are stored in a file; in memory they are float32. */
public enum Dtype {
    /** IEEE single precision. */
    F32(4, "float32"),
    /** IEEE half precision: 11 significant bits, up to 65504. */
    F16(2, "float16"),
    /** The upper half of a float32: 8 significant bits, the range of float32. */
    BF16(2, "bfloat16");

    private final int bytes;
    private final String torchName;

    Dtype(int bytes, String torchName) {
        this.bytes = bytes;
        this.torchName = torchName;
    }

    /**
     * Size of a number.
     *
     * @return bytes
     */
    public int bytes() {
        return bytes;
    }

    /**
     * Its name in {@code config.json}.
     *
     * @return PyTorch's name
     */
    public String torchName() {
        return torchName;
    }

    /**
     * Numbers from a file; exact.
     *
     * @param source little-endian, from its position on
     * @param target receives the numbers
     * @param count how many
     */
    void decode(ByteBuffer source, float[] target, int count) {
        switch (this) {
            case F32 -> source.asFloatBuffer().get(target, 0, count);
            case F16 -> {
                for (int i = 0; i < count; i++) {
                    target[i] = HalfPrecision.fromFloat16(source.getShort());
                }
            }
            case BF16 -> {
                for (int i = 0; i < count; i++) {
                    target[i] = HalfPrecision.fromBfloat16(source.getShort());
                }
            }
        }
    }

    /**
     * Numbers to a file, rounded to nearest, ties to even.
     *
     * @param source the numbers
     * @param target little-endian, from its position on
     * @param count how many
     */
    void encode(float[] source, ByteBuffer target, int count) {
        switch (this) {
            case F32 -> target.asFloatBuffer().put(source, 0, count);
            case F16 -> {
                for (int i = 0; i < count; i++) {
                    target.putShort(HalfPrecision.toFloat16(source[i]));
                }
            }
            case BF16 -> {
                for (int i = 0; i < count; i++) {
                    target.putShort(HalfPrecision.toBfloat16(source[i]));
                }
            }
        }
    }

    /**
     * Whether a number becomes infinite by rounding.
     *
     * @param value a number
     * @return true if it is finite and too large for this type
     */
    boolean overflows(float value) {
        return switch (this) {
            case F32 -> false;
            case F16 ->
                Float.isFinite(value) && !Float.isFinite(HalfPrecision.fromFloat16(HalfPrecision.toFloat16(value)));
            case BF16 ->
                Float.isFinite(value) && !Float.isFinite(HalfPrecision.fromBfloat16(HalfPrecision.toBfloat16(value)));
        };
    }
}
