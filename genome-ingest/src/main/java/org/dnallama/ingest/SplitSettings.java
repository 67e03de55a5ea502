package org.dnallama.ingest;

import java.util.ArrayList;
import java.util.List;
import org.dnallama.config.InputException;
import org.dnallama.config.Settings;
import org.dnallama.dna.Contig;
import org.dnallama.dna.FastaSource;
import org.dnallama.dna.Regions;
import org.dnallama.shard.SplitRule;

/**
 * What {@code ingest.split} says.
 *
 * @param by what decides
 * @param validFraction the part of regions that is held out
 * @param regionBases bases in a region
 * @param validContigs contigs that are held out
 * @param validFiles patterns of the names of files that are held out
 * @param seed of the run
 */
record SplitSettings(
        By by, double validFraction, int regionBases, List<String> validContigs, List<String> validFiles, long seed) {

    /** What decides into which split a row falls. */
    enum By {
        HASH,
        CONTIG,
        FILE
    }

    /**
     * Reads the section.
     *
     * @param settings the layered configuration; errors are noted there
     * @return what it says
     */
    static SplitSettings of(Settings settings) {
        SplitSettings split = new SplitSettings(
                settings.choice("ingest.split.by", By.class),
                settings.real("ingest.split.validFraction", 0, 1),
                settings.integer("ingest.split.regionBases", 1),
                settings.texts("ingest.split.validContigs"),
                settings.texts("ingest.split.validFiles"),
                settings.longInteger("seed"));
        settings.require(
                split.by != By.CONTIG || !split.validContigs.isEmpty(),
                "ingest.split.validContigs = []: must name at least one contig when ingest.split.by = contig");
        settings.require(
                split.by != By.FILE || !split.validFiles.isEmpty(),
                "ingest.split.validFiles = []: must name at least one file when ingest.split.by = file");
        return split;
    }

    /**
     * The rule for some files.
     *
     * @param sources the inputs
     * @return the rule
     * @throws InputException if a contig or file that is to be held out is not there
     */
    SplitRule rule(List<FastaSource> sources) {
        return switch (by) {
            case HASH -> new SplitRule.ByHash(seed, validFraction, regionBases);
            case CONTIG -> byContig(sources);
            case FILE -> byFile(sources);
        };
    }

    private SplitRule byContig(List<FastaSource> sources) {
        List<String> names = names(sources);
        for (String name : validContigs) {
            if (!names.contains(name)) {
                throw new InputException("ingest.split.validContigs: no contig " + name + " in the input; it has "
                        + String.join(", ", names));
            }
        }
        return new SplitRule.ByContig(validContigs);
    }

    private SplitRule byFile(List<FastaSource> sources) {
        List<FastaSource> held = new ArrayList<>();
        for (String pattern : validFiles) {
            List<FastaSource> found = sources.stream()
                    .filter(source -> Regions.matches(pattern, source.name())
                            || Regions.matches(
                                    pattern,
                                    source.name().substring(source.name().lastIndexOf('/') + 1)))
                    .toList();
            if (found.isEmpty()) {
                throw new InputException("ingest.split.validFiles: no input file matches '" + pattern
                        + "'; give names as in ingest.fasta, with or without folders");
            }
            held.addAll(found);
        }
        return new SplitRule.ByContig(names(held));
    }

    private static List<String> names(List<FastaSource> sources) {
        return sources.stream()
                .flatMap(source -> source.contigs().stream())
                .map(Contig::name)
                .toList();
    }
}
