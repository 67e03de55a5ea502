package org.dnallama.optim;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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

    /** ||a - b||. */
    static double distance(Parameters a, Parameters b) {
        double sum = 0;
        for (int i = 0; i < a.buckets().size(); i++) {
            sum += a.backend().squaredDistance(at(a, i), at(b, i));
        }
        return Math.sqrt(sum);
    }

    /** One update of the Adam family from a mean of gradients; theta may be start. */
    static void adam(
            Parameters theta, Parameters start, Parameters m, Parameters v, Combination gradient, AdamStep step) {
        List<Bucket> buckets = theta.buckets();
        for (int b = 0; b < buckets.size(); b++) {
            AdamStep own = buckets.get(b).decay() == Decay.DECAYED ? step : step.withoutDecay();
            theta.backend().adam(at(theta, b), at(start, b), at(m, b), at(v, b), gradient.at(b), own);
        }
    }

    /** What the Adam family has to keep. */
    static Map<String, Parameters> moments(Parameters m, Parameters v) {
        Map<String, Parameters> state = new LinkedHashMap<>();
        state.put("m", m);
        state.put("v", v);
        return state;
    }

    static Buffer at(Parameters x, int bucket) {
        return x.buckets().get(bucket).buffer();
    }
}
