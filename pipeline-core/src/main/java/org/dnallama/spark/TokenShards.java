package org.dnallama.spark;

import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.dnallama.config.InputException;
import org.dnallama.shard.StoredRows;
import org.dnallama.token.Tokenizer;
import org.dnallama.token.Tokenizers;

/** Gives access to a folder of shards. */
public final class TokenShards {

    private TokenShards() {}

    /**
     * Rows of a split, which are read when they are asked for.
     *
     * @param folder a finished shards folder
     * @param split train or valid
     * @param hadoop file system settings
     * @return the rows; packed documents are rows of their own
     * @throws InputException if the folder is not finished, a file is damaged or the split has no rows
     */
    public static StoredRows open(String folder, String split, Configuration hadoop) {
        try {
            Path root = new Path(folder);
            FileSystem fileSystem = root.getFileSystem(hadoop);
            if (!fileSystem.exists(new Path(root, "_SUCCESS"))) {
                throw new InputException(folder + ": has no _SUCCESS; give the output of a finished ingest");
            }
            List<Path> files = Stream.of(fileSystem.globStatus(new Path(root, "split=" + split + "/*.parquet")))
                    .map(FileStatus::getPath)
                    .sorted()
                    .toList();
            StoredRows rows = new ShardRows(files, hadoop);
            if (rows.size() == 0) {
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
}
