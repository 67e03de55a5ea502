package org.dnallama.optim;

import java.util.List;
import java.util.stream.IntStream;
import org.dnallama.compute.Blend;
import org.dnallama.model.Parameters;

/**
 * A weighted mean of gradients; those of weight 0 have no part in it.
 *
 * @param vectors the gradients
 * @param weights sum to 1
 */
record Combination(List<Parameters> vectors, List<Double> weights) {

    /** Leaves out what does not count. */
    Combination {
        List<Parameters> all = vectors;
        List<Double> given = weights;
        int[] used =
                IntStream.range(0, given.size()).filter(i -> given.get(i) != 0).toArray();
        vectors = IntStream.of(used).mapToObj(all::get).toList();
        weights = IntStream.of(used).mapToObj(given::get).toList();
    }

    static Combination of(Parameters gradient) {
        return new Combination(List.of(gradient), List.of(1.0));
    }

    /** The mean of one bucket. */
    Blend at(int bucket) {
        List<Blend.Term> terms = IntStream.range(1, vectors.size())
                .mapToObj(i -> new Blend.Term(Vectors.at(vectors.get(i), bucket), weights.get(i)))
                .toList();
        return new Blend(Vectors.at(vectors.get(0), bucket), terms);
    }
}
