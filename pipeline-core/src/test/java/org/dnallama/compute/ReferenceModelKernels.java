package org.dnallama.compute;

import static org.dnallama.compute.ReferenceBuffer.of;

/** The model's kernels, as their Javadoc has them. */
interface ReferenceModelKernels extends ReferenceAttention {

    @Override
    default void linear(Matrix y, Matrix x, Matrix w, Into into) {
        for (int r = 0; r < y.rows(); r++) {
            for (int o = 0; o < y.columns(); o++) {
                double sum = 0;
                for (int i = 0; i < x.columns(); i++) {
                    sum += at(x, r, i) * at(w, o, i);
                }
                put(y, r, o, into, sum);
            }
        }
    }

    @Override
    default void linearInputGradient(Matrix dx, Matrix dy, Matrix w, Into into) {
        for (int r = 0; r < dx.rows(); r++) {
            for (int i = 0; i < dx.columns(); i++) {
                double sum = 0;
                for (int o = 0; o < dy.columns(); o++) {
                    sum += at(dy, r, o) * at(w, o, i);
                }
                put(dx, r, i, into, sum);
            }
        }
    }

    @Override
    default void linearWeightGradient(Matrix dw, Matrix dy, Matrix x) {
        for (int o = 0; o < dw.rows(); o++) {
            for (int i = 0; i < dw.columns(); i++) {
                double sum = 0;
                for (int r = 0; r < dy.rows(); r++) {
                    sum += at(dy, r, o) * at(x, r, i);
                }
                put(dw, o, i, Into.ADD, sum);
            }
        }
    }

    @Override
    default void rmsNorm(Matrix y, Buffer inverseRms, Matrix x, Buffer gain, double eps) {
        for (int r = 0; r < x.rows(); r++) {
            double squares = 0;
            for (int c = 0; c < x.columns(); c++) {
                squares += at(x, r, c) * at(x, r, c);
            }
            double inverse = 1 / Math.sqrt(squares / x.columns() + eps);
            of(inverseRms).set(r, inverse);
            for (int c = 0; c < x.columns(); c++) {
                put(y, r, c, Into.SET, of(gain).at(c) * at(x, r, c) * inverse);
            }
        }
    }

    @Override
    default void rmsNormBackward(
            Matrix dx, Into into, Buffer dGain, Matrix dy, Matrix x, Buffer gain, Buffer inverseRms) {
        for (int r = 0; r < x.rows(); r++) {
            double inverse = of(inverseRms).at(r);
            double dot = 0;
            for (int c = 0; c < x.columns(); c++) {
                dot += at(dy, r, c) * of(gain).at(c) * at(x, r, c);
            }
            for (int c = 0; c < x.columns(); c++) {
                double direct = at(dy, r, c) * of(gain).at(c) * inverse;
                double throughRms = at(x, r, c) * inverse * inverse * inverse * dot / x.columns();
                put(dx, r, c, into, direct - throughRms);
                of(dGain).add(c, at(dy, r, c) * at(x, r, c) * inverse);
            }
        }
    }

    @Override
    default void rope(Matrix x, int headDim, Matrix table, int[] positions, Rotation direction) {
        int half = headDim / 2;
        double sign = direction == Rotation.FORWARD ? 1 : -1;
        for (int r = 0; r < x.rows(); r++) {
            for (int head = 0; head < x.columns(); head += headDim) {
                for (int i = 0; i < half; i++) {
                    double cos = at(table, positions[r], i);
                    double sin = sign * at(table, positions[r], half + i);
                    double a = at(x, r, head + i);
                    double b = at(x, r, head + half + i);
                    put(x, r, head + i, Into.SET, a * cos - b * sin);
                    put(x, r, head + half + i, Into.SET, b * cos + a * sin);
                }
            }
        }
    }

    @Override
    default void swiGlu(Matrix y, Matrix gateUp) {
        for (int r = 0; r < y.rows(); r++) {
            for (int c = 0; c < y.columns(); c++) {
                double gate = at(gateUp, r, c);
                put(y, r, c, Into.SET, gate / (1 + Math.exp(-gate)) * at(gateUp, r, y.columns() + c));
            }
        }
    }

    @Override
    default void swiGluBackward(Matrix dGateUp, Matrix dy, Matrix gateUp) {
        for (int r = 0; r < dy.rows(); r++) {
            for (int c = 0; c < dy.columns(); c++) {
                double gate = at(gateUp, r, c);
                double up = at(gateUp, r, dy.columns() + c);
                double sigmoid = 1 / (1 + Math.exp(-gate));
                double slope = sigmoid * (1 + gate * (1 - sigmoid));
                put(dGateUp, r, c, Into.SET, at(dy, r, c) * up * slope);
                put(dGateUp, r, dy.columns() + c, Into.SET, at(dy, r, c) * gate * sigmoid);
            }
        }
    }

    @Override
    default void embedding(Matrix y, Into into, Matrix table, int[] ids) {
        for (int r = 0; r < ids.length; r++) {
            for (int c = 0; c < y.columns(); c++) {
                put(y, r, c, into, at(table, ids[r], c));
            }
        }
    }

    @Override
    default void embeddingBackward(Matrix dTable, Matrix dy, int[] ids) {
        for (int r = 0; r < ids.length; r++) {
            for (int c = 0; c < dy.columns(); c++) {
                put(dTable, ids[r], c, Into.ADD, at(dy, r, c));
            }
        }
    }

    @Override
    default double crossEntropy(Matrix logits, int[] targets, double scale) {
        double loss = 0;
        for (int r = 0; r < logits.rows(); r++) {
            double max = Double.NEGATIVE_INFINITY;
            for (int c = 0; c < logits.columns(); c++) {
                max = Math.max(max, at(logits, r, c));
            }
            double sum = 0;
            for (int c = 0; c < logits.columns(); c++) {
                sum += Math.exp(at(logits, r, c) - max);
            }
            double logSumExp = max + Math.log(sum);
            boolean counts = targets[r] >= 0;
            loss += counts ? logSumExp - at(logits, r, targets[r]) : 0;
            for (int c = 0; c < logits.columns(); c++) {
                double probability = Math.exp(at(logits, r, c) - logSumExp);
                double gradient = scale * (probability - (c == targets[r] ? 1 : 0));
                put(logits, r, c, Into.SET, counts ? gradient : 0);
            }
        }
        return loss;
    }

    @Override
    default void dropout(Buffer x, double rate, long key) {
        for (long i = 0; i < x.length(); i++) {
            of(x).set(i, Dropout.keeps(key, i, rate) ? of(x).at(i) / (1 - rate) : 0);
        }
    }

    @Override
    default void segmentMean(Matrix y, Matrix x, int[] first, int[] end) {
        for (int s = 0; s < first.length; s++) {
            for (int c = 0; c < y.columns(); c++) {
                double sum = 0;
                for (int r = first[s]; r < end[s]; r++) {
                    sum += at(x, r, c);
                }
                put(y, s, c, Into.SET, sum / (end[s] - first[s]));
            }
        }
    }

    @Override
    default void segmentMeanBackward(Matrix dx, Matrix dy, int[] first, int[] end) {
        for (int s = 0; s < first.length; s++) {
            for (int r = first[s]; r < end[s]; r++) {
                for (int c = 0; c < dy.columns(); c++) {
                    put(dx, r, c, Into.ADD, at(dy, s, c) / (end[s] - first[s]));
                }
            }
        }
    }

    @Override
    default void segmentWeighted(Matrix y, Matrix x, Matrix w, int[] first, int[] end) {
        for (int s = 0; s < first.length; s++) {
            for (int c = 0; c < y.columns(); c++) {
                double sum = 0;
                for (int r = first[s]; r < end[s]; r++) {
                    sum += at(w, r - first[s], c) * at(x, r, c);
                }
                put(y, s, c, Into.SET, Math.sqrt(end[s] - first[s]) * sum);
            }
        }
    }

    @Override
    default void segmentWeightedBackward(Matrix dx, Matrix dw, Matrix dy, Matrix x, Matrix w, int[] first, int[] end) {
        for (int s = 0; s < first.length; s++) {
            double root = Math.sqrt(end[s] - first[s]);
            for (int r = first[s]; r < end[s]; r++) {
                for (int c = 0; c < dy.columns(); c++) {
                    put(dx, r, c, Into.ADD, root * at(dy, s, c) * at(w, r - first[s], c));
                    put(dw, r - first[s], c, Into.ADD, root * at(dy, s, c) * at(x, r, c));
                }
            }
        }
    }

    private static double at(Matrix matrix, int row, int column) {
        return ReferenceAttention.at(matrix, row, column);
    }

    private static void put(Matrix matrix, int row, int column, Into into, double value) {
        ReferenceAttention.put(matrix, row, column, into, value);
    }
}
