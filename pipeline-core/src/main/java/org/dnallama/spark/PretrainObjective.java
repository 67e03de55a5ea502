package org.dnallama.spark;

import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.dnallama.config.InputException;
import org.dnallama.config.Seeds;
import org.dnallama.config.Settings;
import org.dnallama.model.Extensions;
import org.dnallama.model.LlamaConfig;
import org.dnallama.shard.LabelledSequence;
import org.dnallama.shard.LabelledSplit;
import org.dnallama.train.DenoisingExamples;
import org.dnallama.train.Examples;
import org.dnallama.train.SequenceEncoder;

/**
 * What pre-training predicts, and on which rows.
 *
 * @param kind the next token, or hidden ones
 * @param rule what is hidden
 * @param own labelled sequences that are mixed in; empty for none
 * @param windows which windows of the genome are left out
 */
public record PretrainObjective(Kind kind, DenoisingExamples.Rule rule, String own, GenomeWindows windows)
        implements Serializable {

    /** The objectives there are. */
    public enum Kind {
        /** The next token. */
        CAUSAL,
        /** Tokens that were hidden. */
        DENOISING
    }

    /** Reads {@code pretrain.objective}, {@code pretrain.denoising.*} and {@code pretrain.heldOut.*}. */
    static PretrainObjective read(Settings settings) {
        return new PretrainObjective(
                settings.choice("pretrain.objective", Kind.class),
                DenoisingExamples.Rule.read(settings, "pretrain.denoising"),
                settings.optionalText("pretrain.denoising.own.data").orElse(""),
                GenomeWindows.read(settings, "pretrain.heldOut"));
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
        if (kind == Kind.CAUSAL) {
            return nextToken(encoder, source.shards, split, most, hadoop);
        }
        List<String> genome = windows.of(source.shards, split, hadoop);
        List<String> labelled = own.isEmpty() ? List.of() : unlabelled(own, training, hadoop);
        List<String> rows = genome.subList(0, Math.min(most, genome.size()));
        DenoisingExamples.Rule mixed = own.isEmpty() ? rule.withoutOwn() : rule;
        return new DenoisingExamples(encoder, rows, labelled, mixed, new Seeds(source.seed));
    }

    private static List<String> unlabelled(String data, boolean training, Configuration hadoop) throws IOException {
        LabelledSplit split = training ? LabelledSplit.TRAIN : LabelledSplit.DEV;
        return LabelledRows.read(data, split, "pretrain.denoising.own.data", hadoop).stream()
                .map(LabelledSequence::sequence)
                .toList();
    }

    private static Examples nextToken(
            SequenceEncoder encoder, String shards, String split, int most, Configuration hadoop) {
        List<int[]> rows = TokenShards.read(shards, split, hadoop, most).stream()
                .map(tokens -> Examples.document(tokens, encoder.tokenizer()))
                .toList();
        int longest = rows.stream().mapToInt(row -> row.length).max().orElse(0);
        if (longest > encoder.config().contextLength()) {
            throw new InputException("%s: has a window of %d tokens with begin and end, model.contextLength is %d; %s"
                    .formatted(
                            shards,
                            longest,
                            encoder.config().contextLength(),
                            "make ingest.window smaller or model.contextLength larger"));
        }
        return Examples.languageModel(rows, encoder.tokenizer());
    }
}
