package org.dnallama.labelled;

import java.util.List;
import java.util.Optional;
import org.dnallama.config.Settings;
import org.dnallama.shard.LabelRule;
import org.dnallama.token.KmerTokenizer;
import org.dnallama.token.TokenizerSpec;

/**
 * What the section {@code importGue} says.
 *
 * @param data folders with labelled files
 * @param output folder of the shards
 * @param labels what a label says
 * @param classes names of class 0, 1, and so on, if given
 * @param shards files of each split
 * @param tokenizer what tokens are, unless a file says so
 * @param tokenizerFile a {@code tokenizer.json}
 * @param seed of the run
 * @param effective all of it as JSON text, for provenance
 */
record ImportSettings(
        List<String> data,
        String output,
        LabelRule labels,
        List<String> classes,
        int shards,
        TokenizerSpec tokenizer,
        Optional<String> tokenizerFile,
        long seed,
        String effective) {

    /**
     * Reads and checks the section.
     *
     * @param settings the layered configuration
     * @return valid settings
     * @throws org.dnallama.config.ConfigException with all errors
     */
    static ImportSettings of(Settings settings) {
        List<String> data = settings.texts("importGue.data");
        List<String> classes = settings.texts("importGue.classes");
        settings.require(
                classes.stream().distinct().count() == classes.size(),
                "importGue.classes = " + classes + ": must name each class once");
        ImportSettings all = new ImportSettings(
                data,
                settings.text("importGue.output"),
                LabelRule.classes(classes, "importGue.classes"),
                classes,
                settings.integer("importGue.shards", 1),
                tokenizer(settings),
                settings.optionalText("importGue.tokenizer.file"),
                settings.longInteger("seed"),
                settings.effective("seed", "importGue"));
        settings.check();
        settings.require(!data.isEmpty(), "importGue.data = []: must name at least one folder");
        settings.check();
        return all;
    }

    private static TokenizerSpec tokenizer(Settings settings) {
        TokenizerSpec.Kind kind = settings.choice("importGue.tokenizer.kind", TokenizerSpec.Kind.class);
        int k = settings.integer("importGue.tokenizer.k", 1);
        int stride = settings.integer("importGue.tokenizer.stride", 1);
        if (kind != TokenizerSpec.Kind.KMER) {
            return new TokenizerSpec(kind, 1, 1);
        }
        settings.require(
                k <= KmerTokenizer.MOST,
                "importGue.tokenizer.k = " + k + ": must be at most " + KmerTokenizer.MOST
                        + ", as the vocabulary has 4^k tokens");
        settings.require(
                stride <= k,
                "importGue.tokenizer.stride = " + stride + ": must be at most importGue.tokenizer.k = " + k
                        + ", else bases are skipped");
        return new TokenizerSpec(kind, k, stride);
    }
}
