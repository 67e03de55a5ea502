package org.dnallama.generate;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * How the next token is drawn from the model's logits: from softmax(logits / temperature), cut to the {@code topK} most
 * likely tokens, and these cut to the fewest that together hold at least {@code topP} of what is left.
 *
 * @param temperature below 1 likely tokens become more likely; 0 always takes the likeliest
 * @param topK tokens that may be drawn; 0 means all
 * @param topP in (0, 1]; 1 means all
 * @see <a href="https://arxiv.org/abs/1904.09751">Holtzman et al. 2020, for top-p</a>
 */
public record Sampling(double temperature, int topK, double topP) {

    /** Always the likeliest token. */
    public static final Sampling GREEDY = new Sampling(0, 0, 1);

    /** Rejects values outside of their ranges. */
    public Sampling {
        if (!(temperature >= 0) || Double.isInfinite(temperature) || topK < 0 || !(topP > 0 && topP <= 1)) {
            throw new IllegalArgumentException(
                    "no sampling: temperature = %s must be at least 0, topK = %d at least 0, topP = %s in (0, 1]"
                            .formatted(temperature, topK, topP));
        }
    }

    /**
     * Draws a token. Of equally likely ones the smaller id comes first.
     *
     * @param logits of each token, finite
     * @param random asked for one number, or for none if the temperature is 0
     * @return the token's id
     */
    public int draw(float[] logits, RandomGenerator random) {
        long[] order = order(logits);
        if (temperature == 0) {
            return id(order[0]);
        }
        int count = topK == 0 ? logits.length : Math.min(topK, logits.length);
        double[] weights = new double[count];
        double sum = 0;
        for (int i = 0; i < count; i++) {
            weights[i] = Math.exp(((double) logits[id(order[i])] - logits[id(order[0])]) / temperature);
            sum += weights[i];
        }
        double kept = 0;
        int last = 0;
        while (last < count && (last == 0 || kept < topP * sum)) {
            kept += weights[last++];
        }
        double left = random.nextDouble() * kept;
        for (int i = 0; i < last - 1; i++) {
            left -= weights[i];
            if (left < 0) {
                return id(order[i]);
            }
        }
        return id(order[last - 1]);
    }

    /** Ids from the likeliest on, each packed below a number that sorts as its logit does, turned round. */
    private static long[] order(float[] logits) {
        long[] order = new long[logits.length];
        for (int i = 0; i < order.length; i++) {
            // Adding 0 turns -0 into 0, which would sort before it.
            int bits = Float.floatToIntBits(logits[i] + 0f);
            int ascending = bits < 0 ? bits ^ Integer.MAX_VALUE : bits;
            order[i] = (long) ~ascending << 32 | i;
        }
        Arrays.sort(order);
        return order;
    }

    private static int id(long packed) {
        return (int) packed;
    }
}
