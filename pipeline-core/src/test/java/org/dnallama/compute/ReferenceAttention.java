package org.dnallama.compute;

import static org.dnallama.compute.ReferenceBuffer.of;

/** Attention, a double loop over queries and the keys that they see. */
interface ReferenceAttention extends ModelKernels {

    @Override
    default void attention(Matrix out, Buffer logSumExp, Matrix qkv, KeyRanges ranges, AttentionShape shape) {
        for (int token = 0; token < shape.tokens(); token++) {
            for (int head = 0; head < shape.heads(); head++) {
                double[] scores = scores(qkv, ranges, shape, token, head);
                double max = Double.NEGATIVE_INFINITY;
                for (double score : scores) {
                    max = Math.max(max, score);
                }
                double sum = 0;
                for (double score : scores) {
                    sum += Math.exp(score - max);
                }
                double lse = max + Math.log(sum);
                of(logSumExp).set((long) token * shape.heads() + head, lse);
                for (int d = 0; d < shape.headDim(); d++) {
                    double mean = 0;
                    for (int j = 0; j < scores.length; j++) {
                        int key = firstKey(ranges, shape, token) + j;
                        mean += Math.exp(scores[j] - lse) * at(qkv, key, value(shape, head, d));
                    }
                    put(out, token, head * shape.headDim() + d, Into.SET, mean);
                }
            }
        }
    }

    @Override
    default void attentionBackward(
            Matrix dQkv,
            Matrix dOut,
            Matrix out,
            Buffer logSumExp,
            Matrix qkv,
            KeyRanges ranges,
            AttentionShape shape) {
        for (int r = 0; r < dQkv.rows(); r++) {
            for (int c = 0; c < dQkv.columns(); c++) {
                put(dQkv, r, c, Into.SET, 0);
            }
        }
        double root = Math.sqrt(shape.headDim());
        for (int token = 0; token < shape.tokens(); token++) {
            for (int head = 0; head < shape.heads(); head++) {
                double[] scores = scores(qkv, ranges, shape, token, head);
                double lse = of(logSumExp).at((long) token * shape.heads() + head);
                double dot = 0; // sum over d of dOut out = sum over keys of probability times its gradient
                for (int d = 0; d < shape.headDim(); d++) {
                    int column = head * shape.headDim() + d;
                    dot += at(dOut, token, column) * at(out, token, column);
                }
                for (int j = 0; j < scores.length; j++) {
                    int key = firstKey(ranges, shape, token) + j;
                    double probability = Math.exp(scores[j] - lse);
                    double dProbability = 0;
                    for (int d = 0; d < shape.headDim(); d++) {
                        double dOutHere = at(dOut, token, head * shape.headDim() + d);
                        dProbability += dOutHere * at(qkv, key, value(shape, head, d));
                        put(dQkv, key, value(shape, head, d), Into.ADD, probability * dOutHere);
                    }
                    double dScore = probability * (dProbability - dot) / root;
                    for (int d = 0; d < shape.headDim(); d++) {
                        int q = head * shape.headDim() + d;
                        int k = key(shape, head, d);
                        put(dQkv, token, q, Into.ADD, dScore * at(qkv, key, k));
                        put(dQkv, key, k, Into.ADD, dScore * at(qkv, token, q));
                    }
                }
            }
        }
    }

    @Override
    default void cachedAttention(
            Matrix out, Matrix queries, Matrix keysValues, KeyRanges ranges, AttentionShape shape) {
        int capacity = keysValues.rows() / shape.batch();
        for (int token = 0; token < shape.tokens(); token++) {
            int cache = token / shape.sequenceLength() * capacity;
            for (int head = 0; head < shape.heads(); head++) {
                int key = head / (shape.heads() / shape.kvHeads()) * shape.headDim();
                int value = key + shape.kvHeads() * shape.headDim();
                double sum = 0;
                double[] weighted = new double[shape.headDim()];
                for (int j = ranges.first()[token]; j < ranges.end()[token]; j++) {
                    double dot = 0;
                    for (int d = 0; d < shape.headDim(); d++) {
                        dot += at(queries, token, head * shape.headDim() + d) * at(keysValues, cache + j, key + d);
                    }
                    double weight = Math.exp(dot / Math.sqrt(shape.headDim()));
                    sum += weight;
                    for (int d = 0; d < shape.headDim(); d++) {
                        weighted[d] += weight * at(keysValues, cache + j, value + d);
                    }
                }
                for (int d = 0; d < shape.headDim(); d++) {
                    put(out, token, head * shape.headDim() + d, Into.SET, weighted[d] / sum);
                }
            }
        }
    }

    /** One query's scores, for the keys from the first that it sees. */
    private static double[] scores(Matrix qkv, KeyRanges ranges, AttentionShape shape, int token, int head) {
        double[] scores = new double[ranges.end()[token] - ranges.first()[token]];
        for (int j = 0; j < scores.length; j++) {
            double dot = 0;
            for (int d = 0; d < shape.headDim(); d++) {
                double q = at(qkv, token, head * shape.headDim() + d);
                dot += q * at(qkv, firstKey(ranges, shape, token) + j, key(shape, head, d));
            }
            scores[j] = dot / Math.sqrt(shape.headDim());
        }
        return scores;
    }

    /** Row in the batch of the first key that a token sees. */
    private static int firstKey(KeyRanges ranges, AttentionShape shape, int token) {
        return token / shape.sequenceLength() * shape.sequenceLength() + ranges.first()[token];
    }

    /** Column of the key that belongs to a query head. */
    private static int key(AttentionShape shape, int head, int d) {
        int kvHead = head / (shape.heads() / shape.kvHeads());
        return (shape.heads() + kvHead) * shape.headDim() + d;
    }

    /** Column of the value that belongs to a query head. */
    private static int value(AttentionShape shape, int head, int d) {
        return key(shape, head, d) + shape.kvHeads() * shape.headDim();
    }

    static double at(Matrix matrix, int row, int column) {
        return of(matrix.buffer()).at((long) row * matrix.stride() + column);
    }

    static void put(Matrix matrix, int row, int column, Into into, double value) {
        long place = (long) row * matrix.stride() + column;
        of(matrix.buffer()).set(place, into == Into.ADD ? of(matrix.buffer()).at(place) + value : value);
    }
}
