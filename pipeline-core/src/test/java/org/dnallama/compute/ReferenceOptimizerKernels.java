package org.dnallama.compute;

import static org.dnallama.compute.ReferenceBuffer.of;

/** The optimizers' kernels, as their Javadoc has them. */
interface ReferenceOptimizerKernels extends OptimizerKernels {

    @Override
    default void fill(Buffer x, double value) {
        for (long i = 0; i < x.length(); i++) {
            of(x).set(i, value);
        }
    }

    @Override
    default void copy(Buffer y, Buffer x) {
        sameLength(y, x);
        for (long i = 0; i < x.length(); i++) {
            of(y).set(i, of(x).at(i));
        }
    }

    @Override
    default void scale(Buffer x, double factor) {
        for (long i = 0; i < x.length(); i++) {
            of(x).set(i, of(x).at(i) * factor);
        }
    }

    @Override
    default void addScaled(Buffer y, double factor, Buffer x) {
        sameLength(y, x);
        for (long i = 0; i < x.length(); i++) {
            of(y).add(i, factor * of(x).at(i));
        }
    }

    @Override
    default double sumOfSquares(Buffer x) {
        double sum = 0;
        for (long i = 0; i < x.length(); i++) {
            sum += of(x).at(i) * of(x).at(i);
        }
        return sum;
    }

    @Override
    default void adamW(Buffer theta, Buffer m, Buffer v, Buffer g, AdamStep step) {
        sameLength(theta, m, v, g);
        for (long i = 0; i < theta.length(); i++) {
            double gradient = of(g).at(i);
            double first = step.beta1() * of(m).at(i) + (1 - step.beta1()) * gradient;
            double second = step.beta2() * of(v).at(i) + (1 - step.beta2()) * gradient * gradient;
            double decayed = of(theta).at(i) * (1 - step.learningRate() * step.weightDecay());
            double root = Math.sqrt(second / step.correction2()) + step.epsilon();
            of(m).set(i, first);
            of(v).set(i, second);
            of(theta).set(i, decayed - step.learningRate() * (first / step.correction1()) / root);
        }
    }

    @Override
    default void adamDenominator(Buffer den, Buffer v, Buffer g, AdamStep step) {
        sameLength(den, v, g);
        for (long i = 0; i < den.length(); i++) {
            double gradient = of(g).at(i);
            double second = step.beta2() * of(v).at(i) + (1 - step.beta2()) * gradient * gradient;
            of(den).set(i, Math.sqrt(second / step.correction2()) + step.epsilon());
        }
    }

    @Override
    default void placeStage(
            Buffer theta, Buffer start, Buffer m, Buffer g, Buffer den, double fraction, AdamStep step) {
        sameLength(theta, start, m, g, den);
        for (long i = 0; i < theta.length(); i++) {
            double first = step.beta1() * of(m).at(i) + (1 - step.beta1()) * of(g).at(i);
            double move = first / (step.correction1() * of(den).at(i));
            double clamped = Math.max(-step.mostMove(), Math.min(step.mostMove(), move));
            of(theta).set(i, of(start).at(i) - fraction * step.learningRate() * clamped);
        }
    }

    @Override
    default double differenceProduct(Buffer a, Buffer b, Buffer c, Buffer d, Buffer den) {
        sameLength(a, b, c, d, den);
        double sum = 0;
        for (long i = 0; i < a.length(); i++) {
            sum += (of(a).at(i) - of(b).at(i)) * (of(c).at(i) - of(d).at(i)) / of(den).at(i);
        }
        return sum;
    }

    private static void sameLength(Buffer first, Buffer... others) {
        for (Buffer other : others) {
            if (other.length() != first.length()) {
                throw new IllegalArgumentException("lengths %d and %d".formatted(first.length(), other.length()));
            }
        }
    }
}
