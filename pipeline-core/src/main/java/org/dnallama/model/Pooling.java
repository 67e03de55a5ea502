package org.dnallama.model;

/** Which hidden states of a row a classifier reads. */
public enum Pooling {
    /** The last token that is not padding, as LlamaForSequenceClassification does. */
    LAST,
    /** The mean over all tokens that are not padding. */
    MEAN
}
