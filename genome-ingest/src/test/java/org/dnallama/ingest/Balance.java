package org.dnallama.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.StreamSupport;
import org.dnallama.labelled.Duck;

/**
 * Bases in are bases out and bases dropped, by reason. A base is out if at least one row holds it, so that overlapping
 * windows and both strands count it once. {@link Job} holds every job of every test to it.
 */
final class Balance {

    private static final List<String> REASONS = List.of("n", "richInN", "gap", "short", "remainder", "excluded");

    private Balance() {}

    /**
     * Compares a manifest with the rows, read with DuckDB.
     *
     * @param output of {@code ingest} or {@code import-gue}
     */
    static void require(Path output) throws IOException, SQLException {
        JsonNode manifest = new ObjectMapper().readTree(Files.readString(output.resolve("manifest.json")));
        Path files = output.resolve("split=*/*.parquet");
        if (manifest.path("job").asText().equals("ingest")) {
            requireGenome(manifest, files);
        } else {
            requireLabelled(manifest, files);
        }
    }

    private static void requireGenome(JsonNode manifest, Path files) throws SQLException {
        JsonNode bases = manifest.path("bases");
        assertThat(bases.path("in").asLong())
                .as("bases in: those of all contigs")
                .isEqualTo(sum(manifest.path("contigs"), "bases"));
        assertThat(bases.path("dropped").fieldNames())
                .toIterable()
                .as("reasons")
                .containsExactlyInAnyOrderElementsOf(REASONS);
        long dropped = 0;
        for (JsonNode reason : bases.path("dropped")) {
            assertThat(reason.asLong()).as("bases dropped: %s", bases).isNotNegative();
            dropped += reason.asLong();
        }
        assertThat(bases.path("in").asLong())
                .as("bases in = out + dropped: %s", bases)
                .isEqualTo(bases.path("covered").asLong() + dropped);
        boolean packed = Duck.query(files, "SELECT column_name FROM (DESCRIBE SELECT * FROM rows)")
                .contains("documents");
        assertThat(bases.path("covered").asLong())
                .as("bases out: those in at least one row")
                .isEqualTo(covered(Duck.query(
                        files,
                        "SELECT contig, start, \"end\" FROM "
                                + (packed ? "(SELECT unnest(documents, recursive := true) FROM rows)" : "rows")
                                + " ORDER BY ALL")));
        assertThat(Duck.query(files, "SELECT sum(bases) FROM rows"))
                .as("bases of all rows")
                .containsExactly(String.valueOf(sum(manifest.path("splits"), "bases")));
    }

    // The union of intervals in order.
    private static long covered(List<String> intervals) {
        long covered = 0;
        String contig = "";
        long end = 0;
        for (String interval : intervals) {
            String[] columns = interval.split("\\|");
            end = columns[0].equals(contig) ? end : 0;
            contig = columns[0];
            long last = Long.parseLong(columns[2]);
            covered += Math.max(0, last - Math.max(end, Long.parseLong(columns[1])));
            end = Math.max(end, last);
        }
        return covered;
    }

    private static void requireLabelled(JsonNode manifest, Path files) throws SQLException {
        JsonNode splits = manifest.path("splits");
        assertThat(Duck.query(files, "SELECT sum(len(sequence)), sum(len(sequence) - bases) FROM rows"))
                .as("bases in, and dropped as they fill no token")
                .containsExactly(sum(splits, "bases") + "|" + sum(splits, "remainder"));
    }

    private static long sum(JsonNode objects, String key) {
        return StreamSupport.stream(objects.spliterator(), false)
                .mapToLong(object -> object.path(key).asLong())
                .sum();
    }
}
