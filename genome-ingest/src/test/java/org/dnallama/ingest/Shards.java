package org.dnallama.ingest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** Reads shards with DuckDB, which shares no code with Spark or with us. */
record Shards(Path folder) {

    /** All rows, with the columns {@code split}, {@code filename} and {@code file_row_number}. */
    String table() {
        return "read_parquet('" + folder
                + "/split=*/*.parquet', hive_partitioning = true, filename = true, file_row_number = true)";
    }

    /** Runs SQL over a view {@code rows}; each row's columns joined by a bar. */
    List<String> query(String sql) throws SQLException {
        try (Connection duck = DriverManager.getConnection("jdbc:duckdb:")) {
            duck.createStatement().execute("CREATE VIEW rows AS SELECT * FROM " + table());
            List<String> lines = new ArrayList<>();
            try (ResultSet result = duck.createStatement().executeQuery(sql)) {
                while (result.next()) {
                    List<String> cells = new ArrayList<>();
                    for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
                        cells.add(String.valueOf(result.getObject(i)));
                    }
                    lines.add(String.join("|", cells));
                }
            }
            return lines;
        }
    }

    /** The content of all files but Hadoop's checksums, in Latin 1, by the path in the folder. */
    Map<String, String> bytes() throws IOException {
        Map<String, String> contents = new TreeMap<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                if (!file.toString().endsWith(".crc")) {
                    contents.put(
                            folder.relativize(file).toString(), Files.readString(file, StandardCharsets.ISO_8859_1));
                }
            }
        }
        return contents;
    }

    JsonNode manifest() throws IOException {
        return new ObjectMapper().readTree(Files.readString(folder.resolve("manifest.json")));
    }

    /** Bases in, less bases covered, less bases dropped for any reason: zero if none went astray. */
    long strayBases() throws IOException {
        JsonNode bases = manifest().path("bases");
        long dropped = StreamSupport.stream(bases.path("dropped").spliterator(), false)
                .mapToLong(JsonNode::asLong)
                .sum();
        long contigs = StreamSupport.stream(manifest().path("contigs").spliterator(), false)
                .mapToLong(contig -> contig.path("bases").asLong())
                .sum();
        return Math.max(
                Math.abs(bases.path("in").asLong() - bases.path("covered").asLong() - dropped),
                Math.abs(bases.path("in").asLong() - contigs));
    }
}
