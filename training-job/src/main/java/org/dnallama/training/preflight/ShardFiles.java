package org.dnallama.training.preflight;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.dnallama.shard.ShardManifest;

/** Whether a folder of shards still holds what its manifest says. */
final class ShardFiles {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String REMEDY = "run ingest again, or copy the folder anew";

    /** Beyond these many, files are counted and not named. */
    private static final int NAMED = 3;

    private ShardFiles() {}

    /** Compares sizes; contents are checked by Parquet's checksums when they are read. */
    static void look(String folder, Configuration hadoop, Findings findings) {
        try {
            compare(folder, hadoop, findings);
        } catch (IOException e) {
            findings.data(folder + ": cannot be read: " + e.getMessage() + "; " + REMEDY);
        }
    }

    private static void compare(String folder, Configuration hadoop, Findings findings) throws IOException {
        Path root = new Path(folder);
        FileSystem files = root.getFileSystem(hadoop);
        for (String needed : List.of("_SUCCESS", "manifest.json")) {
            if (!files.exists(new Path(root, needed))) {
                findings.data(folder + ": has no " + needed + ", so it is not finished; " + REMEDY);
                return;
            }
        }
        List<String> wrong = new ArrayList<>();
        JsonNode shards = manifest(files, new Path(root, "manifest.json")).path("shards");
        for (JsonNode shard : shards) {
            String name = ShardManifest.file(folder + "/manifest.json", shard);
            long bytes = shard.path("bytes").asLong();
            Path file = new Path(root, name);
            if (!files.exists(file)) {
                wrong.add(name + " is missing");
            } else if (files.getFileStatus(file).getLen() != bytes) {
                wrong.add("%s has %,d bytes instead of %,d"
                        .formatted(name, files.getFileStatus(file).getLen(), bytes));
            }
        }
        if (!wrong.isEmpty()) {
            String more = wrong.size() > NAMED ? " and " + (wrong.size() - NAMED) + " more" : "";
            findings.data("%s: %d of its %d files are not as its manifest says: %s%s; %s"
                    .formatted(
                            folder,
                            wrong.size(),
                            shards.size(),
                            String.join(", ", wrong.subList(0, Math.min(NAMED, wrong.size()))),
                            more,
                            REMEDY));
        }
    }

    private static JsonNode manifest(FileSystem files, Path path) throws IOException {
        try (InputStream in = files.open(path)) {
            return JSON.readTree(in);
        }
    }
}
