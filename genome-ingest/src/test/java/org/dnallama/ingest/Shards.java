package org.dnallama.ingest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.dnallama.labelled.Duck;

/** Reads shards with DuckDB, which shares no code with Spark or with us. */
record Shards(Path folder) {

    /** Runs SQL over a view {@code rows}; each row's columns joined by a bar. */
    List<String> query(String sql) throws SQLException {
        return Duck.query(folder.resolve("split=*/*.parquet"), sql);
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
}
