package org.dnallama.optim;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.dnallama.compute.ReferenceBackend;
import org.dnallama.model.Parameters;
import org.dnallama.model.TensorSpec;
import org.dnallama.model.TensorSpec.Decay;

/** Small problems in float64. */
final class Toy {

    private Toy() {}

    /** The defaults of {@code reference.conf}, with weight decay and guard off. */
    static final OptimizerSettings PLAIN =
            new OptimizerSettings(OptimizerSettings.Kind.KT4, 0.9, 0.999, 1e-8, 0, 0, Tableau.CLASSIC_4);

    static OptimizerSettings with(double weightDecay, double guard) {
        return new OptimizerSettings(
                OptimizerSettings.Kind.KT4, 0.9, 0.999, 1e-8, weightDecay, guard, Tableau.CLASSIC_4);
    }

    /** One decayed vector. */
    static Parameters parameters(double... values) {
        return parameters(values, new double[0]);
    }

    /** A decayed vector and one that is not decayed, in two buckets. */
    static Parameters parameters(double[] decayed, double[] notDecayed) {
        TensorSpec first = new TensorSpec("decayed", List.of(decayed.length), Decay.DECAYED);
        TensorSpec second = new TensorSpec("not-decayed", List.of(notDecayed.length), Decay.NOT_DECAYED);
        Parameters parameters = new Parameters(
                new ReferenceBackend(),
                notDecayed.length == 0 ? List.of(List.of(first)) : List.of(List.of(first), List.of(second)));
        double[] all = Arrays.copyOf(decayed, decayed.length + notDecayed.length);
        System.arraycopy(notDecayed, 0, all, decayed.length, notDecayed.length);
        set(parameters, all);
        return parameters;
    }

    /** Numbers that were allocated on the parameters' backend so far. */
    static long allocatedNumbers(Parameters parameters) {
        return ((ReferenceBackend) parameters.backend()).allocatedNumbers();
    }

    /** All numbers, bucket after bucket. */
    static double[] values(Parameters parameters) {
        return parameters.buckets().stream()
                .flatMapToDouble(bucket -> Arrays.stream(ReferenceBackend.values(bucket.buffer())))
                .toArray();
    }

    static void set(Parameters parameters, double... values) {
        int at = 0;
        for (Parameters.Bucket bucket : parameters.buckets()) {
            int length = (int) bucket.buffer().length();
            ReferenceBackend.set(bucket.buffer(), Arrays.copyOfRange(values, at, at + length));
            at += length;
        }
    }

    /** A field with a gradient and the loss 1, the same on all of its four micro-batches. */
    static GradientField field(UnaryOperator<double[]> gradient) {
        return new GradientField() {
            @Override
            public double evaluate(Parameters theta, BatchPortion portion, Parameters target) {
                set(target, gradient.apply(values(theta)));
                return 1;
            }

            @Override
            public int microBatches() {
                return 4;
            }
        };
    }

    /** The same field, as if its batch had so many micro-batches. */
    static GradientField withMicroBatches(int count, GradientField field) {
        return new GradientField() {
            @Override
            public double evaluate(Parameters theta, BatchPortion portion, Parameters gradient) {
                return field.evaluate(theta, portion, gradient);
            }

            @Override
            public int microBatches() {
                return count;
            }
        };
    }

    /** The same constants for another tableau. */
    static OptimizerSettings with(OptimizerSettings s, Tableau tableau) {
        return new OptimizerSettings(s.kind(), s.beta1(), s.beta2(), s.epsilon(), s.weightDecay(), s.guard(), tableau);
    }

    /** gradient = h theta. */
    static GradientField quadratic(double[][] h) {
        return field(theta -> times(h, theta));
    }

    static double[] times(double[][] h, double[] x) {
        return Arrays.stream(h).mapToDouble(row -> dot(row, x)).toArray();
    }

    static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    /** Largest difference of two vectors' numbers. */
    static double distance(double[] a, double[] b) {
        double most = 0;
        for (int i = 0; i < a.length; i++) {
            most = Math.max(most, Math.abs(a[i] - b[i]));
        }
        return most;
    }

    /** One of an optimizer's moments. */
    static Parameters moment(Optimizer optimizer, String name) {
        return Objects.requireNonNull(optimizer.state().get(name), name);
    }

    /** One number of an optimizer's telemetry. */
    static double told(Optimizer optimizer, String name) {
        return Objects.requireNonNull(optimizer.telemetry().get(name), name);
    }
}
