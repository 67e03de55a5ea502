package org.dnallama.evaluation;

/** What is done with a sequence that is longer than a model's context. */
public enum TooLong {
    /** It is an error. */
    REFUSE,
    /** The bases that fit are scored, from the first one on. */
    CROP,
    /** The score is the mean over windows that fit, each half over the one before, the last one at the end. */
    WINDOW
}
