package org.dnallama.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.dnallama.labelled.Duck;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The queries of docs/shards.md run as they stand there, but for the folder. */
class DocumentedQueriesTest {

    private static final Pattern SQL = Pattern.compile("```sql\n(.*?);\n```", Pattern.DOTALL);

    @TempDir
    Path folder;

    private List<String> queries = List.of();
    private String fasta = "";

    @BeforeEach
    void readPage() throws IOException {
        queries = SQL.matcher(Files.readString(Path.of("../docs/shards.md")))
                .results()
                .map(found -> found.group(1))
                .toList();
        assertThat(queries).hasSize(3);
        fasta = "ingest.fasta=\"" + Job.plain(folder.resolve("a.fa"), Job.contig("a", 30_000, 1)) + "\"";
    }

    private List<String> run(int number, String name) throws SQLException {
        // Duck wants some view; the query names its files itself.
        return Duck.query(
                folder.resolve(name).resolve("split=*/*.parquet"),
                queries.get(number).replace("'" + name + "/", "'" + folder.resolve(name) + "/"));
    }

    private void ingest(String... settings) {
        Job.Outcome run = Job.run(
                "local[2]",
                Stream.concat(
                                Stream.of(
                                        fasta,
                                        "ingest.output=\"" + folder.resolve("shards") + "\"",
                                        "ingest.window=100",
                                        "ingest.stride=100",
                                        "ingest.split.regionBases=1000",
                                        "ingest.split.validFraction=0.3"),
                                Stream.of(settings))
                        .toArray(String[]::new));
        assertThat(run.exitCode()).as(run.err()).isZero();
    }

    @Test
    void countsOfSplits() throws Exception {
        ingest();
        List<String> lines = run(0, "shards");
        assertThat(lines).hasSize(2);
        for (String split : List.of("train", "valid")) {
            var counts = new Shards(folder.resolve("shards")).manifest().at("/splits/" + split);
            assertThat(lines)
                    .filteredOn(line ->
                            line.startsWith(split + "|a|" + counts.path("rows") + "|" + counts.path("bases") + "|0."))
                    .hasSize(1);
        }
    }

    @Test
    void documentsOfPackedRows() throws Exception {
        ingest("ingest.rows=packed", "ingest.packedLength=128");
        List<String> documents = run(1, "shards");
        assertThat(documents)
                .hasSizeGreaterThan(100)
                .allMatch(line -> line.matches("a\\|\\d+\\|\\+\\|\\[[3-7](, [3-7])*]"));
    }

    @Test
    void labels() throws Exception {
        Path data = Files.createDirectory(folder.resolve("data"));
        Files.writeString(data.resolve("train.csv"), "sequence,label\nACGT,1\nACGA,0\nTTTT,1\n");
        Job.Outcome run = Job.command(
                "import-gue",
                "local[1]",
                "importGue.data=\"" + data + "\"",
                "importGue.output=\"" + folder.resolve("labelled") + "\"");
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run(2, "labelled")).containsExactly("data|train|0|1", "data|train|1|2");
    }
}
