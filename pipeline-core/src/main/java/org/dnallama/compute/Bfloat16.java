package org.dnallama.compute;

import java.util.ArrayList;
import java.util.List;

/**
 * Numbers at rest in bfloat16, the upper half of a float32: half the memory, eight significant bits. They lie in host
 * memory and are widened into a buffer before use.
 */
public final class Bfloat16 {

    /** Numbers that are moved at once: few enough to stay in the cache on their way. */
    private static final int CHUNK = 1 << 14;

    private final List<short[]> chunks = new ArrayList<>();
    private final long length;

    private Bfloat16(long length) {
        this.length = length;
    }

    /**
     * Rounds numbers, to nearest and ties to even.
     *
     * @param backend of the buffer
     * @param source finite numbers
     * @return a rounded copy
     */
    public static Bfloat16 of(Backend backend, Buffer source) {
        Bfloat16 resting = new Bfloat16(source.length());
        for (long at = 0; at < source.length(); at += CHUNK) {
            float[] wide = new float[(int) Math.min(CHUNK, source.length() - at)];
            backend.read(source.slice(at, wide.length), wide);
            short[] chunk = new short[wide.length];
            for (int i = 0; i < chunk.length; i++) {
                chunk[i] = HalfPrecision.toBfloat16(wide[i]);
            }
            resting.chunks.add(chunk);
        }
        return resting;
    }

    /**
     * Writes the numbers as float32, which is exact.
     *
     * @param backend of the buffer
     * @param target overwritten
     * @throws IllegalArgumentException if it has another length
     */
    public void widen(Backend backend, Buffer target) {
        if (target.length() != length) {
            throw new IllegalArgumentException(
                    "%d numbers at rest meet a buffer of %d".formatted(length, target.length()));
        }
        float[] wide = new float[(int) Math.min(CHUNK, length)];
        long at = 0;
        for (short[] chunk : chunks) {
            float[] part = chunk.length == wide.length ? wide : new float[chunk.length];
            for (int i = 0; i < chunk.length; i++) {
                part[i] = HalfPrecision.fromBfloat16(chunk[i]);
            }
            backend.write(target.slice(at, part.length), part);
            at += part.length;
        }
    }

    /**
     * How many numbers there are.
     *
     * @return the length
     */
    public long length() {
        return length;
    }
}
