package org.dnallama.ingest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.SerializableConfiguration;
import org.dnallama.config.InputException;
import org.dnallama.dna.InputFile;
import org.dnallama.shard.ShardManifest;
import org.dnallama.shard.Split;
import org.dnallama.spark.HadoopFiles;
import org.dnallama.spark.Stages;

/** Reads finished shards again and compares them with their manifest. */
final class Verification {

    private final JavaSparkContext spark;
    private final String output;

    Verification(JavaSparkContext spark, String output) {
        this.spark = spark;
        this.output = output;
    }

    /** A file and what the manifest says of it; -1 rows if it has no rows, -1 bytes if its size is not said. */
    private record Entry(String file, long rows, long bytes, String sha256) implements Serializable {}

    /**
     * Reads all files, each in a Spark task of its own.
     *
     * @return a line that says what was checked
     * @throws InputException if a file is missing, changed, or not in the manifest; it names all of them
     */
    String run() {
        List<Entry> entries = entries();
        SerializableConfiguration hadoop = new SerializableConfiguration(spark.hadoopConfiguration());
        HadoopFiles files = new HadoopFiles(spark.hadoopConfiguration());
        String folder = output;
        List<String> wrong = new ArrayList<>(strangers(entries));
        wrong.addAll(Stages.named(
                spark,
                "Verify " + entries.size() + " files",
                () -> spark.parallelize(entries, entries.size())
                        .map(entry -> check(folder, entry, files, hadoop.value()))
                        .filter(message -> !message.isEmpty())
                        .collect()));
        if (!wrong.isEmpty()) {
            throw new InputException(output + ": " + wrong.size() + " of " + entries.size()
                    + " files are not as its manifest says: " + String.join("; ", wrong)
                    + "; make it again with --overwrite");
        }
        long bytes =
                entries.stream().mapToLong(entry -> Math.max(0, entry.bytes)).sum();
        long rows = entries.stream().mapToLong(entry -> Math.max(0, entry.rows)).sum();
        return "%s: verified %d files, %,d rows, %,d bytes: all as the manifest says"
                .formatted(output, entries.size(), rows, bytes);
    }

    private List<Entry> entries() {
        Path place = new Path(output, "manifest.json");
        List<Entry> entries = new ArrayList<>();
        Map<String, Long> rows = new HashMap<>();
        try (InputStream in = place.getFileSystem(spark.hadoopConfiguration()).open(place)) {
            JsonNode manifest = new ObjectMapper().readTree(in);
            entries.add(new Entry(
                    "tokenizer.json", -1, -1, manifest.at("/tokenizer/sha256").asText()));
            for (JsonNode shard : manifest.path("shards")) {
                String file = ShardManifest.file(place.toString(), shard);
                entries.add(new Entry(
                        file,
                        shard.path("rows").asLong(),
                        shard.path("bytes").asLong(),
                        shard.path("sha256").asText()));
                rows.merge(
                        file.substring(0, file.indexOf('/')), shard.path("rows").asLong(), Long::sum);
            }
            for (Split split : Split.values()) {
                long said = manifest.at("/splits/" + split.label() + "/rows").asLong();
                long sum = rows.getOrDefault("split=" + split.label(), 0L);
                if (said != sum) {
                    throw new InputException(place + ": split " + split.label() + " has " + said
                            + " rows, its files have " + sum + "; the manifest was changed");
                }
            }
            return entries;
        } catch (IOException | StringIndexOutOfBoundsException e) {
            throw new InputException(
                    output + ": has no readable manifest.json (" + e.getMessage()
                            + "); give the output of a finished ingest",
                    e);
        }
    }

    // Files that nobody vouches for would be read by a pattern such as split=*/*.parquet.
    private List<String> strangers(List<Entry> entries) {
        List<String> known = entries.stream().map(Entry::file).toList();
        List<String> strangers = new ArrayList<>();
        try {
            Path pattern = new Path(output, "split=*/*.parquet");
            FileStatus[] found =
                    pattern.getFileSystem(spark.hadoopConfiguration()).globStatus(pattern);
            for (FileStatus file : Objects.requireNonNullElse(found, new FileStatus[0])) {
                String name = file.getPath().getParent().getName() + "/"
                        + file.getPath().getName();
                if (!known.contains(name)) {
                    strangers.add(name + " is not in the manifest");
                }
            }
            return strangers;
        } catch (IOException e) {
            throw new InputException(output + ": cannot be read: " + e.getMessage(), e);
        }
    }

    // Empty if the file is right.
    private static String check(String folder, Entry entry, HadoopFiles files, Configuration hadoop) {
        Path place = new Path(folder, entry.file);
        try {
            if (!files.exists(place.toString())) {
                return entry.file + " is missing";
            }
            InputFile found = InputFile.read(files, place.toString());
            if (!found.sha256().equals(entry.sha256) || (entry.bytes >= 0 && found.bytes() != entry.bytes)) {
                return entry.file + " has changed";
            }
            if (entry.rows >= 0) {
                try (ParquetFileReader reader = ParquetFileReader.open(HadoopInputFile.fromPath(place, hadoop))) {
                    if (reader.getRecordCount() != entry.rows) {
                        return entry.file + " has " + reader.getRecordCount() + " rows, not " + entry.rows;
                    }
                }
            }
            return "";
        } catch (IOException | InputException e) {
            return entry.file + " cannot be read (" + e.getMessage() + ")";
        }
    }
}
