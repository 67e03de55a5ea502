package org.dnallama.ingest;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.dnallama.dna.Interval;
import org.dnallama.dna.Strand;
import org.dnallama.shard.ShardRow;
import org.dnallama.shard.Split;

/** A row as it goes through Spark's shuffle. Equal rows give equal bytes. */
final class RowBytes {

    private static final int REVERSE = 1;
    private static final int MASKED = 2;

    private RowBytes() {}

    static byte[] of(ShardRow row) {
        byte[] contig = row.interval().contig().getBytes(StandardCharsets.UTF_8);
        int[] tokens = row.tokens();
        boolean masked = isMasked(row.softMask());
        int width = width(tokens);
        ByteBuffer bytes = ByteBuffer.allocate(2
                + 3 * Integer.BYTES
                + Long.BYTES
                + contig.length
                + tokens.length * (width + (masked ? Float.BYTES : 0)));
        bytes.put((byte) ((row.strand() == Strand.REVERSE ? REVERSE : 0) | (masked ? MASKED : 0)));
        bytes.put((byte) width).putInt(contig.length).put(contig);
        bytes.putLong(row.interval().start()).putInt(row.bases()).putInt(tokens.length);
        for (int place = 0; place < width; place++) {
            bytes.put(bytesAt(place, tokens));
        }
        if (masked) {
            bytes.asFloatBuffer().put(row.softMask());
        }
        return bytes.array();
    }

    private static boolean isMasked(float[] softMask) {
        for (float fraction : softMask) {
            if (fraction != 0) {
                return true;
            }
        }
        return false;
    }

    // How many bytes the largest token needs.
    private static int width(int[] tokens) {
        int most = 0;
        for (int token : tokens) {
            most |= token;
        }
        return Integer.BYTES - Integer.numberOfLeadingZeros(most | 1) / Byte.SIZE;
    }

    // One byte of each token, the lowest one at place 0: such loops are fast, and alike bytes compress well.
    private static byte[] bytesAt(int place, int[] tokens) {
        byte[] bytes = new byte[tokens.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (tokens[i] >>> place * Byte.SIZE);
        }
        return bytes;
    }

    private static void addBytesAt(int place, byte[] bytes, int[] tokens) {
        for (int i = 0; i < bytes.length; i++) {
            tokens[i] |= (bytes[i] & 0xff) << place * Byte.SIZE;
        }
    }

    /** Reads a row of a buffer that holds nothing else. */
    static ShardRow read(ByteBuffer row, Split split, long order) {
        ByteBuffer bytes = row.duplicate();
        int flags = bytes.get();
        int width = bytes.get();
        byte[] contig = new byte[bytes.getInt()];
        bytes.get(contig);
        long start = bytes.getLong();
        long end = start + bytes.getInt();
        int[] tokens = new int[bytes.getInt()];
        byte[] part = new byte[tokens.length];
        for (int place = 0; place < width; place++) {
            bytes.get(part);
            addBytesAt(place, part, tokens);
        }
        float[] softMask = new float[tokens.length];
        if ((flags & MASKED) != 0) {
            bytes.asFloatBuffer().get(softMask);
        }
        return new ShardRow(
                new Interval(new String(contig, StandardCharsets.UTF_8), start, end),
                (flags & REVERSE) == 0 ? Strand.FORWARD : Strand.REVERSE,
                tokens,
                softMask,
                split,
                order);
    }
}
