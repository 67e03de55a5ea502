package org.dnallama.plan;

import org.dnallama.compute.AdamStep;
import org.dnallama.compute.Blend;
import org.dnallama.compute.Buffer;
import org.dnallama.compute.OptimizerKernels;
import org.dnallama.compute.StageDifferences;
import org.jspecify.annotations.Nullable;

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
    default double squaredDistance(Buffer a, Buffer b) {
        return 0;
    }

    @Override
    default void move(Buffer y, Buffer x, double factor, Blend direction) {}

    @Override
    default void adam(Buffer theta, Buffer start, Buffer m, Buffer v, Blend g, AdamStep step) {}

    @Override
    default void adamDenominator(Buffer den, Buffer v, Buffer g, AdamStep step) {}

    @Override
    default void placeStage(
            Buffer theta, Buffer start, Buffer m, Blend g, Buffer den, double fraction, AdamStep step) {}

    @Override
    default StageDifferences stageDifferences(Buffer g1, Buffer g2, Buffer g3, @Nullable Buffer den) {
        return StageDifferences.NONE;
    }
}
