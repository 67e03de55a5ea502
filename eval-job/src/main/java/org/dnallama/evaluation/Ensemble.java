package org.dnallama.evaluation;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.dnallama.dna.Nucleotides;
import org.dnallama.shard.LabelledSequence;

/**
 * The mean of several checkpoints' scores, or of both strands', or of both.
 *
 * @param single opens one checkpoint
 * @param others checkpoints beside the one that is asked for
 * @param strands which strands of a sequence are scored
 */
public record Ensemble(Scorer.Factory single, List<String> others, Strands strands) implements Scorer.Factory {

    private static final long serialVersionUID = 1L;

    /** Which strands are scored. */
    public enum Strands {
        /** The sequence as it is given. */
        GIVEN,
        /** The mean over it and its reverse complement. */
        BOTH
    }

    @Override
    public Scorer open(String checkpoint, Configuration hadoop) throws IOException {
        List<Scorer> scorers = new ArrayList<>();
        try {
            scorers.add(single.open(checkpoint, hadoop));
            for (String other : others) {
                scorers.add(single.open(other, hadoop));
            }
        } catch (IOException | RuntimeException e) {
            scorers.forEach(Scorer::close);
            throw e;
        }
        return new Scorer() {
            @Override
            public double[] scores(List<LabelledSequence> rows) {
                return mean(scorers, rows);
            }

            @Override
            public boolean isTooLong(LabelledSequence row) {
                return scorers.stream().anyMatch(scorer -> scorer.isTooLong(row));
            }

            @Override
            public void close() {
                scorers.forEach(Scorer::close);
            }
        };
    }

    private double[] mean(List<Scorer> scorers, List<LabelledSequence> rows) {
        List<double[]> all = new ArrayList<>();
        for (Scorer scorer : scorers) {
            all.add(scorer.scores(rows));
            if (strands == Strands.BOTH) {
                all.add(scorer.scores(rows.stream().map(Ensemble::reversed).toList()));
            }
        }
        double[] mean = new double[rows.size()];
        Arrays.setAll(
                mean,
                r -> all.stream().mapToDouble(scores -> scores[r]).average().orElseThrow());
        return mean;
    }

    private static LabelledSequence reversed(LabelledSequence row) {
        return new LabelledSequence(row.id(), Nucleotides.reverseComplement(row.sequence()), row.label());
    }
}
