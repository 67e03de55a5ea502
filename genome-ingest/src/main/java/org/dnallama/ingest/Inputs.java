package org.dnallama.ingest;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.dnallama.config.InputException;
import org.dnallama.dna.Bed;
import org.dnallama.dna.Bgzip;
import org.dnallama.dna.Contig;
import org.dnallama.dna.ContigFinder;
import org.dnallama.dna.FastaSource;
import org.dnallama.dna.GenomeFiles;
import org.dnallama.dna.Indexes;
import org.dnallama.dna.InputFile;
import org.dnallama.dna.Interval;
import org.dnallama.dna.LineScan;
import org.dnallama.dna.Regions;
import org.dnallama.spark.HadoopFiles;
import org.dnallama.spark.Stages;

/** Looks at the input files in Spark tasks. The driver itself reads indexes and BED files only, never sequence. */
final class Inputs {

    private final JavaSparkContext spark;
    private final GenomeFiles files;
    private final IngestSettings settings;
    private final PrintWriter warnings;

    Inputs(JavaSparkContext spark, IngestSettings settings, PrintWriter warnings) {
        this.spark = spark;
        this.files = new HadoopFiles(spark.hadoopConfiguration());
        this.settings = settings;
        this.warnings = warnings;
    }

    GenomeFiles files() {
        return files;
    }

    /**
     * What was found at the paths that the user named.
     *
     * @param fasta sequence
     * @param beds regions, by path
     */
    record Found(List<InputFile> fasta, Map<String, InputFile> beds) {

        List<InputFile> all() {
            List<InputFile> all = new ArrayList<>(fasta);
            all.addAll(beds.values());
            return all;
        }
    }

    /**
     * Reads each input once from end to end, a file a task, for checksums and blocks.
     *
     * @return all inputs
     * @throws InputException if one is missing, empty, cut, or cannot be read
     */
    Found read() {
        List<String> paths = files.findAll(settings.fasta(), "ingest.fasta");
        int sequences = paths.size();
        paths.addAll(settings.beds());
        GenomeFiles all = files;
        List<InputFile> read = Stages.named(
                spark,
                "Checksums of " + paths.size() + " input files",
                () -> spark.parallelize(paths, paths.size())
                        .map(path -> InputFile.read(all, path))
                        .collect());
        Map<String, InputFile> beds = new TreeMap<>();
        read.subList(sequences, read.size()).forEach(bed -> beds.put(bed.path(), bed));
        return new Found(List.copyOf(read.subList(0, sequences)), beds);
    }

    /**
     * Finds the contigs: by indexes, else by scanning the text in Spark tasks, a segment of a file each.
     *
     * @param inputs FASTA files
     * @param scratch a folder for copies of gzip files, whose parts cannot be read apart
     * @return the files, ready to be read
     * @throws InputException if one is no FASTA or an index does not fit
     */
    List<FastaSource> open(List<InputFile> inputs, Path scratch) {
        List<InputFile> readable = readable(inputs, scratch);
        List<Optional<List<Contig>>> indexed = new ArrayList<>();
        List<InputFile> bare = new ArrayList<>();
        for (InputFile file : readable) {
            Optional<List<Contig>> contigs = Indexes.contigs(files, file);
            indexed.add(contigs);
            if (contigs.isEmpty()) {
                bare.add(file);
            }
        }
        Map<InputFile, List<Contig>> scanned = scan(bare);
        List<FastaSource> sources = new ArrayList<>();
        for (int i = 0; i < readable.size(); i++) {
            InputFile file = readable.get(i);
            List<Contig> contigs = indexed.get(i).orElseGet(() -> scanned.get(file));
            sources.add(FastaSource.of(files, inputs.get(i).path(), file, contigs));
        }
        FastaSource.requireDistinctContigs(sources);
        return sources;
    }

    private List<InputFile> readable(List<InputFile> inputs, Path scratch) {
        Map<InputFile, String> copies = new HashMap<>();
        for (InputFile file : inputs) {
            if (file.format() == InputFile.Format.GZIP) {
                String remedy = "compress it again: gzip -dc FILE | bgzip > NEW.fa.gz";
                if (file.bytes() > settings.gzipLimit()) {
                    throw new InputException(file.path() + ": is gzip but not bgzip, so its parts cannot be read"
                            + " apart, and its " + file.bytes() + " bytes are more than ingest.gzipLimit = "
                            + settings.gzipLimit() + "; " + remedy);
                }
                warnings.println("warning: " + file.path()
                        + ": is gzip but not bgzip: one task reads all of it in order, which is slow; " + remedy);
                copies.put(file, new Path(scratch, copies.size() + ".fa.gz").toString());
            }
        }
        if (copies.isEmpty()) {
            return inputs;
        }
        warnings.flush();
        GenomeFiles all = files;
        List<InputFile> gzip = List.copyOf(copies.keySet());
        List<String> places = gzip.stream().map(copies::get).toList();
        List<InputFile> copied = Stages.named(
                spark,
                "Copies of gzip files that can be read in parts",
                () -> spark.parallelize(indices(gzip.size()), gzip.size())
                        .map(i -> Bgzip.copy(all, gzip.get(i), places.get(i)))
                        .collect());
        return inputs.stream()
                .map(file -> copies.containsKey(file) ? copied.get(gzip.indexOf(file)) : file)
                .toList();
    }

    private record Segment(int file, long number) implements Serializable {}

    private Map<InputFile, List<Contig>> scan(List<InputFile> bare) {
        List<Segment> segments = new ArrayList<>();
        for (int file = 0; file < bare.size(); file++) {
            for (long i = 0; i < FastaSource.segments(bare.get(file), FastaSource.SEGMENT_BYTES); i++) {
                segments.add(new Segment(file, i));
            }
        }
        Map<InputFile, List<Contig>> found = new HashMap<>();
        if (segments.isEmpty()) {
            return found;
        }
        GenomeFiles all = files;
        List<InputFile> shared = List.copyOf(bare);
        List<List<LineScan.Run>> scanned = Stages.named(
                spark,
                "Index of " + bare.size() + " FASTA files without .fai",
                () -> spark.parallelize(segments, segments.size())
                        .map(one -> FastaSource.scan(all, shared.get(one.file), one.number, FastaSource.SEGMENT_BYTES))
                        .collect());
        int next = 0;
        for (InputFile file : bare) {
            int count = Math.toIntExact(FastaSource.segments(file, FastaSource.SEGMENT_BYTES));
            List<Contig> contigs = ContigFinder.find(file.path(), scanned.subList(next, next + count));
            Indexes.write(files, file, contigs);
            found.put(file, contigs);
            next += count;
        }
        return found;
    }

    private static List<Integer> indices(int count) {
        return java.util.stream.IntStream.range(0, count).boxed().toList();
    }

    /**
     * The parts of the input that are wanted.
     *
     * @param contigs of all inputs
     * @return the regions
     * @throws InputException if a BED file is bad or a pattern matches nothing
     */
    Regions regions(List<Contig> contigs) {
        Regions regions = new Regions(
                settings.allow(),
                settings.deny(),
                settings.include().map(bed -> intervals(bed, contigs)),
                settings.exclude().map(bed -> intervals(bed, contigs)).orElse(Collections.emptyMap()));
        regions.requireMatches(contigs);
        return regions;
    }

    private Map<String, List<Interval>> intervals(String bed, List<Contig> contigs) {
        try {
            return Bed.read(bed, new String(files.readAll(bed), StandardCharsets.UTF_8), contigs);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
