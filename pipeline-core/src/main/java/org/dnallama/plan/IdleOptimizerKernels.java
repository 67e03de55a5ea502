package org.dnallama.plan;

import org.dnallama.compute.AdamStep;
import org.dnallama.compute.Buffer;
import org.dnallama.compute.OptimizerKernels;

/** Does nothing; all sums are zero, so that no guard of an optimizer ever fires and it takes all of its stages. */
interface IdleOptimizerKernels extends OptimizerKernels {

    @Override
    default void fill(Buffer x, double value) {}

    @Override
    default void copy(Buffer y, Buffer x) {}

    @Override
    default void scale(Buffer x, double factor) {}

    @Override
    default void addScaled(Buffer y, double factor, Buffer x) {}

    @Override
    default double sumOfSquares(Buffer x) {
        return 0;
    }

    @Override
    default void adamW(Buffer theta, Buffer m, Buffer v, Buffer g, AdamStep step) {}

    @Override
    default void adamDenominator(Buffer den, Buffer v, Buffer g, AdamStep step) {}

    @Override
    default void placeStage(
            Buffer theta, Buffer start, Buffer m, Buffer g, Buffer den, double fraction, AdamStep step) {}

    @Override
    default double differenceProduct(Buffer a, Buffer b, Buffer c, Buffer d, Buffer den) {
        return 0;
    }
}
