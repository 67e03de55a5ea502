package org.dnallama.ingest;

import java.util.List;
import org.dnallama.config.Settings;
import org.dnallama.dna.UnknownBytes;
import org.dnallama.dna.WindowRule;
import org.dnallama.shard.SplitRule;

/**
 * What the section {@code ingest} says.
 *
 * @param fasta input files
 * @param output folder of the shards
 * @param windows how contigs are cut
 * @param unknown what to do with bytes that are no nucleotide code
 * @param rangeBases bases that one task reads
 * @param shards files of each split
 * @param tokenizer what tokens are
 * @param splits which split a row falls into
 * @param seed of the run
 * @param effective all of it as JSON text, for provenance
 */
record IngestSettings(
        List<String> fasta,
        String output,
        WindowRule windows,
        UnknownBytes unknown,
        int rangeBases,
        int shards,
        TokenizerSettings tokenizer,
        SplitRule splits,
        long seed,
        String effective) {

    private enum SplitBy {
        HASH,
        CONTIG
    }

    /**
     * Reads and checks the section.
     *
     * @param settings the layered configuration
     * @return valid settings
     * @throws org.dnallama.config.ConfigException with all errors
     */
    static IngestSettings of(Settings settings) {
        List<String> fasta = settings.texts("ingest.fasta");
        String output = settings.text("ingest.output");
        long seed = settings.longInteger("seed");
        UnknownBytes unknown = settings.choice("ingest.unknown", UnknownBytes.class);
        int rangeBases = settings.integer("ingest.rangeBases", 1);
        int shards = settings.integer("ingest.shards", 1);
        int window = settings.integer("ingest.window", 1);
        int stride = settings.integer("ingest.stride", 1);
        int minLength = settings.integer("ingest.minLength", 1);
        settings.require(
                minLength <= window,
                "ingest.minLength = " + minLength + ": must be at most ingest.window = " + window
                        + ", else no window is kept");
        TokenizerSettings tokenizer = TokenizerSettings.of(settings, minLength);
        SplitRule splits = splits(settings, seed);
        settings.check();
        settings.require(!fasta.isEmpty(), "ingest.fasta = []: must name at least one file");
        settings.check();
        return new IngestSettings(
                fasta,
                output,
                new WindowRule(window, stride, minLength),
                unknown,
                rangeBases,
                shards,
                tokenizer,
                splits,
                seed,
                settings.effective("seed", "ingest"));
    }

    private static SplitRule splits(Settings settings, long seed) {
        SplitBy by = settings.choice("ingest.split.by", SplitBy.class);
        double validFraction = settings.real("ingest.split.validFraction", 0, 1);
        int regionBases = settings.integer("ingest.split.regionBases", 1);
        List<String> validContigs = settings.texts("ingest.split.validContigs");
        if (by == SplitBy.HASH) {
            // A bad value has been noted already and must not hide the others.
            return new SplitRule.ByHash(seed, Math.max(0, Math.min(1, validFraction)), Math.max(1, regionBases));
        }
        settings.require(
                !validContigs.isEmpty(),
                "ingest.split.validContigs = []: must name at least one contig when ingest.split.by = contig");
        return new SplitRule.ByContig(validContigs);
    }
}
