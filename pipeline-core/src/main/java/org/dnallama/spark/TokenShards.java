package org.dnallama.spark;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.example.GroupReadSupport;
import org.dnallama.config.InputException;
import org.dnallama.shard.MaskedTokens;
import org.dnallama.token.Tokenizer;
import org.dnallama.token.Tokenizers;

/** Reads token rows back from a folder of shards, in the order of files and rows; of packed rows, their documents. */
public final class TokenShards {

    private static final float MOST = 0.5f;

    private TokenShards() {}

    /**
     * All rows of a split.
     *
     * @param folder a finished shards folder
     * @param split train or valid
     * @param hadoop file system settings
     * @param most at most so many rows
     * @return the rows; packed documents are rows of their own
     * @throws InputException if the folder is not finished, a file is damaged or the split has no rows
     */
    public static List<MaskedTokens> read(String folder, String split, Configuration hadoop, int most) {
        try {
            Path root = new Path(folder);
            FileSystem fileSystem = root.getFileSystem(hadoop);
            if (!fileSystem.exists(new Path(root, "_SUCCESS"))) {
                throw new InputException(folder + ": has no _SUCCESS; give the output of a finished ingest");
            }
            FileStatus[] files = fileSystem.globStatus(new Path(root, "split=" + split + "/*.parquet"));
            List<MaskedTokens> rows = new ArrayList<>();
            Arrays.sort(files);
            for (FileStatus file : files) {
                read(file.getPath(), hadoop, most, rows);
            }
            if (rows.isEmpty()) {
                throw new InputException(
                        folder + ": has no rows in split=" + split + "; ingest more sequence or change ingest.split");
            }
            return rows;
        } catch (IOException e) {
            throw new InputException(folder + ": cannot be read: " + e.getMessage(), e);
        }
    }

    /**
     * The tokenizer that made the rows.
     *
     * @param folder a finished shards folder
     * @param hadoop file system settings
     * @return the tokenizer
     * @throws IOException if the file system cannot be reached
     * @throws InputException if the folder has none
     */
    public static Tokenizer tokenizer(String folder, Configuration hadoop) throws IOException {
        HadoopStorage shards = new HadoopStorage(folder, hadoop);
        return Tokenizers.read(Provenance.text(shards, "tokenizer.json", "give the output of a finished ingest"));
    }

    private static void read(Path file, Configuration hadoop, int most, List<MaskedTokens> rows) {
        try (ParquetReader<Group> reader = ParquetReader.builder(new GroupReadSupport(), file)
                .withConf(hadoop)
                .build()) {
            for (Group row = reader.read(); row != null && rows.size() < most; row = reader.read()) {
                int[] tokens = integers(row.getGroup("tokens", 0));
                BitSet softMasked = softMasked(row);
                if (!row.getType().containsField("boundaries")) {
                    rows.add(new MaskedTokens(tokens, softMasked));
                    continue;
                }
                int[] boundaries = integers(row.getGroup("boundaries", 0));
                for (int i = 0; i + 1 < boundaries.length && rows.size() < most; i++) {
                    int from = boundaries[i] + 1;
                    int end = boundaries[i + 1] - 1;
                    rows.add(new MaskedTokens(Arrays.copyOfRange(tokens, from, end), softMasked.get(from, end)));
                }
            }
        } catch (IOException | RuntimeException e) {
            // Parquet says by all kinds of runtime exceptions that a file is damaged or holds something else.
            throw new InputException(file + ": is no readable shard: " + e.getMessage() + "; run ingest again", e);
        }
    }

    private static int[] integers(Group list) {
        int[] numbers = new int[list.getFieldRepetitionCount(0)];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = list.getGroup(0, i).getInteger(0, 0);
        }
        return numbers;
    }

    private static BitSet softMasked(Group row) {
        BitSet masked = new BitSet();
        if (!row.getType().containsField("soft_mask")) {
            return masked;
        }
        Group fractions = row.getGroup("soft_mask", 0);
        for (int i = 0; i < fractions.getFieldRepetitionCount(0); i++) {
            masked.set(i, fractions.getGroup(0, i).getFloat(0, 0) > MOST);
        }
        return masked;
    }
}
