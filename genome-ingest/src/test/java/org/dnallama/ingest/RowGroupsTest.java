package org.dnallama.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.hadoop.util.HadoopOutputFile;
import org.dnallama.config.Seeds;
import org.dnallama.dna.Interval;
import org.dnallama.dna.Strand;
import org.dnallama.shard.MaskedTokens;
import org.dnallama.shard.PackedRow;
import org.dnallama.shard.ShardRow;
import org.dnallama.shard.Split;
import org.dnallama.shard.StoredRows;
import org.dnallama.spark.TokenShards;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What we write of a list column, DuckDB and Parquet's own reader must read. */
class RowGroupsTest {

    private static final Configuration HADOOP = new Configuration();

    @TempDir
    Path folder;

    private final RandomGenerator random = new Seeds(7).stream("rows");
    private Shards shards;
    private Path file;

    @BeforeEach
    void makeFolders() throws IOException {
        shards = new Shards(folder);
        file = Files.createDirectory(folder.resolve("split=train")).resolve("part-00000.parquet");
        Files.createFile(folder.resolve("_SUCCESS"));
    }

    private void write(List<ShardRow> rows) throws IOException {
        RowGroups groups = new RowGroups(HadoopOutputFile.fromPath(hadoop(file), HADOOP), false, HADOOP);
        for (ShardRow row : rows) {
            groups.write(row);
        }
        groups.finish();
    }

    private static org.apache.hadoop.fs.Path hadoop(Path file) {
        return new org.apache.hadoop.fs.Path(file.toUri());
    }

    private ShardRow row(int length, int vocabulary, float... fractions) {
        float[] softMask = new float[length];
        for (int i = 0; i < length; i++) {
            softMask[i] = fractions[i / 7 % fractions.length];
        }
        return new ShardRow(
                new Interval("a", 5, 5 + length),
                Strand.FORWARD,
                random.ints(length, 0, vocabulary).toArray(),
                softMask,
                Split.TRAIN,
                0);
    }

    private void requireReadable(List<ShardRow> rows) throws Exception {
        write(rows);
        StoredRows stored = TokenShards.open(folder.toString(), "train", HADOOP);
        List<MaskedTokens> read = stored.read(0, stored.size());
        List<String> lists =
                shards.query("SELECT tokens::VARCHAR, soft_mask::VARCHAR FROM rows ORDER BY file_row_number");
        assertThat(read).hasSameSizeAs(rows);
        for (int i = 0; i < rows.size(); i++) {
            assertThat(read.get(i).tokens())
                    .as("row %d", i)
                    .isEqualTo(rows.get(i).tokens());
            assertThat(lists.get(i))
                    .as("row %d", i)
                    .isEqualTo(Arrays.toString(rows.get(i).tokens()) + "|"
                            + Arrays.toString(rows.get(i).softMask()));
        }
    }

    @Test
    void rowsOfAllLengthsOverSeveralPages() throws Exception {
        List<ShardRow> rows = new ArrayList<>();
        // Numbers of one bit, of two, and of more as the dictionary grows from page to page.
        for (int vocabulary : List.of(1, 2, 5, 4100, 70_000)) {
            for (int length : List.of(1, 2, 7, 8, 9, 127, 128, 20_000, 100_000)) {
                rows.add(row(length, vocabulary, 0f, 1f, 0.5f));
            }
        }
        requireReadable(rows);
    }

    @Test
    void aRowLongerThanAPage() throws Exception {
        requireReadable(List.of(row(3, 9, 1f), row(300_001, 9, 0f, 0.25f), row(1, 9, 0f)));
    }

    @Test
    void columnsOfOneValue() throws Exception {
        requireReadable(List.of(row(10, 1, 0f), row(600, 1, 0f)));
    }

    @Test
    void severalRowGroups() throws Exception {
        List<ShardRow> rows = new ArrayList<>();
        // More than two bytes of each token, so a group is full after sixteen rows.
        for (int i = 0; i < 18; i++) {
            rows.add(row(1_000_000, 70_000, 0f));
        }
        write(rows);
        long sum = rows.stream()
                .mapToLong(row -> Arrays.stream(row.tokens()).asLongStream().sum())
                .sum();
        assertThat(shards.query(
                        "SELECT count(*), sum(len(tokens)), sum(list_sum(tokens)), sum(list_sum(soft_mask)) FROM rows"))
                .containsExactly("18|18000000|" + sum + "|0.0");
        try (ParquetFileReader reader = ParquetFileReader.open(HadoopInputFile.fromPath(hadoop(file), HADOOP))) {
            assertThat(reader.getFooter().getBlocks())
                    .extracting(BlockMetaData::getRowCount)
                    .containsExactly(16L, 2L);
        }
    }

    @Test
    void theFooterTellsLeastAndGreatestValues() throws IOException {
        write(List.of(row(1000, 5000, 0f, 0.75f), row(1000, 100, 0.5f)));
        try (ParquetFileReader reader = ParquetFileReader.open(HadoopInputFile.fromPath(hadoop(file), HADOOP))) {
            BlockMetaData group = reader.getFooter().getBlocks().get(0);
            List<String> ranges = new ArrayList<>();
            group.getColumns().forEach(column -> {
                if (column.getPath().toArray().length > 1) {
                    assertThat(column.getEncodings()).contains(Encoding.RLE, Encoding.PLAIN, Encoding.RLE_DICTIONARY);
                    ranges.add(column.getStatistics().minAsString() + " to "
                            + column.getStatistics().maxAsString());
                }
            });
            assertThat(ranges).hasSize(2);
            // Parquet's own rule: a least value of zero is written as the negative one.
            assertThat(ranges.get(1)).isEqualTo("-0.0 to 0.75");
            assertThat(ranges.get(0)).matches("\\d to 49\\d\\d");
        }
    }

    @Test
    void anyRangeIsReadAlone() throws Exception {
        // A group is full after sixteen rows.
        List<ShardRow> rows = new ArrayList<>();
        for (int i = 0; i < 18; i++) {
            rows.add(row(1_000_000, 70_000, 0f, 0.75f));
        }
        write(rows);
        Path first = file;
        file = first.resolveSibling("part-00001.parquet");
        List<ShardRow> more = List.of(row(3, 9, 1f), row(5, 9, 0f), row(4, 9, 0f));
        write(more);
        rows.addAll(more);
        StoredRows stored = TokenShards.open(folder.toString(), "train", HADOOP);
        assertThat(stored.size()).isEqualTo(21);
        assertThat(stored.tokens()).isEqualTo(18_000_012);
        for (int[] range : new int[][] {{15, 17}, {17, 20}, {19, 21}}) {
            List<MaskedTokens> read = stored.read(range[0], range[1]);
            assertThat(read).hasSize(range[1] - range[0]);
            for (int i = range[0]; i < range[1]; i++) {
                assertThat(read.get(i - range[0]).tokens())
                        .isEqualTo(rows.get(i).tokens());
            }
        }
        // Not even the file's footer is needed.
        Files.delete(first);
        assertThat(stored.read(18, 21)).hasSize(3);
        assertThat(stored.read(18, 19).get(0).softMasked().cardinality()).isEqualTo(3);
    }

    @Test
    void documentsOfPackedRowsAreRows() throws Exception {
        List<PackedRow> rows = List.of(
                packed(new int[] {1, 10, 11, 2, 1, 12, 2, 0}, 0, 4, 7),
                packed(new int[] {1, 13, 14, 15, 16, 17, 18, 2}, 0, 8),
                packed(new int[] {1, 19, 2, 1, 20, 2, 0, 0}, 0, 3, 6));
        RowGroups groups = new RowGroups(HadoopOutputFile.fromPath(hadoop(file), HADOOP), true, HADOOP);
        for (PackedRow row : rows) {
            groups.write(row);
        }
        groups.finish();
        int[][] documents = {{10, 11}, {12}, {13, 14, 15, 16, 17, 18}, {19}, {20}};
        StoredRows stored = TokenShards.open(folder.toString(), "train", HADOOP);
        assertThat(stored.size()).isEqualTo(documents.length);
        for (int from = 0; from < documents.length; from++) {
            for (int to = from + 1; to <= documents.length; to++) {
                List<MaskedTokens> read = stored.read(from, to);
                assertThat(read)
                        .extracting(MaskedTokens::tokens)
                        .containsExactly(Arrays.copyOfRange(documents, from, to));
                // Even token ids were lower case.
                assertThat(read)
                        .allSatisfy(row -> assertThat(row.softMasked().stream().mapToObj(t -> row.tokens()[t]))
                                .containsExactlyElementsOf(Arrays.stream(row.tokens())
                                        .filter(token -> token % 2 == 0)
                                        .boxed()
                                        .toList()));
            }
        }
    }

    private static PackedRow packed(int[] tokens, Integer... boundaries) {
        float[] softMask = new float[tokens.length];
        for (int i = 0; i < tokens.length; i++) {
            softMask[i] = tokens[i] >= 10 && tokens[i] % 2 == 0 ? 1 : 0;
        }
        List<PackedRow.Document> documents = java.util.Collections.nCopies(
                boundaries.length - 1, new PackedRow.Document(new Interval("a", 0, 1), Strand.FORWARD));
        return new PackedRow(tokens, softMask, List.of(boundaries), documents);
    }
}
