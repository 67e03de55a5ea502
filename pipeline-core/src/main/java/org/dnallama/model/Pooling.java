package org.dnallama.model;

/** Which hidden states of a row a classifier reads. */
public enum Pooling {
    /** The last token that is not padding, as LlamaForSequenceClassification does. */
    LAST,
    /** The mean over all tokens that are not padding. */
    MEAN,
    /** The first and the last token, side by side. */
    ENDS,
    /** A learned weight for each number at each position: for rows in which positions mean something. */
    FLAT
}
