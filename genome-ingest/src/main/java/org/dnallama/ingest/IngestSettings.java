package org.dnallama.ingest;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.dnallama.config.Settings;
import org.dnallama.dna.Ambiguity;
import org.dnallama.dna.NPolicy;
import org.dnallama.dna.PieceRule;
import org.dnallama.dna.StrandRule;
import org.dnallama.dna.UnknownBytes;
import org.dnallama.dna.WindowRule;
import org.dnallama.shard.BaseWindows;
import org.dnallama.shard.Packer;
import org.dnallama.shard.TokenWindows;
import org.dnallama.shard.Windows;

/**
 * What the section {@code ingest} says.
 *
 * @param fasta input files, folders and patterns
 * @param output folder of the shards
 * @param allow patterns of contigs that are wanted; none means all
 * @param deny patterns of contigs that are not
 * @param include BED file of what is wanted
 * @param exclude BED file of what is not
 * @param gzipLimit largest gzip file to read, in bytes
 * @param windows how contigs are cut
 * @param unknown what to do with bytes that are no nucleotide code
 * @param ambiguity what to do with ambiguity codes
 * @param strands which strands become rows
 * @param rangeBases bases that one task reads
 * @param packedLength tokens in a packed row; 0 for a window a row
 * @param shards files of each split, unless their size is given
 * @param shardBytes size of a file to aim at; 0 if not given
 * @param tokenizer what tokens are
 * @param splits which split a row falls into
 * @param seed of the run
 * @param effective all of it as JSON text, for provenance
 */
record IngestSettings(
        List<String> fasta,
        String output,
        List<String> allow,
        List<String> deny,
        Optional<String> include,
        Optional<String> exclude,
        long gzipLimit,
        Windows windows,
        UnknownBytes unknown,
        Ambiguity ambiguity,
        StrandRule strands,
        int rangeBases,
        int packedLength,
        int shards,
        long shardBytes,
        TokenizerSettings tokenizer,
        SplitSettings splits,
        long seed,
        String effective) {

    private enum Unit {
        BASES,
        TOKENS
    }

    private enum RowKind {
        WINDOWS,
        PACKED
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
        settings.require(!fasta.isEmpty(), "ingest.fasta = []: must name at least one file");
        int minLength = settings.integer("ingest.minLength", 1);
        TokenizerSettings tokenizer = TokenizerSettings.of(settings, minLength);
        boolean packed = settings.choice("ingest.rows", RowKind.class) == RowKind.PACKED;
        int packedLength = settings.integer("ingest.packedLength", Packer.LEAST_LENGTH);
        IngestSettings all = new IngestSettings(
                fasta,
                settings.text("ingest.output"),
                settings.texts("ingest.contigs.allow"),
                settings.texts("ingest.contigs.deny"),
                settings.optionalText("ingest.regions.only"),
                settings.optionalText("ingest.regions.except"),
                settings.bytes("ingest.gzipLimit"),
                windows(settings, tokenizer, minLength),
                settings.choice("ingest.unknown", UnknownBytes.class),
                settings.choice("ingest.ambiguity", Ambiguity.class),
                settings.choice("ingest.strand", StrandRule.class),
                settings.integer("ingest.rangeBases", 1),
                packed ? packedLength : 0,
                settings.integer("ingest.shards", 1),
                settings.optionalText("ingest.shardSize").isPresent() ? settings.bytes("ingest.shardSize") : 0,
                tokenizer,
                SplitSettings.of(settings),
                settings.longInteger("seed"),
                settings.effective("seed", "ingest"));
        settings.check();
        return all;
    }

    /** BED files. */
    List<String> beds() {
        List<String> beds = new ArrayList<>();
        include.ifPresent(beds::add);
        exclude.ifPresent(beds::add);
        return beds;
    }

    private static Windows windows(Settings settings, TokenizerSettings tokenizer, int minLength) {
        int window = settings.integer("ingest.window", 1);
        int stride = settings.integer("ingest.stride", 1);
        int blockBases = settings.integer("ingest.blockBases", 1);
        NPolicy nPolicy = settings.choice("ingest.nPolicy", NPolicy.class);
        double maxNFraction = settings.real("ingest.maxNFraction", 0, 1);
        // A bad value has been noted already and must not hide the others.
        PieceRule kept = new PieceRule(minLength, nPolicy, Math.max(0, Math.min(1, maxNFraction)));
        if (settings.choice("ingest.unit", Unit.class) == Unit.BASES) {
            return inBases(settings, window, stride, kept);
        }
        if (tokenizer.isEven()) {
            // The tokens of a window of w bases: (w - k) / stride + 1.
            long windowBases = (window - 1L) * tokenizer.tokenStride() + tokenizer.tokenBases();
            return inBases(settings, windowBases, (long) stride * tokenizer.tokenStride(), kept);
        }
        settings.require(
                blockBases >= window,
                "ingest.blockBases = " + blockBases + ": must be at least ingest.window = " + window
                        + " tokens, and better 20 times the bases of a window, else no window is full",
                "ingest.blockBases",
                "ingest.window");
        return new TokenWindows(window, stride, blockBases, kept);
    }

    private static Windows inBases(Settings settings, long window, long stride, PieceRule kept) {
        requireInt(settings, "ingest.window", window);
        requireInt(settings, "ingest.stride", stride);
        settings.require(
                kept.minLength() <= window,
                "ingest.minLength = " + kept.minLength() + ": must be at most ingest.window = " + window
                        + " bases, else no window is kept",
                "ingest.minLength",
                "ingest.window");
        int windowBases = (int) Math.min(window, Integer.MAX_VALUE);
        return new BaseWindows(new WindowRule(
                windowBases,
                (int) Math.min(stride, Integer.MAX_VALUE),
                new PieceRule(Math.min(kept.minLength(), windowBases), kept.nPolicy(), kept.maxNFraction())));
    }

    private static void requireInt(Settings settings, String key, long bases) {
        settings.require(
                bases <= Integer.MAX_VALUE, key + " = " + bases + " bases: must be at most " + Integer.MAX_VALUE, key);
    }

    /** How many rows hold a base, about, if it is in any. */
    double copies() {
        return strands == StrandRule.BOTH ? 2 * windows.copies() : windows.copies();
    }
}
