package org.dnallama.audit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.dnallama.config.InputException;
import org.dnallama.dna.Contig;
import org.dnallama.dna.FastaReader;
import org.dnallama.dna.FastaSource;
import org.dnallama.dna.GenomeFiles;
import org.dnallama.dna.Interval;
import org.dnallama.dna.UnknownBytes;
import org.dnallama.shard.RangeTokenizer;
import org.dnallama.spark.Artefact;
import org.dnallama.spark.HadoopFiles;

/** A genome's bases, read from its FASTA files in ranges. */
final class GenomeTexts {

    private final GenomeFiles files;
    private final List<FastaSource> sources;

    private GenomeTexts(GenomeFiles files, List<FastaSource> sources) {
        this.files = files;
        this.sources = sources;
    }

    /**
     * Finds the files.
     *
     * @param places FASTA files, or shards, which tell the FASTA files that they were made from
     * @param hadoop file system settings
     * @return the checked files
     * @throws InputException if shards are not finished, or a file is missing, bad or has changed since
     */
    static GenomeTexts open(List<String> places, Configuration hadoop) {
        List<String> paths = new ArrayList<>();
        for (String place : places) {
            try {
                Path manifest = new Path(place, "manifest.json");
                FileSystem fileSystem = manifest.getFileSystem(hadoop);
                if (fileSystem.exists(manifest)) {
                    paths.addAll(inputs(fileSystem, manifest, hadoop));
                } else {
                    paths.add(place);
                }
            } catch (IOException e) {
                throw new InputException(place + ": cannot be read: " + e.getMessage(), e);
            }
        }
        GenomeFiles files = new HadoopFiles(hadoop);
        List<FastaSource> sources =
                paths.stream().map(path -> FastaSource.open(files, path)).toList();
        FastaSource.requireDistinctContigs(sources);
        return new GenomeTexts(files, sources);
    }

    private static List<String> inputs(FileSystem fileSystem, Path manifest, Configuration hadoop) throws IOException {
        JsonNode json;
        try (InputStream in = fileSystem.open(manifest)) {
            json = new ObjectMapper().readTree(in);
        }
        if (!json.path("job").asText().equals("ingest")) {
            throw new InputException(manifest + ": is of the job '"
                    + json.path("job").asText() + "'; audit.genome takes FASTA files and shards made by ingest");
        }
        List<String> paths = new ArrayList<>();
        for (JsonNode input : json.path("inputs")) {
            String path = input.path("path").asText();
            if (!Artefact.sha256(path, hadoop).equals(input.path("sha256").asText())) {
                throw new InputException(
                        path + ": is not the file that " + manifest + " names, it has changed; ingest it again");
            }
            paths.add(path);
        }
        return paths;
    }

    /**
     * The files.
     *
     * @return their paths
     */
    List<String> paths() {
        return sources.stream().map(FastaSource::name).toList();
    }

    /**
     * All bases there are.
     *
     * @return their number
     */
    long bases() {
        return sources.stream()
                .flatMap(source -> source.contigs().stream())
                .mapToLong(Contig::bases)
                .sum();
    }

    /** A range of a contig of a file. */
    private record Range(int file, Contig contig, Interval interval) implements Serializable {}

    /**
     * The bases in ranges that overlap by their flanks.
     *
     * @param context Spark
     * @param rangeBases bases in a range
     * @param flank bases on either side that belong to the neighbours
     * @return texts that own each base once
     */
    JavaRDD<SearchedText> texts(JavaSparkContext context, int rangeBases, int flank) {
        List<Range> ranges = new ArrayList<>();
        for (int file = 0; file < sources.size(); file++) {
            for (Contig contig : sources.get(file).contigs()) {
                Interval whole = new Interval(contig.name(), 0, contig.bases());
                for (Interval interval : RangeTokenizer.plan(whole, rangeBases)) {
                    ranges.add(new Range(file, contig, interval));
                }
            }
        }
        Broadcast<List<FastaSource>> everywhere = context.broadcast(sources);
        GenomeFiles opener = files;
        return context.parallelize(ranges, Math.max(1, ranges.size()))
                .map(range -> read(opener, everywhere.value().get(range.file), range, flank));
    }

    private static SearchedText read(GenomeFiles files, FastaSource source, Range range, int flank) {
        long start = Math.max(0, range.interval.start() - flank);
        long end = Math.min(range.contig.bases(), range.interval.end() + flank);
        Interval wide = new Interval(range.interval.contig(), start, end);
        try (FastaReader reader = FastaReader.open(files, source)) {
            return new SearchedText(
                    new Path(source.name()).getName(),
                    Columns.GENOME,
                    range.interval.contig(),
                    null,
                    start,
                    reader.read(range.contig, wide, UnknownBytes.N).text(wide),
                    Math.toIntExact(range.interval.start() - start),
                    Math.toIntExact(range.interval.end() - start));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
