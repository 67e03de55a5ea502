package org.dnallama.labelled;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.dnallama.config.InputException;
import org.dnallama.config.Seeds;
import org.dnallama.ingest.Job;
import org.dnallama.ingest.StoreFileSystem;
import org.dnallama.shard.LabelledSplit;
import org.dnallama.spark.LabelledShards;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole job on a local Spark; its shards are read with DuckDB, which shares no code with Spark. */
class ImportGueTest {

    @TempDir
    Path folder;

    /** Rows as {@code task|split|row|id|sequence|label}, from the generator and not from the files. */
    private final List<String> expected = new ArrayList<>();

    @BeforeEach
    void makeData() throws IOException {
        RandomGenerator random = new Seeds(5).stream("gue");
        csv(random, "one", "train", 300);
        csv(random, "one", "dev", 40);
        csv(random, "one", "test", 41);
        json(random, "deep/two", "train", 50, true);
        json(random, "deep/two", "test", 20, false);
    }

    private static String bases(RandomGenerator random) {
        StringBuilder bases = new StringBuilder();
        int length = 20 + random.nextInt(60);
        random.ints(length, 0, 4).forEach(i -> bases.append("ACGT".charAt(i)));
        return bases.toString();
    }

    private void csv(RandomGenerator random, String task, String split, int rows) throws IOException {
        StringBuilder text = new StringBuilder("sequence,label\n");
        for (int i = 0; i < rows; i++) {
            String bases = bases(random);
            int label = random.nextInt(2);
            text.append(bases).append(',').append(label).append('\n');
            expected.add(String.join("|", task, split, "" + i, split + ".csv:" + (i + 2), bases, "" + label));
        }
        write(task + "/" + split + ".csv", text.toString());
    }

    private void json(RandomGenerator random, String task, String split, int rows, boolean array) throws IOException {
        List<String> lines = new ArrayList<>();
        String file = split + (array ? ".json" : ".jsonl");
        for (int i = 0; i < rows; i++) {
            String bases = bases(random);
            int label = random.nextInt(2);
            lines.add("{\"instruction\": \"Is it?\", \"input\": \"" + bases.toLowerCase(java.util.Locale.ROOT)
                    + "\", \"output\": \"" + (label == 1 ? "promoter" : "Non-promoter") + "\"}");
            expected.add(String.join("|", task, split, "" + i, file + ":" + (i + 1), bases, "" + label));
        }
        write(task + "/" + file, array ? "[" + String.join(",\n", lines) + "]\n" : String.join("\n", lines) + "\n");
    }

    private void write(String name, String text) throws IOException {
        Path file = folder.resolve("data").resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private Job.Outcome run(String master, String output, String... settings) {
        List<String> arguments = new ArrayList<>(List.of(
                "importGue.data=\"" + folder.resolve("data") + "\"",
                "importGue.output=\"" + folder.resolve(output) + "\"",
                "importGue.classes=[Non-promoter, promoter]",
                "importGue.shards=3"));
        arguments.addAll(List.of(settings));
        return Job.command("import-gue", master, arguments.toArray(String[]::new));
    }

    private List<String> query(String output, String sql) throws Exception {
        return Duck.query(folder.resolve(output).resolve("split=*/*.parquet"), sql);
    }

    @Test
    void anIndependentReaderFindsEveryRowInTheDocumentedColumns() throws Exception {
        Job.Outcome run = run("local[2]", "shards");
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(query(
                        "shards",
                        "SELECT column_name, column_type FROM (DESCRIBE SELECT * EXCLUDE"
                                + " (filename, file_row_number, split) FROM rows)"))
                .containsExactly(
                        "task|VARCHAR",
                        "row|INTEGER",
                        "id|VARCHAR",
                        "sequence|VARCHAR",
                        "label|INTEGER",
                        "tokens|INTEGER[]",
                        "bases|INTEGER");
        assertThat(query("shards", "SELECT task, split, row, id, sequence, label FROM rows"))
                .containsExactlyInAnyOrderElementsOf(expected);
        assertThat(query(
                        "shards",
                        "SELECT count(*) FROM rows WHERE bases <> length(sequence) OR sequence <> array_to_string("
                                + "list_transform(tokens, t -> substr('???RACGT', t + 1, 1)), '')"))
                .containsExactly("0");
        assertThat(run.out()).contains("deep/two", "train", "Non-promoter: ", "seconds");
        assertThat(run.err()).contains("import-gue", "100%");
    }

    @Test
    void nothingIsRenamedInAnObjectStore() throws Exception {
        System.setProperty("spark.hadoop.fs.s3a.impl", StoreFileSystem.class.getName());
        try {
            StoreFileSystem.RENAMES.set(0);
            StoreFileSystem.SPACE.set(1L << 40);
            String store = "importGue.output=\"s3a://" + folder.resolve("store") + "\"";
            Job.Outcome run = run("local[2]", "unused", store);
            assertThat(run.exitCode()).as(run.err()).isZero();
            assertThat(StoreFileSystem.RENAMES).hasValue(0);
        } finally {
            System.clearProperty("spark.hadoop.fs.s3a.impl");
        }
        assertThat(run("local[1]", "disk").exitCode()).isZero();
        for (String split : List.of("train", "dev", "test")) {
            Path stored = folder.resolve("store/split=" + split);
            try (Stream<Path> files = Files.list(stored)) {
                assertThat(files)
                        .allSatisfy(file -> assertThat(file)
                                .hasSameBinaryContentAs(
                                        folder.resolve("disk/split=" + split).resolve(file.getFileName())));
            }
        }
        assertThat(query("store", "SELECT task, split, row, id, sequence, label FROM rows"))
                .containsExactlyInAnyOrderElementsOf(expected);
    }

    @Test
    void trainersReadTheRowsInTheirOldOrder() throws Exception {
        String one = "importGue.data=\"" + folder.resolve("data/one") + "\"";
        assertThat(run("local[2]", "shards", one).exitCode()).isZero();
        String shards = folder.resolve("shards").toString();
        for (LabelledSplit split : LabelledSplit.values()) {
            assertThat(LabelledShards.read(shards, split, new Configuration()))
                    .extracting(row -> row.id() + "|" + row.sequence() + "|" + row.label())
                    .containsExactlyElementsOf(expected.stream()
                            .filter(row -> row.startsWith("one|" + split.label()))
                            .map(row -> row.replaceFirst("(.*?\\|){3}", ""))
                            .toList());
        }
        assertThat(run("local[2]", "both").exitCode()).isZero();
        assertThatThrownBy(() -> LabelledShards.read(
                        folder.resolve("both").toString(), LabelledSplit.TRAIN, new Configuration()))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("both: holds the data sets deep/two, one, whose splits may overlap");
        write("one/dev.csv", "sequence,label\nACGT,2\n");
        assertThat(run("local[2]", "three", one, "importGue.classes=[]").exitCode())
                .isZero();
        assertThatThrownBy(() ->
                        LabelledShards.read(folder.resolve("three").toString(), LabelledSplit.DEV, new Configuration()))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("row dev.csv:2 is of class 2; a two-class model takes 0 and 1 only");
    }

    @Test
    void theManifestCountsWhatTheShardsHold() throws Exception {
        assertThat(run("local[2]", "shards", "importGue.tokenizer.kind=kmer").exitCode())
                .isZero();
        JsonNode manifest = new ObjectMapper().readTree(Files.readString(folder.resolve("shards/manifest.json")));
        for (String split : List.of("train", "dev", "test")) {
            JsonNode counts = manifest.at("/splits/" + split);
            assertThat(query(
                            "shards",
                            "SELECT count(*), sum(len(tokens)), sum(length(sequence)), sum(length(sequence) - bases),"
                                    + " count(*) FILTER (label = 0), count(*) FILTER (label = 1) FROM rows"
                                    + " WHERE split = '" + split + "'"))
                    .containsExactly(String.join(
                            "|",
                            counts.path("rows").asText(),
                            counts.path("tokens").asText(),
                            counts.path("bases").asText(),
                            counts.path("remainder").asText(),
                            counts.at("/labels/0").asText(),
                            counts.at("/labels/1").asText()));
        }
        assertThat(query("shards", "SELECT count(*) FROM rows WHERE len(tokens) <> length(sequence) // 6"))
                .containsExactly("0");
        assertThat(manifest.at("/tasks/one/train/rows").asLong()).isEqualTo(300);
        assertThat(manifest.path("tasks").path("deep/two").at("/test/rows").asLong())
                .isEqualTo(20);
        assertThat(manifest.path("inputs")).hasSize(5);
        assertThat(manifest.at("/tokenizer/vocabularySize").asInt()).isEqualTo(4100);
        assertThat(folder.resolve("shards/_SUCCESS")).exists();
    }

    @Test
    void theSameRowsStandInTheSameFilesWhateverTheNumberOfThreads() throws Exception {
        String ordered = "SELECT parse_filename(filename), task, split, id, tokens FROM rows"
                + " ORDER BY split, parse_filename(filename), file_row_number";
        assertThat(run("local[1]", "a").exitCode()).isZero();
        assertThat(run("local[2]", "b").exitCode()).isZero();
        List<String> rows = query("a", ordered);
        assertThat(rows).hasSameSizeAs(expected).isEqualTo(query("b", ordered));
        assertThat(query("a", "SELECT DISTINCT parse_filename(filename) AS f FROM rows ORDER BY f"))
                .containsExactly("part-00000.parquet", "part-00001.parquet", "part-00002.parquet");
        assertThat(query("a", "SELECT row FROM rows WHERE task = 'one' ORDER BY split, filename, file_row_number"))
                .isNotEqualTo(query("a", "SELECT row FROM rows WHERE task = 'one' ORDER BY split, filename, row"));
    }

    @Test
    void aSecondRunDoesNothingAndOtherSettingsNeedOverwrite() throws Exception {
        assertThat(run("local[2]", "shards").exitCode()).isZero();
        assertThat(run("local[2]", "shards").out()).contains("is complete already");
        Job.Outcome other = run("local[2]", "shards", "importGue.shards=1");
        assertThat(other.exitCode()).isEqualTo(3);
        assertThat(other.err()).contains("give --overwrite to replace it");
        assertThat(run("local[2]", "shards", "importGue.shards=1", "--overwrite")
                        .exitCode())
                .isZero();
        assertThat(folder.resolve("shards/split=train/part-00001.parquet")).doesNotExist();
    }

    @Test
    void badRowsOfAllFilesAreNamedAndNothingIsWritten() throws Exception {
        write("one/dev.csv", "sequence,label\nACGT,1\nACGJ,0\n");
        write("deep/two/train.json", "[{\"instruction\": \"\", \"input\": \"AC\", \"output\": \"perhaps\"}]");
        write("deep/two/test.jsonl", "{\"instruction\": \"\", \"input\": \"AC\", \"output\": 1}\n{\"input\": \"A\"}\n");
        Job.Outcome run = run("local[2]", "shards");
        assertThat(run.exitCode()).isEqualTo(3);
        assertThat(run.err())
                .contains(
                        "one/dev.csv:3: 'J' at base 4 is no nucleotide code",
                        "deep/two/train.json:1: label is 'perhaps'; write one of Non-promoter, promoter",
                        "deep/two/test.jsonl:2: has no text 'instruction'; a row must be an object with");
        assertThat(folder.resolve("shards")).doesNotExist();
    }

    @Test
    void otherBadInputNamesPlaceAndRemedy() throws Exception {
        write("one/test.csv", "sequence,label\nACGTA,1\n");
        Job.Outcome shortRow = run("local[2]", "other", "importGue.tokenizer.kind=kmer");
        assertThat(shortRow.exitCode()).isEqualTo(3);
        assertThat(shortRow.err()).contains("one/test.csv:2: 5 bases fill no token; drop the row");

        write("one/test.jsonl", "{}");
        assertThat(run("local[2]", "other").err()).contains("has test.csv and test.jsonl; keep one file for test");
        write("one/test.jsonl", "");
        Files.delete(folder.resolve("data/one/test.csv"));
        assertThat(run("local[2]", "other").err()).contains("one/test.jsonl:1: has no row");
        write("one/test.jsonl", "{\"instruction\": ");
        assertThat(run("local[2]", "other").err()).contains("one/test.jsonl:1: is no JSON: ");

        Job.Outcome none = run("local[2]", "other", "importGue.data=\"" + folder.resolve("nothing") + "\"");
        assertThat(none.exitCode()).isEqualTo(3);
        assertThat(none.err()).contains("nothing: no such folder; give one that holds train.csv");
        Job.Outcome settings = run("local[2]", "other", "importGue.shards=0", "importGue.classes=[a, a]");
        assertThat(settings.exitCode()).isEqualTo(2);
        assertThat(settings.err()).contains("importGue.shards = 0: must be at least 1", "must name each class once");
    }
}
