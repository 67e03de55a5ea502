package org.dnallama.ingest;

import java.io.Serializable;

/**
 * How rows are stored.
 *
 * @param folder where the files go
 * @param packedLength tokens in a packed row; 0 for a window a row
 */
record ShardFormat(String folder, int packedLength) implements Serializable {

    boolean packed() {
        return packedLength > 0;
    }
}
