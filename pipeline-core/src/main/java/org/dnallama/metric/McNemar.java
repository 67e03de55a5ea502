package org.dnallama.metric;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.apache.commons.math3.distribution.BinomialDistribution;

/**
 * Whether two classifiers are right equally often, from the rows where only one of them is (McNemar's exact test).
 *
 * @param onlyFirst rows that only the first predicts rightly
 * @param onlySecond rows that only the second predicts rightly
 * @see <a href="https://doi.org/10.1007/BF02295996">McNemar 1947</a>
 */
public record McNemar(int onlyFirst, int onlySecond) {

    /**
     * Counts the rows.
     *
     * @param first whether the first is right, row by row
     * @param second whether the second is right, as many rows
     * @return the test
     */
    static McNemar of(boolean[] first, boolean[] second) {
        int onlyFirst = 0;
        int onlySecond = 0;
        for (int i = 0; i < first.length; i++) {
            onlyFirst += first[i] && !second[i] ? 1 : 0;
            onlySecond += second[i] && !first[i] ? 1 : 0;
        }
        return new McNemar(onlyFirst, onlySecond);
    }

    /**
     * Probability, were both right equally often, of a split of these rows at least as uneven: twice the binomial tail.
     *
     * @return in (0, 1]; 1 when there is no such row
     */
    public double p() {
        int rows = onlyFirst + onlySecond;
        // Without a generator: nothing is drawn from it.
        BinomialDistribution evenly = new BinomialDistribution(null, rows, 0.5);
        return Math.min(1, 2 * evenly.cumulativeProbability(Math.min(onlyFirst, onlySecond)));
    }

    /**
     * The test for a file.
     *
     * @return keys onlyFirstRight, onlySecondRight, p
     */
    public ObjectNode toJson() {
        return JsonNodeFactory.instance
                .objectNode()
                .put("onlyFirstRight", onlyFirst)
                .put("onlySecondRight", onlySecond)
                .put("p", p());
    }
}
