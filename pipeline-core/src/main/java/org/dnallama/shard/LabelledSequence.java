package org.dnallama.shard;

import java.io.Serializable;

/**
 * A sequence and its class.
 *
 * @param id where it stands, {@code file:line}, the file's name without folders
 * @param sequence bases, upper-case IUPAC codes, not empty
 * @param label its class, at least 0; a two-class model takes 0 and 1
 */
public record LabelledSequence(String id, String sequence, int label) implements Serializable {

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if the sequence is empty or the label negative
     */
    public LabelledSequence {
        if (sequence.isEmpty()) {
            throw new IllegalArgumentException(id + ": the sequence is empty");
        }
        if (label < 0) {
            throw new IllegalArgumentException(id + ": label is " + label + "; it must be at least 0");
        }
    }
}
