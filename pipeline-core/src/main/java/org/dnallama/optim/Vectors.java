package org.dnallama.optim;

import java.util.List;
import org.dnallama.compute.AdamStep;
import org.dnallama.compute.Buffer;
import org.dnallama.model.Parameters;
import org.dnallama.model.Parameters.Bucket;
import org.dnallama.model.TensorSpec.Decay;

/** Vector operations of the optimizer kernels, over all buckets of parameters. */
final class Vectors {

    private Vectors() {}

    static double norm(Parameters x) {
        double sum = 0;
        for (Bucket bucket : x.buckets()) {
            sum += x.backend().sumOfSquares(bucket.buffer());
        }
        return Math.sqrt(sum);
    }

    static void scale(Parameters x, double factor) {
        x.buckets().forEach(bucket -> x.backend().scale(bucket.buffer(), factor));
    }

    /** y = factor * x. */
    static void setScaled(Parameters y, double factor, Parameters x) {
        y.copyFrom(x);
        scale(y, factor);
    }

    /** y += factor * x. */
    static void addScaled(Parameters y, double factor, Parameters x) {
        for (int b = 0; b < y.buckets().size(); b++) {
            y.backend().addScaled(at(y, b), factor, at(x, b));
        }
    }

    static void adamW(Parameters theta, Parameters m, Parameters v, Parameters g, AdamStep step) {
        List<Bucket> buckets = theta.buckets();
        for (int b = 0; b < buckets.size(); b++) {
            AdamStep own = buckets.get(b).decay() == Decay.DECAYED ? step : step.withoutDecay();
            theta.backend().adamW(at(theta, b), at(m, b), at(v, b), at(g, b), own);
        }
    }

    static void adamDenominator(Parameters den, Parameters v, Parameters g, AdamStep step) {
        for (int b = 0; b < den.buckets().size(); b++) {
            den.backend().adamDenominator(at(den, b), at(v, b), at(g, b), step);
        }
    }

    /** Sum over all buckets of (a - b)(c - d) / den. */
    static double differenceProduct(Parameters a, Parameters b, Parameters c, Parameters d, Parameters den) {
        double sum = 0;
        for (int i = 0; i < a.buckets().size(); i++) {
            sum += a.backend().differenceProduct(at(a, i), at(b, i), at(c, i), at(d, i), at(den, i));
        }
        return sum;
    }

    static Buffer at(Parameters x, int bucket) {
        return x.buckets().get(bucket).buffer();
    }
}
