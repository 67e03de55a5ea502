package org.dnallama.spark;

import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.dnallama.config.Seeds;
import org.dnallama.config.Settings;
import org.dnallama.model.Extensions;
import org.dnallama.model.LlamaConfig;
import org.dnallama.shard.LabelledSequence;
import org.dnallama.shard.LabelledSplit;
import org.dnallama.shard.StoredRows;
import org.dnallama.train.DenoisingExamples;
import org.dnallama.train.Examples;
import org.dnallama.train.NextTokenExamples;
import org.dnallama.train.ReadAhead;
import org.dnallama.train.SequenceEncoder;
import org.dnallama.train.SoftMaskRule;
import org.dnallama.train.Windows;

/**
 * What pre-training predicts, and on which rows.
 *
 * @param kind the next token, or hidden ones
 * @param rule what is hidden
 * @param own labelled sequences that are mixed in; empty for none
 * @param windows which windows of the genome are left out
 * @param softMaskedWeight how much soft-masked tokens count in training, in [0, 1]
 */
public record PretrainObjective(
        Kind kind, DenoisingExamples.Rule rule, String own, GenomeWindows windows, double softMaskedWeight)
        implements Serializable {

    /** The objectives there are. */
    public enum Kind {
        /** The next token. */
        CAUSAL,
        /** Tokens that were hidden. */
        DENOISING
    }

    /**
     * Reads {@code pretrain.objective}, {@code pretrain.denoising.*}, {@code pretrain.heldOut.*} and
     * {@code pretrain.softMaskedWeight}.
     */
    static PretrainObjective read(Settings settings) {
        return new PretrainObjective(
                settings.choice("pretrain.objective", Kind.class),
                DenoisingExamples.Rule.read(settings, "pretrain.denoising"),
                settings.optionalText("pretrain.denoising.own.data").orElse(""),
                GenomeWindows.read(settings, "pretrain.heldOut"),
                settings.real("pretrain.softMaskedWeight", 0, 1));
    }

    /**
     * Checks that the model cannot see what it is to predict.
     *
     * @param settings where an error is noted
     * @param shape the model's
     */
    void require(Settings settings, LlamaConfig shape) {
        Extensions extensions = shape.extensions();
        boolean looksAhead = extensions.attention() == Extensions.Attention.BIDIRECTIONAL
                || !extensions.kmers().isEmpty();
        settings.require(
                kind == Kind.DENOISING || !looksAhead,
                "pretrain.objective = causal: a model with model.attention = bidirectional or model.kmers sees the"
                        + " token that it is to predict; set pretrain.objective = denoising");
    }

    /** Where rows come from, how many of them are held out, and what draws them. */
    record Source(String shards, int validRows, long seed) {}

    /** Rows of a split. */
    Examples examples(SequenceEncoder encoder, Source source, String split, Configuration hadoop) throws IOException {
        boolean training = split.equals("train");
        int most = training ? Integer.MAX_VALUE : source.validRows;
        Seeds seeds = new Seeds(source.seed);
        SoftMaskRule softMask = training ? new SoftMaskRule(softMaskedWeight, seeds) : SoftMaskRule.NONE;
        if (kind == Kind.CAUSAL) {
            StoredRows rows = new FittingRows(
                    TokenShards.open(source.shards, split, hadoop),
                    source.shards,
                    encoder.config().contextLength());
            Windows read = training ? new ReadAhead(rows) : Windows.of(rows.read(0, Math.min(most, rows.size())));
            return new NextTokenExamples(read, encoder.tokenizer(), softMask);
        }
        List<DenoisingExamples.Window> genome = windows.of(source.shards, split, hadoop);
        List<String> labelled = own.isEmpty() ? List.of() : unlabelled(own, training, hadoop);
        List<DenoisingExamples.Window> rows = genome.subList(0, Math.min(most, genome.size()));
        DenoisingExamples.Rule mixed = own.isEmpty() ? rule.withoutOwn() : rule;
        return new DenoisingExamples(encoder, rows, labelled, mixed, seeds, softMask);
    }

    private static List<String> unlabelled(String data, boolean training, Configuration hadoop) throws IOException {
        LabelledSplit split = training ? LabelledSplit.TRAIN : LabelledSplit.DEV;
        return LabelledRows.read(data, split, "pretrain.denoising.own.data", hadoop).stream()
                .map(LabelledSequence::sequence)
                .toList();
    }
}
