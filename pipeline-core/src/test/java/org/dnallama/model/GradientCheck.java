package org.dnallama.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.dnallama.compute.Backend;
import org.dnallama.compute.ReferenceBackend;

/** Holds an objective's explicit gradient against central differences, and a fast backend's against float64's. */
final class GradientCheck {

    private GradientCheck() {}

    /**
     * Moves four numbers of every tensor. Central differences in float64 with h = 1e-5 err by about h^2 = 1e-10; 1e-7
     * leaves room for the third derivative.
     */
    static void centralDifferences(Objective model, Parameters theta, Batch batch, Dropouts dropout) {
        try (Parameters gradient = theta.zerosLike();
                Parameters scratch = theta.zerosLike()) {
            model.lossAndGradient(theta, batch, dropout, 1, gradient);
            SplittableRandom random = new SplittableRandom(1);
            for (TensorSpec spec : theta.specs()) {
                for (int trial = 0; trial < 4; trial++) {
                    int i = random.nextInt((int) spec.length());
                    double[] values = ReferenceBackend.values(theta.buffer(spec.name()));
                    double h = 1e-5;
                    double at = values[i];
                    values[i] = at + h;
                    ReferenceBackend.set(theta.buffer(spec.name()), values);
                    double above = model.lossAndGradient(theta, batch, dropout, 1, scratch);
                    values[i] = at - h;
                    ReferenceBackend.set(theta.buffer(spec.name()), values);
                    double below = model.lossAndGradient(theta, batch, dropout, 1, scratch);
                    values[i] = at;
                    ReferenceBackend.set(theta.buffer(spec.name()), values);
                    double measured = (above - below) / (2 * h);
                    double claimed = ReferenceBackend.values(gradient.buffer(spec.name()))[i];
                    assertThat(claimed)
                            .as("%s[%d]", spec.name(), i)
                            .isCloseTo(measured, within(1e-7 * Math.max(1, Math.abs(measured))));
                }
            }
        }
    }

    /**
     * float32 keeps 24 bits; sums of some hundred products lose a few of them, so 2e-5 of the tensor's largest entry.
     */
    static void sameGradients(Parameters expected, Parameters actual) {
        for (TensorSpec spec : expected.specs()) {
            double[] wanted = ReferenceBackend.values(expected.buffer(spec.name()));
            float[] got = values(actual, spec.name());
            double largest = Arrays.stream(wanted).map(Math::abs).max().orElse(0);
            for (int i = 0; i < got.length; i++) {
                assertThat((double) got[i])
                        .as("%s[%d]", spec.name(), i)
                        .isCloseTo(wanted[i], within(2e-5 * Math.max(largest, 1e-3)));
            }
        }
    }

    static float[] values(Parameters parameters, String name) {
        Backend backend = parameters.backend();
        float[] values = new float[(int) parameters.buffer(name).length()];
        backend.read(parameters.buffer(name), values);
        return values;
    }
}
