package org.dnallama.compute.nd4j;

import org.dnallama.compute.AdamStep;
import org.dnallama.compute.Buffer;
import org.dnallama.compute.OptimizerKernels;
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
    default void adamW(Buffer theta, Buffer m, Buffer v, Buffer g, AdamStep step) {
        // ND4J's updater computes m / (sqrt(v) + epsilon), corrected for bias as if the step were its last argument:
        // at a late one not at all. Scaled by the root of v's correction that is the quotient of the contract.
        double root = Math.sqrt(step.correction2());
        int uncorrected = Integer.MAX_VALUE - 1;
        double rate = step.learningRate() * root / step.correction1();
        double keep = 1 - step.learningRate() * step.weightDecay();
        forEachPart(theta.length(), (use, at, count) -> {
            INDArray quotient = use.floats(count);
            INDArray parameters = Nd4jBuffer.vector(theta, at, count);
            INDArray second = Nd4jBuffer.vector(v, at, count);
            INDArray first = Nd4jBuffer.vector(m, at, count);
            quotient.assign(Nd4jBuffer.vector(g, at, count));
            Nd4j.exec(new AdamUpdater(
                    quotient, second, first, 1, step.beta1(), step.beta2(), step.epsilon() * root, uncorrected));
            parameters.muli(keep);
            Ops.addScaled(parameters, -rate, quotient);
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
    default void placeStage(
            Buffer theta, Buffer start, Buffer m, Buffer g, Buffer den, double fraction, AdamStep step) {
        double distance = fraction * step.learningRate() / step.correction1();
        forEachPart(theta.length(), (use, at, count) -> {
            INDArray move = use.floats(count);
            INDArray target = Nd4jBuffer.vector(theta, at, count);
            move.assign(Nd4jBuffer.vector(m, at, count));
            move.muli(step.beta1());
            Ops.addScaled(move, 1 - step.beta1(), Nd4jBuffer.vector(g, at, count));
            move.divi(Nd4jBuffer.vector(den, at, count));
            Ops.clamp(move, step.mostMove() * step.correction1());
            target.assign(Nd4jBuffer.vector(start, at, count));
            Ops.addScaled(target, -distance, move);
        });
    }

    @Override
    default double differenceProduct(Buffer a, Buffer b, Buffer c, Buffer d, Buffer den) {
        double[] sum = {0};
        forEachPart(a.length(), (use, at, count) -> {
            INDArray first = use.doubles(count);
            INDArray second = use.doubles(count);
            INDArray other = use.doubles(count);
            first.assign(Nd4jBuffer.vector(a, at, count));
            first.subi(other.assign(Nd4jBuffer.vector(b, at, count)));
            second.assign(Nd4jBuffer.vector(c, at, count));
            second.subi(other.assign(Nd4jBuffer.vector(d, at, count)));
            second.divi(other.assign(Nd4jBuffer.vector(den, at, count)));
            sum[0] += Nd4j.getBlasWrapper().dot(first, second);
        });
        return sum[0];
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
