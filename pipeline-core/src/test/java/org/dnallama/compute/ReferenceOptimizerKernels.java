package org.dnallama.compute;

import static org.dnallama.compute.ReferenceBuffer.of;

import org.jspecify.annotations.Nullable;

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
    default double squaredDistance(Buffer a, Buffer b) {
        sameLength(a, b);
        double sum = 0;
        for (long i = 0; i < a.length(); i++) {
            sum += Math.pow(of(a).at(i) - of(b).at(i), 2);
        }
        return sum;
    }

    @Override
    default void move(Buffer y, Buffer x, double factor, Blend direction) {
        sameLength(y, x);
        for (long i = 0; i < x.length(); i++) {
            of(y).set(i, of(x).at(i) + factor * blended(direction, i));
        }
    }

    @Override
    default void adam(Buffer theta, Buffer start, Buffer m, Buffer v, Blend g, AdamStep step) {
        sameLength(theta, start, m, v);
        for (long i = 0; i < theta.length(); i++) {
            double gradient = blended(g, i);
            double first = step.beta1() * of(m).at(i) + (1 - step.beta1()) * gradient;
            double second = step.beta2() * of(v).at(i) + (1 - step.beta2()) * gradient * gradient;
            double direction = step.momentWeight() * first + step.gradientWeight() * gradient;
            double decayed = of(start).at(i) * (1 - step.learningRate() * step.weightDecay());
            double root = Math.sqrt(second / step.correction2()) + step.epsilon();
            of(m).set(i, first);
            of(v).set(i, second);
            of(theta).set(i, decayed - step.learningRate() * direction / root);
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
    default void placeStage(Buffer theta, Buffer start, Buffer m, Blend g, Buffer den, double fraction, AdamStep step) {
        sameLength(theta, start, m, den);
        for (long i = 0; i < theta.length(); i++) {
            double first = step.beta1() * of(m).at(i) + (1 - step.beta1()) * blended(g, i);
            double move = first / (step.correction1() * of(den).at(i));
            double clamped = Math.max(-step.mostMove(), Math.min(step.mostMove(), move));
            of(theta).set(i, of(start).at(i) - fraction * step.learningRate() * clamped);
        }
    }

    @Override
    default StageDifferences stageDifferences(Buffer g1, Buffer g2, Buffer g3, @Nullable Buffer den) {
        sameLength(g1, g2, g3);
        StageDifferences sums = StageDifferences.NONE;
        for (long i = 0; i < g1.length(); i++) {
            double d = of(g2).at(i) - of(g1).at(i);
            double e = of(g3).at(i) - of(g2).at(i);
            double weight = den == null ? 1 : 1 / of(den).at(i);
            sums = sums.plus(new StageDifferences(d * d, e * e, d * d * weight, d * e * weight));
        }
        return sums;
    }

    private static double blended(Blend blend, long i) {
        double base = of(blend.base()).at(i);
        double sum = base;
        for (Blend.Term term : blend.terms()) {
            sum += term.weight() * (of(term.vector()).at(i) - base);
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
