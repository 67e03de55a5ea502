package org.dnallama.evaluation;

import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.dnallama.shard.LabelledSequence;

/** A classifier on an executor. */
public interface Scorer extends AutoCloseable {

    /**
     * Scores one batch.
     *
     * @param rows the batch; the labels are not to be looked at
     * @return probability of class 1, one for each row
     */
    double[] scores(List<LabelledSequence> rows);

    /**
     * Whether a sequence is longer than what the classifier can read at once.
     *
     * @param row the sequence
     * @return true if its score rests on a part, or on several parts
     */
    default boolean isTooLong(LabelledSequence row) {
        return false;
    }

    /**
     * What each base adds to a sequence's score, to first order.
     *
     * @param row the sequence
     * @return one number a base; empty if the classifier cannot tell, or not for a sequence that is too long
     */
    default Optional<double[]> saliency(LabelledSequence row) {
        return Optional.empty();
    }

    @Override
    void close();

    /** Makes scorers where they are needed; travels to the executors. */
    interface Factory extends Serializable {

        /**
         * Loads a classifier.
         *
         * @param checkpoint its folder
         * @param hadoop file system settings
         * @return the scorer, to be closed by the caller
         * @throws IOException if the checkpoint cannot be read
         */
        Scorer open(String checkpoint, Configuration hadoop) throws IOException;
    }
}
