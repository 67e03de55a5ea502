package org.dnallama.evaluation;

import java.io.Serializable;

/**
 * What a classifier says of a labelled sequence.
 *
 * @param id the sequence's place, {@code file:line}
 * @param score probability of class 1
 * @param label 0 or 1
 * @param tooLong whether the sequence is longer than a model's context
 */
record Prediction(String id, double score, int label, boolean tooLong) implements Serializable {}
