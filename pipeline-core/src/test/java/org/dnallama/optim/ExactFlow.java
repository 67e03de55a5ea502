package org.dnallama.optim;

import java.util.Arrays;
import java.util.function.UnaryOperator;

/** Where a flow leads in time 1, in float64 and in many short steps of the classical Runge-Kutta method. */
final class ExactFlow {

    private ExactFlow() {}

    /** Follows d(x)/dt = slope(x). */
    static double[] end(UnaryOperator<double[]> slope, double[] start, int steps) {
        double[] x = start.clone();
        for (int n = 0; n < steps; n++) {
            double[] at = x;
            double[] k1 = slope.apply(at);
            double[] k2 = slope.apply(moved(at, 0.5 / steps, k1));
            double[] k3 = slope.apply(moved(at, 0.5 / steps, k2));
            double[] k4 = slope.apply(moved(at, 1.0 / steps, k3));
            x = new double[at.length];
            Arrays.setAll(x, i -> at[i] + (k1[i] + 2 * k2[i] + 2 * k3[i] + k4[i]) / (6.0 * steps));
        }
        return x;
    }

    private static double[] moved(double[] x, double time, double[] slope) {
        double[] y = x.clone();
        Arrays.setAll(y, i -> x[i] + time * slope[i]);
        return y;
    }
}
