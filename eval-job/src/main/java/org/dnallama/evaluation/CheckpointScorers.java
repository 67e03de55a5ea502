package org.dnallama.evaluation;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.dnallama.compute.Backends;
import org.dnallama.config.InputException;
import org.dnallama.shard.LabelledSequence;
import org.dnallama.spark.HadoopStorage;
import org.dnallama.train.CheckpointScorer;

/**
 * Scorers from fine-tuned checkpoints.
 *
 * @param backend what they compute on
 * @param tooLong what they do with sequences beyond their context
 */
public record CheckpointScorers(Backends backend, TooLong tooLong) implements Scorer.Factory {

    private static final long serialVersionUID = 1L;

    /**
     * Scorers that refuse what is too long.
     *
     * @param backend what they compute on
     */
    public CheckpointScorers(Backends backend) {
        this(backend, TooLong.REFUSE);
    }

    @Override
    public Scorer open(String checkpoint, Configuration hadoop) throws IOException {
        return new FittedScorer(new CheckpointScorer(backend.open(), new HadoopStorage(checkpoint, hadoop)), tooLong);
    }

    /** Scores the pieces of sequences that do not fit. */
    private static final class FittedScorer implements Scorer {

        private final CheckpointScorer scorer;
        private final TooLong tooLong;
        private final Fitting fitting;

        FittedScorer(CheckpointScorer scorer, TooLong tooLong) {
            this.scorer = scorer;
            this.tooLong = tooLong;
            this.fitting = new Fitting(scorer::fits, tooLong);
        }

        @Override
        public boolean isTooLong(LabelledSequence row) {
            return !scorer.fits(row.sequence());
        }

        @Override
        public double[] scores(List<LabelledSequence> rows) {
            List<String> pieces = new ArrayList<>();
            List<Integer> ends = new ArrayList<>();
            for (LabelledSequence row : rows) {
                // Each look at whether a sequence fits tokenizes it, so there is one of them.
                if (tooLong == TooLong.REFUSE) {
                    requireFit(row);
                    pieces.add(row.sequence());
                } else {
                    pieces.addAll(fitting.pieces(row.sequence()));
                }
                ends.add(pieces.size());
            }
            List<Double> scores = scores(pieces, rows.size());
            double[] means = new double[rows.size()];
            for (int r = 0; r < means.length; r++) {
                means[r] = scores.subList(r == 0 ? 0 : ends.get(r - 1), ends.get(r)).stream()
                        .mapToDouble(Double::doubleValue)
                        .average()
                        .orElseThrow();
            }
            return means;
        }

        private List<Double> scores(List<String> pieces, int batchSize) {
            List<Double> scores = new ArrayList<>();
            for (int from = 0; from < pieces.size(); from += batchSize) {
                List<String> batch = pieces.subList(from, Math.min(pieces.size(), from + batchSize));
                for (double score : scorer.scores(batch)) {
                    scores.add(score);
                }
            }
            return scores;
        }

        private void requireFit(LabelledSequence row) {
            if (isTooLong(row)) {
                throw new InputException("%s: the sequence has %d tokens with %s, the model's context is %d; %s"
                        .formatted(
                                row.id(),
                                scorer.tokens(row.sequence()),
                                scorer.around(),
                                scorer.contextLength(),
                                "set evaluate.tooLong to crop or window, shorten it, or train a model with a longer"
                                        + " context"));
            }
        }

        @Override
        public Optional<double[]> saliency(LabelledSequence row) {
            return isTooLong(row) ? Optional.empty() : scorer.saliency(row.sequence());
        }

        @Override
        public void close() {
            scorer.close();
        }
    }
}
