package org.dnallama.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.dnallama.shard.LabelledSequence;
import org.junit.jupiter.api.Test;

class EnsembleTest {

    private static final List<LabelledSequence> ROWS =
            List.of(new LabelledSequence("a", "AAAC", 1), new LabelledSequence("b", "GGGG", 0));

    private final List<String> closed = new ArrayList<>();

    /** The share of A, times the number in the checkpoint's name. */
    private Scorer open(String checkpoint, Configuration hadoop) throws IOException {
        if (checkpoint.equals("missing")) {
            throw new IOException("no checkpoint");
        }
        return new Scorer() {
            @Override
            public double[] scores(List<LabelledSequence> rows) {
                return rows.stream()
                        .mapToDouble(row -> Double.parseDouble(checkpoint)
                                * row.sequence()
                                        .chars()
                                        .filter(base -> base == 'A')
                                        .count()
                                / 4)
                        .toArray();
            }

            @Override
            public void close() {
                closed.add(checkpoint);
            }
        };
    }

    private double[] scores(List<String> others, Ensemble.Strands strands) throws IOException {
        try (Scorer scorer = new Ensemble(this::open, others, strands).open("0.4", new Configuration())) {
            return scorer.scores(ROWS);
        }
    }

    @Test
    void scoresAreMeansOverCheckpointsAndStrands() throws IOException {
        assertThat(scores(List.of(), Ensemble.Strands.GIVEN)).containsExactly(new double[] {0.3, 0}, within(1e-12));
        assertThat(scores(List.of("0.8"), Ensemble.Strands.GIVEN))
                .containsExactly(new double[] {0.45, 0}, within(1e-12));
        // The reverse complements are GTTT and CCCC.
        assertThat(scores(List.of(), Ensemble.Strands.BOTH)).containsExactly(new double[] {0.15, 0}, within(1e-12));
        assertThat(closed).containsExactly("0.4", "0.4", "0.8", "0.4");
    }

    @Test
    void oneThatCannotBeOpenedClosesTheOthers() {
        assertThatThrownBy(() -> scores(List.of("0.8", "missing"), Ensemble.Strands.GIVEN))
                .hasMessage("no checkpoint");
        assertThat(closed).containsExactly("0.4", "0.8");
    }
}
