package org.dnallama.compute.nd4j;

import org.dnallama.compute.AdamStep;
import org.dnallama.compute.Blend;
import org.dnallama.compute.Buffer;
import org.dnallama.compute.OptimizerKernels;
import org.dnallama.compute.StageDifferences;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.updaters.AdamUpdater;
import org.nd4j.linalg.factory.Nd4j;

/** The optimizers' kernels as whole-array operations, over parts of the vectors that a core's cache holds. */
interface ArrayOptimizerKernels extends OptimizerKernels, ArrayKernels {

    @Override
    default void fill(Buffer x, double value) {
        forEachPart(
                x.length(), (use, at, count) -> Nd4jBuffer.vector(x, at, count).assign(value));
    }

    @Override
    default void copy(Buffer y, Buffer x) {
        Nd4jBuffer.requireLength(y, x.length());
        forEachPart(
                x.length(),
                (use, at, count) -> Nd4jBuffer.vector(y, at, count).assign(Nd4jBuffer.vector(x, at, count)));
    }

    @Override
    default void scale(Buffer x, double factor) {
        forEachPart(
                x.length(), (use, at, count) -> Nd4jBuffer.vector(x, at, count).muli(factor));
    }

    @Override
    default void addScaled(Buffer y, double factor, Buffer x) {
        Nd4jBuffer.requireLength(y, x.length());
        forEachPart(
                x.length(),
                (use, at, count) ->
                        Ops.addScaled(Nd4jBuffer.vector(y, at, count), factor, Nd4jBuffer.vector(x, at, count)));
    }

    @Override
    default double sumOfSquares(Buffer x) {
        double[] sum = {0};
        forEachPart(x.length(), (use, at, count) -> {
            INDArray values = use.doubles(count);
            values.assign(Nd4jBuffer.vector(x, at, count));
            sum[0] += Nd4j.getBlasWrapper().dot(values, values);
        });
        return sum[0];
    }

    @Override
    default double squaredDistance(Buffer a, Buffer b) {
        double[] sum = {0};
        forEachPart(a.length(), (use, at, count) -> {
            INDArray difference = difference(use, a, b, at, count);
            sum[0] += Nd4j.getBlasWrapper().dot(difference, difference);
        });
        return sum[0];
    }

    @Override
    default void move(Buffer y, Buffer x, double factor, Blend direction) {
        Nd4jBuffer.requireLength(y, x.length());
        forEachPart(x.length(), (use, at, count) -> {
            INDArray target = Nd4jBuffer.vector(y, at, count);
            if (y != x) {
                target.assign(Nd4jBuffer.vector(x, at, count));
            }
            Ops.addScaled(target, factor, blended(use, direction, at, count));
        });
    }

    @Override
    default void adam(Buffer theta, Buffer start, Buffer m, Buffer v, Blend g, AdamStep step) {
        // ND4J's updater computes m / (sqrt(v) + epsilon), corrected for bias as if the step were its last argument:
        // at a late one not at all. Scaled by the root of v's correction that is the quotient of the contract.
        double root = Math.sqrt(step.correction2());
        int uncorrected = Integer.MAX_VALUE - 1;
        double epsilon = step.epsilon() * root;
        double rate = step.learningRate() * root;
        double keep = 1 - step.learningRate() * step.weightDecay();
        forEachPart(theta.length(), (use, at, count) -> {
            INDArray quotient = use.floats(count);
            INDArray parameters = Nd4jBuffer.vector(theta, at, count);
            INDArray second = Nd4jBuffer.vector(v, at, count);
            INDArray first = Nd4jBuffer.vector(m, at, count);
            INDArray gradient = blended(use, g, at, count);
            quotient.assign(gradient);
            Nd4j.exec(new AdamUpdater(quotient, second, first, 1, step.beta1(), step.beta2(), epsilon, uncorrected));
            if (theta != start) {
                parameters.assign(Nd4jBuffer.vector(start, at, count));
            }
            parameters.muli(keep);
            Ops.addScaled(parameters, -rate * step.momentWeight(), quotient);
            if (step.gradientWeight() != 0) {
                quotient.assign(second);
                Ops.sqrt(quotient);
                quotient.addi(epsilon);
                quotient.rdivi(gradient);
                Ops.addScaled(parameters, -rate * step.gradientWeight(), quotient);
            }
        });
    }

    @Override
    default void adamDenominator(Buffer den, Buffer v, Buffer g, AdamStep step) {
        double inverse = 1 / step.correction2();
        forEachPart(den.length(), (use, at, count) -> {
            INDArray target = Nd4jBuffer.vector(den, at, count);
            INDArray gradient = Nd4jBuffer.vector(g, at, count);
            Ops.multiply(gradient, gradient, target);
            target.muli((1 - step.beta2()) * inverse);
            Ops.addScaled(target, step.beta2() * inverse, Nd4jBuffer.vector(v, at, count));
            Ops.sqrt(target);
            target.addi(step.epsilon());
        });
    }

    @Override
    default void placeStage(Buffer theta, Buffer start, Buffer m, Blend g, Buffer den, double fraction, AdamStep step) {
        double distance = fraction * step.learningRate() / step.correction1();
        forEachPart(theta.length(), (use, at, count) -> {
            INDArray move = use.floats(count);
            INDArray target = Nd4jBuffer.vector(theta, at, count);
            move.assign(Nd4jBuffer.vector(m, at, count));
            move.muli(step.beta1());
            Ops.addScaled(move, 1 - step.beta1(), blended(use, g, at, count));
            move.divi(Nd4jBuffer.vector(den, at, count));
            Ops.clamp(move, step.mostMove() * step.correction1());
            target.assign(Nd4jBuffer.vector(start, at, count));
            Ops.addScaled(target, -distance, move);
        });
    }

    @Override
    default StageDifferences stageDifferences(Buffer g1, Buffer g2, Buffer g3, @Nullable Buffer den) {
        StageDifferences[] sums = {StageDifferences.NONE};
        forEachPart(g1.length(), (use, at, count) -> {
            INDArray d = difference(use, g2, g1, at, count);
            INDArray e = difference(use, g3, g2, at, count);
            double squared2 = Nd4j.getBlasWrapper().dot(d, d);
            double squared3 = Nd4j.getBlasWrapper().dot(e, e);
            INDArray share = use.doubles(count);
            share.assign(d);
            if (den != null) {
                INDArray weights = use.doubles(count);
                share.divi(weights.assign(Nd4jBuffer.vector(den, at, count)));
            }
            double weighted = Nd4j.getBlasWrapper().dot(d, share);
            double product = Nd4j.getBlasWrapper().dot(e, share);
            sums[0] = sums[0].plus(new StageDifferences(squared2, squared3, weighted, product));
        });
        return sums[0];
    }

    /** a - b, in float64. */
    private static INDArray difference(Scratch.Use use, Buffer a, Buffer b, long at, long count) {
        INDArray minuend = use.doubles(count);
        INDArray subtrahend = use.doubles(count);
        minuend.assign(Nd4jBuffer.vector(a, at, count));
        return minuend.subi(subtrahend.assign(Nd4jBuffer.vector(b, at, count)));
    }

    /** A part of a blend: of one vector the vector itself, else in scratch memory. */
    private static INDArray blended(Scratch.Use use, Blend blend, long at, long count) {
        INDArray base = Nd4jBuffer.vector(blend.base(), at, count);
        if (blend.terms().isEmpty()) {
            return base;
        }
        INDArray sum = use.floats(count);
        INDArray difference = use.floats(count);
        sum.assign(base);
        for (Blend.Term term : blend.terms()) {
            difference.assign(Nd4jBuffer.vector(term.vector(), at, count));
            difference.subi(base);
            Ops.addScaled(sum, term.weight(), difference);
        }
        return sum;
    }

    /** A kernel over a part of its vectors. */
    interface PartBody {

        /**
         * Computes the numbers [at, at + count).
         *
         * @param use scratch memory
         * @param at first number
         * @param count how many
         */
        void run(Scratch.Use use, long at, long count);
    }

    private void forEachPart(long length, PartBody body) {
        long most = device().vectorNumbers();
        for (long at = 0; at < length; at += most) {
            try (Scratch.Use use = scratch().use()) {
                body.run(use, at, Math.min(most, length - at));
            }
        }
    }
}
