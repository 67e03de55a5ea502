package org.dnallama.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.dnallama.augment.AugmentedRows;
import org.dnallama.augment.Sample;
import org.dnallama.model.Batch;
import org.dnallama.model.Batches;
import org.dnallama.model.TokenRow;

/** Labelled sequences for classification. */
public final class LabelledExamples implements Examples {

    private final SequenceEncoder encoder;
    private final AugmentedRows rows;

    /**
     * Sequences for a model.
     *
     * @param encoder the model's
     * @param rows the sequences
     * @throws org.dnallama.config.InputException if one has more tokens than the model's context
     */
    public LabelledExamples(SequenceEncoder encoder, AugmentedRows rows) {
        this.encoder = encoder;
        this.rows = rows;
        rows.sequences().forEach(row -> encoder.row(row.sequence(), row.id()));
    }

    @Override
    public int size() {
        return rows.sequences().size();
    }

    @Override
    public Batch batch(long position, int[] wanted) {
        List<TokenRow> read = new ArrayList<>();
        List<int[]> replaced = new ArrayList<>();
        int[] classes = new int[wanted.length];
        List<Sample> samples = rows.batch(position, wanted);
        for (int i = 0; i < wanted.length; i++) {
            Sample sample = samples.get(i);
            classes[i] = sample.label();
            read.add(encoder.row(sample.bases()));
            replaced.add(replaced(sample, read.get(i).tokens().length));
        }
        return Batches.classifier(
                read, encoder.tokenizer().padId(), encoder.config().extensions(), classes, replaced);
    }

    /** Of each token whether its first base was replaced; begin and end are not asked. */
    private int[] replaced(Sample sample, int tokens) {
        int[] answers = new int[tokens];
        Arrays.fill(answers, -1);
        sample.replaced().ifPresent(bases -> {
            int[] starts = encoder.starts(sample.bases());
            for (int t = 0; t < starts.length; t++) {
                answers[t + 1] = bases.get(starts[t]) ? 1 : 0;
            }
        });
        return answers;
    }
}
