package org.dnallama.training;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.dnallama.config.Seeds;
import org.dnallama.spark.Artefact;
import org.dnallama.spark.JobOptions;
import org.dnallama.spark.Sessions;
import org.dnallama.token.CharacterTokenizer;
import org.dnallama.token.Tokenizer;

/** Inputs of the training jobs, a few rows each. */
final class Inputs {

    static final int BASES = 12;

    private Inputs() {}

    /** Finished shards of bases, as ingest leaves them. */
    static Path shards(Path folder) throws IOException {
        return shards(folder, new CharacterTokenizer());
    }

    /** Finished shards, all soft-masked: each window repeats a motif of four bases, so there is much to learn. */
    static Path shards(Path folder, Tokenizer tokenizer) throws IOException {
        Job.SPARK.forEach(System::setProperty);
        try (SparkSession spark = Sessions.open("inputs")) {
            Artefact artefact = Artefact.open(
                            folder.toString(),
                            folder.toString(),
                            JobOptions.Existing.REFUSE,
                            spark.sparkContext().hadoopConfiguration())
                    .orElseThrow();
            StructType columns = new StructType()
                    .add("tokens", DataTypes.createArrayType(DataTypes.IntegerType, false), false)
                    .add("soft_mask", DataTypes.createArrayType(DataTypes.FloatType, false), false);
            for (String split : List.of("train", "valid")) {
                spark.createDataFrame(windows(split.equals("train") ? 32 : 8, tokenizer), columns)
                        .coalesce(1)
                        .write()
                        .parquet(artefact.folder() + "/split=" + split);
            }
            artefact.write("tokenizer.json", tokenizer.toJson());
            artefact.publish(JsonNodeFactory.instance.objectNode().put("job", "ingest"));
        } finally {
            Job.SPARK.keySet().forEach(System::clearProperty);
        }
        return folder;
    }

    private static List<Row> windows(int count, Tokenizer tokenizer) {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String window = "ACGT".repeat(6).substring(i % 4, i % 4 + 20);
            int[] tokens = tokenizer.encode(window);
            float[] softMask = new float[tokens.length];
            Arrays.fill(softMask, 1);
            rows.add(RowFactory.create(tokens, softMask));
        }
        return rows;
    }

    /** A folder with {@code train.csv} and {@code dev.csv}: a promoter holds TATA where others hold GCGC. */
    static Path promoters(Path folder) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("train.csv"), csv(32, 1, 1));
        Files.writeString(folder.resolve("dev.csv"), csv(16, 2, 1));
        return folder;
    }

    /** Finished labelled shards of the same rows, each split's last row first, as import-gue may leave them. */
    static Path labelledShards(Path folder, Path promoters) throws IOException {
        StructType columns = new StructType()
                .add("task", DataTypes.StringType, false)
                .add("row", DataTypes.IntegerType, false)
                .add("id", DataTypes.StringType, false)
                .add("sequence", DataTypes.StringType, false)
                .add("label", DataTypes.IntegerType, false);
        Job.SPARK.forEach(System::setProperty);
        try (SparkSession spark = Sessions.open("inputs")) {
            for (String split : List.of("train", "dev")) {
                List<String> lines = Files.readAllLines(promoters.resolve(split + ".csv"));
                List<Row> rows = new ArrayList<>();
                for (int i = lines.size() - 1; i > 0; i--) {
                    String[] cells = lines.get(i).split(",", -1);
                    rows.add(RowFactory.create(
                            "promoters", i - 1, split + ".csv:" + (i + 1), cells[0], Integer.valueOf(cells[1])));
                }
                spark.createDataFrame(rows, columns).coalesce(1).write().parquet(folder + "/split=" + split);
            }
        } finally {
            Job.SPARK.keySet().forEach(System::clearProperty);
        }
        Files.writeString(folder.resolve("manifest.json"), "{\"job\": \"import-gue\", \"fingerprint\": \"promoters\"}");
        Files.writeString(folder.resolve("_SUCCESS"), "");
        return folder;
    }

    /**
     * Labelled sequences.
     *
     * @param positive the label of those with TATA
     */
    static String csv(int rows, long seed, int positive) {
        RandomGenerator random = new Seeds(seed).stream("promoters");
        StringBuilder csv = new StringBuilder("sequence,label\n");
        for (int i = 0; i < rows; i++) {
            StringBuilder bases = new StringBuilder();
            random.ints(BASES, 0, 4).forEach(base -> bases.append("ACGT".charAt(base)));
            bases.replace(4, 8, i % 2 == 0 ? "TATA" : "GCGC");
            csv.append(bases)
                    .append(',')
                    .append(i % 2 == 0 ? positive : 1 - positive)
                    .append('\n');
        }
        return csv.toString();
    }
}
