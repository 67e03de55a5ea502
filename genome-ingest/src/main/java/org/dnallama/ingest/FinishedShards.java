package org.dnallama.ingest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.dnallama.shard.ShardManifest.Shard;
import org.dnallama.shard.ShardManifest.SplitCounts;
import org.dnallama.shard.Split;

/** Notes beside the shards of a job in progress: which files are whole, for a run after a crash. */
final class FinishedShards {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String FOLDER = "_finished";

    private FinishedShards() {}

    /** Notes a file that has its name. */
    static void note(FileSystem files, Path folder, Shard shard) throws IOException {
        Path note = new Path(folder, FOLDER + "/" + new ShardSlot(shard.split(), shard.number()).index());
        try (OutputStream out = files.create(note, true)) {
            out.write(JSON.writeValueAsBytes(JSON.createObjectNode()
                    .put("split", shard.split().name())
                    .put("number", shard.number())
                    .put("rows", shard.counts().rows())
                    .put("tokens", shard.counts().tokens())
                    .put("bases", shard.counts().bases())
                    .put("bytes", shard.bytes())
                    .put("sha256", shard.sha256())));
        }
    }

    /** The files that are whole; a note that is not whole itself counts for nothing. */
    static List<Shard> read(FileSystem files, Path folder) throws IOException {
        List<Shard> shards = new ArrayList<>();
        Path notes = new Path(folder, FOLDER);
        if (!files.exists(notes)) {
            return shards;
        }
        for (FileStatus note : files.listStatus(notes)) {
            try (InputStream in = files.open(note.getPath())) {
                Shard shard = shard(JSON.readTree(in));
                Path place = new Path(folder, shard.file());
                if (files.exists(place) && files.getFileStatus(place).getLen() == shard.bytes()) {
                    shards.add(shard);
                }
            } catch (IOException | IllegalArgumentException e) {
                files.delete(note.getPath(), false);
            }
        }
        return shards;
    }

    private static Shard shard(JsonNode note) {
        return new Shard(
                Split.valueOf(note.path("split").asText()),
                note.path("number").asInt(),
                new SplitCounts(
                        note.path("rows").asLong(),
                        note.path("tokens").asLong(),
                        note.path("bases").asLong()),
                note.path("bytes").asLong(),
                note.path("sha256").asText());
    }

    /** Removes the notes of a job that is done. */
    static void forget(FileSystem files, Path folder) throws IOException {
        files.delete(new Path(folder, FOLDER), true);
    }
}
