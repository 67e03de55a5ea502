package org.dnallama.train;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.dnallama.config.TrainingException;
import org.dnallama.metric.BinaryMetrics;
import org.dnallama.model.Batch;
import org.dnallama.model.Classifier;
import org.dnallama.model.Objective;
import org.dnallama.model.Parameters;

/** Measures on held-out batches, spread over lanes; a loss that is not finite is a {@link TrainingException}. */
final class HeldOut {

    private HeldOut() {}

    /** Mean loss, nats per target. */
    static double meanLoss(Lanes<? extends Objective> lanes, Parameters theta, List<Batch> batches) {
        double[] losses = new double[batches.size()];
        lanes.run(lane -> {
            for (int i = lane; i < losses.length; i += lanes.count()) {
                losses[i] = lanes.model(lane).loss(theta, batches.get(i));
            }
        });
        double sum = 0;
        for (double loss : losses) {
            sum += loss;
        }
        return finite(sum / batches.stream().mapToLong(Batch::targetCount).sum());
    }

    /** Loss and MCC of a classifier at threshold 0.5; the score is the MCC. */
    static Evaluator.Result classification(Lanes<Classifier> lanes, Parameters theta, List<Batch> batches) {
        double[][] parts = new double[batches.size()][];
        lanes.run(lane -> {
            for (int i = lane; i < parts.length; i += lanes.count()) {
                parts[i] = lanes.model(lane).probabilities(theta, batches.get(i));
            }
        });
        int rows = batches.stream().mapToInt(Batch::rows).sum();
        double[] scores = new double[rows];
        int[] labels = new int[rows];
        int at = 0;
        for (int i = 0; i < parts.length; i++) {
            for (int r = 0; r < parts[i].length; r++) {
                scores[at] = parts[i][r];
                labels[at] = batches.get(i).targets()[r];
                at++;
            }
        }
        return result(new Scored(scores, labels));
    }

    /**
     * Probabilities of class 1, and the classes.
     *
     * @param scores one a row
     * @param labels 0 or 1, one a row
     */
    @SuppressWarnings("ArrayRecordComponent")
    record Scored(double[] scores, int[] labels) {}

    /** Loss and MCC at threshold 0.5; the score is the MCC. */
    static Evaluator.Result result(Scored rows) {
        double loss = 0;
        for (int r = 0; r < rows.scores.length; r++) {
            double right = rows.labels[r] == 1 ? rows.scores[r] : 1 - rows.scores[r];
            loss -= Math.log(Math.max(Double.MIN_NORMAL, right));
        }
        double meanLoss = finite(loss / rows.scores.length);
        double mcc =
                BinaryMetrics.of(rows.scores, rows.labels, 0.5).counts().mcc().orElse(Double.NaN);
        Map<String, Double> values = new LinkedHashMap<>();
        values.put("devLossNats", meanLoss);
        values.put("devMcc", mcc);
        // An undefined MCC (all rows in one class) is worse than any that is defined.
        return new Evaluator.Result(values, Double.isNaN(mcc) ? -2 : mcc);
    }

    // A step may spoil the parameters after its own loss was taken: these rows are the first to see them.
    private static double finite(double loss) {
        if (!Double.isFinite(loss)) {
            throw new TrainingException("the loss on held-out rows is " + loss);
        }
        return loss;
    }
}
