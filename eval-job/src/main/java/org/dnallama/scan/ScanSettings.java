package org.dnallama.scan;

import java.util.List;
import java.util.Optional;
import org.dnallama.compute.Backends;
import org.dnallama.config.Settings;

/**
 * What the section {@code scan} says.
 *
 * @param model folder of the classifier
 * @param ensemble more of them
 * @param fasta files, folders and patterns
 * @param regions BED file of the only regions to scan
 * @param output folder of the tracks
 * @param backend what to compute on
 * @param window bases; 0 if the model is to tell
 * @param stride bases between the starts of two windows
 * @param batchSize windows that are scored at once, on both strands
 * @param threshold least score of a call
 * @param suppress bases; calls on a strand are further apart
 * @param rangeBases bases that one task reads
 * @param effective all of it as JSON text, for provenance
 */
record ScanSettings(
        String model,
        List<String> ensemble,
        List<String> fasta,
        Optional<String> regions,
        String output,
        Backends backend,
        int window,
        int stride,
        int batchSize,
        double threshold,
        int suppress,
        int rangeBases,
        String effective) {

    /**
     * Reads and checks the section.
     *
     * @throws org.dnallama.config.ConfigException with all errors
     */
    static ScanSettings of(Settings settings) {
        List<String> fasta = settings.texts("scan.fasta");
        settings.require(!fasta.isEmpty(), "scan.fasta = []: must name at least one file");
        ScanSettings all = new ScanSettings(
                settings.text("scan.model"),
                settings.texts("scan.ensemble"),
                fasta,
                settings.optionalText("scan.regions"),
                settings.text("scan.output"),
                settings.choice("compute.backend", Backends.class),
                settings.isSet("scan.window") ? settings.integer("scan.window", 1) : 0,
                settings.integer("scan.stride", 1),
                settings.integer("scan.batchSize", 1),
                settings.real("scan.threshold", 0, 1),
                settings.integer("scan.suppress", 0),
                settings.integer("scan.rangeBases", 1),
                settings.effective("compute", "scan"));
        settings.check();
        return all;
    }
}
