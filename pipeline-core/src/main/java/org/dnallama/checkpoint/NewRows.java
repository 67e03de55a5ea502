package org.dnallama.checkpoint;

import java.util.List;
import java.util.random.RandomGenerator;
import org.dnallama.compute.Buffer;
import org.dnallama.config.Seeds;
import org.dnallama.model.Parameters;

/** The rows of new tokens in one table (embedding or language-model head), made from the rows of the old ones. */
final class NewRows {

    private final Parameters theta;
    private final String table;
    private final VocabularyExtension extension;
    private final float[] row;
    private final double[] mean;

    /**
     * Looks at the old rows.
     *
     * @param theta holds the table, its first {@code baseVocabulary} rows filled
     */
    NewRows(Parameters theta, String table, VocabularyExtension extension) {
        this.theta = theta;
        this.table = table;
        this.extension = extension;
        this.row = new float[theta.matrix(table).columns()];
        this.mean = new double[row.length];
        for (int id = 0; id < extension.baseVocabulary(); id++) {
            add(mean, id);
        }
        divide(mean, extension.baseVocabulary());
    }

    /** Fills the rows from the base vocabulary to this size. */
    void fill(int vocabularySize, Seeds seeds) {
        double[] deviation = extension.rule() == VocabularyExtension.Rule.NORMAL ? deviation() : new double[0];
        for (int id = extension.baseVocabulary(); id < vocabularySize; id++) {
            switch (extension.rule()) {
                case MEAN -> set(mean);
                case NORMAL -> draw(deviation, seeds.stream("vocabulary extension " + table, id));
                case AVERAGE -> average(extension.piecesOf(id));
            }
            theta.backend().write(at(id), row);
        }
    }

    private void average(List<Integer> pieces) {
        if (pieces.isEmpty()) {
            set(mean);
            return;
        }
        double[] sum = new double[row.length];
        pieces.forEach(piece -> add(sum, piece));
        divide(sum, pieces.size());
        set(sum);
    }

    private void draw(double[] deviation, RandomGenerator random) {
        for (int c = 0; c < row.length; c++) {
            row[c] = (float) (mean[c] + deviation[c] * random.nextGaussian());
        }
    }

    /** Of each column, over the old rows. */
    private double[] deviation() {
        double[] squares = new double[row.length];
        for (int id = 0; id < extension.baseVocabulary(); id++) {
            theta.backend().read(at(id), row);
            for (int c = 0; c < row.length; c++) {
                squares[c] += (row[c] - mean[c]) * (row[c] - mean[c]);
            }
        }
        divide(squares, extension.baseVocabulary());
        for (int c = 0; c < squares.length; c++) {
            squares[c] = Math.sqrt(squares[c]);
        }
        return squares;
    }

    private void add(double[] sum, int id) {
        theta.backend().read(at(id), row);
        for (int c = 0; c < row.length; c++) {
            sum[c] += row[c];
        }
    }

    private static void divide(double[] sum, int count) {
        for (int c = 0; c < sum.length; c++) {
            sum[c] /= count;
        }
    }

    private void set(double[] values) {
        for (int c = 0; c < row.length; c++) {
            row[c] = (float) values[c];
        }
    }

    private Buffer at(int id) {
        return theta.buffer(table).slice((long) id * row.length, row.length);
    }
}
