package org.dnallama.audit;

import java.util.List;
import org.dnallama.config.Settings;
import org.dnallama.dna.Kmers;
import org.dnallama.shard.LabelRule;

/**
 * What the section {@code audit} says.
 *
 * @param data folders with labelled files, or labelled shards
 * @param genome FASTA files, or shards made from such
 * @param output folder of the result
 * @param labels what a label says
 * @param acrossTasks whether data sets are compared with each other
 * @param search how containments are found
 * @param twins which blocks are compared
 * @param clean which rows the cleaned copy leaves out
 * @param effective all of it as JSON text, for provenance
 */
record AuditSettings(
        List<String> data,
        List<String> genome,
        String output,
        LabelRule labels,
        boolean acrossTasks,
        Search search,
        TwinBlocks twins,
        Clean clean,
        String effective) {

    /**
     * How containments are found.
     *
     * @param kmers the index's
     * @param maxOccurrences a k-mer in more places is no seed; nor is a block that more rows share
     * @param rangeBases bases of a genome that one task reads
     */
    record Search(Kmers kmers, int maxOccurrences, int rangeBases) {}

    /**
     * Which blocks are compared.
     *
     * @param bases in a block
     * @param first where the first one starts; the next ones follow at once
     */
    record TwinBlocks(int bases, int first) {}

    /**
     * The cleaned copy.
     *
     * @param wanted whether to write it
     * @param kinds overlaps that count
     * @param against splits that nothing may leak from
     */
    record Clean(boolean wanted, List<String> kinds, List<String> against) {}

    /**
     * Reads and checks the section.
     *
     * @param settings the layered configuration
     * @return valid settings
     * @throws org.dnallama.config.ConfigException with all errors
     */
    static AuditSettings of(Settings settings) {
        List<String> data = settings.texts("audit.data");
        int k = settings.integer("audit.k", 11);
        boolean fits = k <= Kmers.MOST && k % 2 == 1;
        settings.require(
                fits,
                "audit.k = " + k + ": must be odd and at most " + Kmers.MOST
                        + ", so that a k-mer fits into a number and is not its own reverse complement");
        AuditSettings all = new AuditSettings(
                data,
                settings.texts("audit.genome"),
                settings.text("audit.output"),
                LabelRule.classes(settings.texts("audit.classes"), "audit.classes"),
                settings.flag("audit.acrossTasks"),
                new Search(
                        // A bad value has been noted already and must not hide the others.
                        new Kmers(fits ? k : Kmers.MOST),
                        settings.integer("audit.maxOccurrences", 1),
                        settings.integer("audit.rangeBases", 1)),
                new TwinBlocks(
                        settings.integer("audit.twin.blockBases", 8), settings.integer("audit.twin.firstBlock", 0)),
                new Clean(
                        settings.flag("audit.clean.write"),
                        settings.texts("audit.clean.kinds", Kind.labels()),
                        settings.texts("audit.clean.against", List.of("dev", "test"))),
                settings.effective("audit"));
        settings.check();
        settings.require(!data.isEmpty(), "audit.data = []: must name at least one folder");
        settings.check();
        return all;
    }
}
