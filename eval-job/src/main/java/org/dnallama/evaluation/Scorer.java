package org.dnallama.evaluation;

import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.dnallama.shard.LabelledSequence;

/** A classifier on an executor. */
interface Scorer extends AutoCloseable {

    /**
     * Scores one batch.
     *
     * @param rows the batch; the labels are not to be looked at
     * @return probability of class 1, one for each row
     */
    double[] scores(List<LabelledSequence> rows);

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
