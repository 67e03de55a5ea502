package org.dnallama.plan;

/**
 * A network between ranks by the alpha-beta model: a message of n bytes takes latency + n / bandwidth.
 *
 * @param name such as {@code ethernet-100}
 * @param latencySeconds alpha, of one message
 * @param bytesPerSecond 1 / beta, what each rank sends and at the same time receives
 * @see <a href="https://doi.org/10.1177/1094342005051521">Thakur, Rabenseifner and Gropp 2005, for the costs</a>
 */
record Network(String name, double latencySeconds, double bytesPerSecond) {

    /**
     * Time until all ranks have the sum, by the faster of two algorithms. Ring: 2 (p - 1) messages of n / p bytes.
     * Tree: a reduction up and a broadcast down, each log2 p messages long and pipelined, so that a rank passes n bytes
     * on twice.
     *
     * @param bytes n, of all buckets together
     * @param buckets that are reduced one after another, each with latencies of its own
     * @param ranks p
     */
    double allReduceSeconds(double bytes, long buckets, int ranks) {
        if (ranks == 1) {
            return 0;
        }
        double ring = 2.0 * (ranks - 1) * (buckets * latencySeconds + bytes / ranks / bytesPerSecond);
        double levels = Math.ceil(Math.log(ranks) / Math.log(2));
        double tree = 2 * (levels * buckets * latencySeconds + bytes / bytesPerSecond);
        return Math.min(ring, tree);
    }

    /** Bytes that each rank must send, whatever the algorithm: 2 (p - 1) / p of n. */
    static double bytesSent(double bytes, int ranks) {
        return 2.0 * (ranks - 1) / ranks * bytes;
    }
}
