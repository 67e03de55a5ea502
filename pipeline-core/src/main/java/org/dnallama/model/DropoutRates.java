package org.dnallama.model;

import java.io.Serializable;

/**
 * How often numbers fall out in training, each rate in [0, 1).
 *
 * @param branches of what attention and MLP add to the residual stream
 * @param input of the embeddings
 * @param pooled of the state that a classifier reads
 */
public record DropoutRates(double branches, double input, double pooled) implements Serializable {

    /** No dropout. */
    public static final DropoutRates NONE = branches(0);

    /**
     * Dropout of the branches alone.
     *
     * @param rate of the branches
     * @return rates
     */
    public static DropoutRates branches(double rate) {
        return new DropoutRates(rate, 0, 0);
    }
}
