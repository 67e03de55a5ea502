package org.dnallama.shard;

import java.util.List;

/** Rows of a split that lie in files, by their numbers from 0 in the order of files and rows. */
public interface StoredRows {

    /**
     * How many there are.
     *
     * @return at least 1
     */
    int size();

    /**
     * Tokens of all of them.
     *
     * @return at least 1
     */
    long tokens();

    /**
     * Reads neighbours, and as little else as can be.
     *
     * @param from the first
     * @param to after the last
     * @return the rows
     * @throws org.dnallama.config.InputException if a file is damaged or cannot be reached
     */
    List<MaskedTokens> read(int from, int to);
}
