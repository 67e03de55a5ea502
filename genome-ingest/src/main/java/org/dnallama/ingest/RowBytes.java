package org.dnallama.ingest;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.dnallama.dna.Interval;
import org.dnallama.dna.Strand;
import org.dnallama.shard.ShardRow;
import org.dnallama.shard.Split;

/** A row as it goes through Spark's shuffle. Equal rows give equal bytes. */
final class RowBytes {

    private static final int SHORTS = 1;
    private static final int PLAIN = 2;
    private static final int REVERSE = 4;

    private RowBytes() {}

    static byte[] of(ShardRow row) {
        byte[] contig = row.interval().contig().getBytes(StandardCharsets.UTF_8);
        int[] tokens = row.tokens();
        int flags = row.strand() == Strand.REVERSE ? REVERSE : 0;
        int most = 0;
        boolean masked = false;
        for (int i = 0; i < tokens.length; i++) {
            most |= tokens[i];
            masked |= row.softMask()[i] != 0;
        }
        flags |= (most >>> Short.SIZE == 0 ? SHORTS : 0) | (masked ? 0 : PLAIN);
        int width = (flags & SHORTS) == 0 ? Integer.BYTES : Short.BYTES;
        ByteBuffer bytes = ByteBuffer.allocate(1
                + 3 * Integer.BYTES
                + Long.BYTES
                + contig.length
                + tokens.length * (width + (masked ? Float.BYTES : 0)));
        bytes.put((byte) flags).putInt(contig.length).put(contig);
        bytes.putLong(row.interval().start()).putInt(row.bases()).putInt(tokens.length);
        for (int token : tokens) {
            if (width == Short.BYTES) {
                bytes.putShort((short) token);
            } else {
                bytes.putInt(token);
            }
        }
        for (int i = 0; masked && i < tokens.length; i++) {
            bytes.putFloat(row.softMask()[i]);
        }
        return bytes.array();
    }

    static ShardRow read(byte[] row, Split split, long order) {
        ByteBuffer bytes = ByteBuffer.wrap(row);
        int flags = bytes.get();
        byte[] contig = new byte[bytes.getInt()];
        bytes.get(contig);
        long start = bytes.getLong();
        long end = start + bytes.getInt();
        int[] tokens = new int[bytes.getInt()];
        float[] softMask = new float[tokens.length];
        for (int i = 0; i < tokens.length; i++) {
            tokens[i] = (flags & SHORTS) == 0 ? bytes.getInt() : bytes.getShort() & 0xffff;
        }
        for (int i = 0; (flags & PLAIN) == 0 && i < tokens.length; i++) {
            softMask[i] = bytes.getFloat();
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
