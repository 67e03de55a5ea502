package org.dnallama.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import org.dnallama.shard.MaskedTokens;
import org.dnallama.shard.StoredRows;

/** Stored rows that are made when they are read: row i holds its own number. Notes what was read. */
record Genome(int size, int rowTokens, List<Stripes.Range> reads) implements StoredRows {

    Genome(int size, int rowTokens) {
        this(size, rowTokens, Collections.synchronizedList(new ArrayList<>()));
    }

    @Override
    public long tokens() {
        return (long) size * rowTokens;
    }

    @Override
    public List<MaskedTokens> read(int from, int to) {
        reads.add(new Stripes.Range(from, to));
        List<MaskedTokens> rows = new ArrayList<>();
        for (int row = from; row < to; row++) {
            int[] tokens = new int[rowTokens];
            Arrays.fill(tokens, row);
            rows.add(new MaskedTokens(tokens, new BitSet()));
        }
        return rows;
    }
}
