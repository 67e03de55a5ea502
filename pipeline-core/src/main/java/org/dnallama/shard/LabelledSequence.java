package org.dnallama.shard;

import java.io.Serializable;

/**
 * A sequence and its class.
 *
 * @param id where it stands, {@code file:line}, the file's name without folders
 * @param sequence bases, upper-case IUPAC codes, not empty
 * @param label 0 or 1
 */
public record LabelledSequence(String id, String sequence, int label) implements Serializable {

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if the sequence is empty or the label is neither 0 nor 1
     */
    public LabelledSequence {
        if (sequence.isEmpty()) {
            throw new IllegalArgumentException(id + ": the sequence is empty");
        }
        if (label != 0 && label != 1) {
            throw new IllegalArgumentException(id + ": label is " + label + "; it must be 0 or 1");
        }
    }
}
