package org.dnallama.spark;

import java.util.List;
import org.dnallama.config.InputException;
import org.dnallama.shard.MaskedTokens;
import org.dnallama.shard.StoredRows;

/**
 * Rows that must fit a model with their begin and end tokens.
 *
 * @param rows the rows
 * @param shards where they lie, for messages
 * @param contextLength the model's
 */
record FittingRows(StoredRows rows, String shards, int contextLength) implements StoredRows {

    @Override
    public int size() {
        return rows.size();
    }

    @Override
    public long tokens() {
        return rows.tokens();
    }

    /**
     * Reads and measures.
     *
     * @throws InputException if a row is too long
     */
    @Override
    public List<MaskedTokens> read(int from, int to) {
        List<MaskedTokens> read = rows.read(from, to);
        int longest =
                read.stream().mapToInt(row -> row.tokens().length + 2).max().orElse(0);
        if (longest > contextLength) {
            throw new InputException("%s: has a window of %d tokens with begin and end, model.contextLength is %d; %s"
                    .formatted(
                            shards,
                            longest,
                            contextLength,
                            "make ingest.window smaller or model.contextLength larger"));
        }
        return read;
    }
}
