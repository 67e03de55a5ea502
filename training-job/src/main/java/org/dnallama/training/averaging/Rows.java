package org.dnallama.training.averaging;

import java.util.ArrayList;
import java.util.List;
import org.dnallama.model.Batch;
import org.dnallama.model.Batches;
import org.dnallama.model.Head;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A worker's rows of one step, as they travel in DL4J's data sets. Features hold token ids, shape (rows, tokens), with
 * -1 behind a row's end. Labels hold each row's class and what names the worker's randomness, shape (rows, 3): class,
 * step, worker. All are whole numbers below 2^24, which float32 holds exactly.
 *
 * @param tokens of each row
 * @param classes of each row; 0 for a language model
 * @param step from 1
 * @param worker from 0
 */
@SuppressWarnings("ArrayRecordComponent")
record Rows(List<int[]> tokens, int[] classes, long step, int worker) {

    private static final int LABELS = 3;

    /** Takes rows out of a batch. */
    static Rows of(Batch batch, Head head, long step, int worker) {
        List<int[]> tokens = new ArrayList<>();
        for (int r = 0; r < batch.rows(); r++) {
            int start = r * batch.sequenceLength();
            tokens.add(java.util.Arrays.copyOfRange(batch.tokens(), start, start + batch.lengths()[r]));
        }
        int[] classes = head == Head.CLASSIFIER ? batch.targets() : new int[batch.rows()];
        return new Rows(tokens, classes, step, worker);
    }

    /** Packs them. */
    DataSet toDataSet() {
        int longest = tokens.stream().mapToInt(row -> row.length).max().orElseThrow();
        float[][] features = new float[tokens.size()][longest];
        float[][] labels = new float[tokens.size()][];
        for (int r = 0; r < features.length; r++) {
            int[] row = tokens.get(r);
            for (int t = 0; t < longest; t++) {
                features[r][t] = t < row.length ? row[t] : -1;
            }
            labels[r] = new float[] {classes[r], step, worker};
        }
        return new DataSet(Nd4j.createFromArray(features), Nd4j.createFromArray(labels));
    }

    /** Unpacks them. */
    static Rows of(INDArray features, INDArray labels) {
        float[][] ids = features.toFloatMatrix();
        float[][] names = labels.toFloatMatrix();
        List<int[]> tokens = new ArrayList<>();
        int[] classes = new int[ids.length];
        for (int r = 0; r < ids.length; r++) {
            int length = 0;
            while (length < ids[r].length && ids[r][length] >= 0) {
                length++;
            }
            int[] row = new int[length];
            for (int t = 0; t < length; t++) {
                row[t] = (int) ids[r][t];
            }
            tokens.add(row);
            if (names[r].length != LABELS) {
                throw new IllegalStateException("labels of " + names[r].length + " numbers");
            }
            classes[r] = (int) names[r][0];
        }
        return new Rows(tokens, classes, (long) names[0][1], (int) names[0][2]);
    }

    /** Cut into batches of so many rows. */
    List<Batch> batches(Recipe recipe) {
        int size = recipe.training().microBatch();
        List<Batch> batches = new ArrayList<>();
        for (int at = 0; at < tokens.size(); at += size) {
            int end = Math.min(tokens.size(), at + size);
            List<int[]> some = tokens.subList(at, end);
            batches.add(
                    recipe.head() == Head.CLASSIFIER
                            ? Batches.classifier(some, recipe.padId(), java.util.Arrays.copyOfRange(classes, at, end))
                            : Batches.languageModel(some, recipe.padId()));
        }
        return batches;
    }
}
