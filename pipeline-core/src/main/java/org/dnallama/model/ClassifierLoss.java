package org.dnallama.model;

import java.io.Serializable;

/**
 * What a classifier's training adds to the cross-entropy of its classes.
 *
 * @param labelSmoothing part of each target that is spread evenly over the classes, in [0, 1)
 * @param replacedWeight weight of the question which bases were replaced: of each row the mean loss of its tokens; 0
 *     asks nothing
 * @see <a href="https://arxiv.org/abs/1512.00567">Szegedy et al. 2015, for label smoothing</a>
 * @see <a href="https://arxiv.org/abs/2003.10555">Clark et al. 2020, for replaced tokens</a>
 */
public record ClassifierLoss(double labelSmoothing, double replacedWeight) implements Serializable {

    /** Cross-entropy alone. */
    public static final ClassifierLoss PLAIN = new ClassifierLoss(0, 0);
}
