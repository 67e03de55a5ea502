package org.dnallama.shard;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.Serializable;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.dnallama.config.InputException;
import org.dnallama.dna.Contig;

/**
 * What a shards folder was made from and holds. It names no time, so the same inputs and settings give the same text.
 *
 * @param inputs the FASTA files
 * @param config effective settings, as JSON text
 * @param seed of the run
 * @param tokenizer its place in provenance
 * @param contigs of all inputs, in order
 * @param bases where the inputs' bases went
 * @param shards the files, in order
 */
public record ShardManifest(
        List<Input> inputs,
        String config,
        long seed,
        TokenizerMark tokenizer,
        List<Contig> contigs,
        BaseCounts bases,
        List<Shard> shards) {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern FILE = Pattern.compile("split=[a-z]+/[A-Za-z0-9_][A-Za-z0-9_.-]*");

    /**
     * An input file.
     *
     * @param path as the user gave it
     * @param sha256 checksum of the file as it is stored, compressed or not
     * @param bytes its size as it is stored
     */
    public record Input(String path, String sha256, long bytes) {}

    /**
     * A Parquet file.
     *
     * @param split the split it belongs to
     * @param number among the files of its split
     * @param counts what it holds
     * @param bytes its size
     * @param sha256 its checksum
     */
    public record Shard(Split split, int number, SplitCounts counts, long bytes, String sha256)
            implements Serializable {

        /**
         * Its place.
         *
         * @return path inside the shards folder
         */
        public String file() {
            return String.format(Locale.ROOT, "split=%s/part-%05d.parquet", split.label(), number);
        }
    }

    /**
     * Where a shard lies, as a stored manifest says.
     *
     * @param place of the manifest, for messages
     * @param shard an element of its {@code shards}
     * @return path inside the shards folder, in the folder of a split
     * @throws InputException if it might lead out of there
     */
    public static String file(String place, JsonNode shard) {
        String file = shard.path("file").asText();
        if (!FILE.matcher(file).matches()) {
            throw new InputException(place + ": shard '" + file + "' is no name of a file in this folder such as"
                    + " split=train/part-00000.parquet; the manifest was changed, make it again with --overwrite");
        }
        return file;
    }

    /**
     * Which tokenizer.
     *
     * @param sha256 checksum of {@code tokenizer.json}
     * @param vocabularySize number of token ids
     */
    public record TokenizerMark(String sha256, int vocabularySize) {}

    /**
     * What a split or one file holds.
     *
     * @param rows number of rows
     * @param tokens their tokens, without begin, end and padding
     * @param bases their bases; those of overlapping windows count in each row
     */
    public record SplitCounts(long rows, long tokens, long bases) implements Serializable {

        /** Nothing. */
        public static final SplitCounts ZERO = new SplitCounts(0, 0, 0);

        /**
         * Adds.
         *
         * @param other what another one holds
         * @return the sum
         */
        public SplitCounts plus(SplitCounts other) {
            return new SplitCounts(rows + other.rows, tokens + other.tokens, bases + other.bases);
        }
    }

    /**
     * What a split holds.
     *
     * @param split which
     * @return the sum over its files
     */
    public SplitCounts of(Split split) {
        return shards.stream()
                .filter(shard -> shard.split == split)
                .map(Shard::counts)
                .reduce(SplitCounts.ZERO, SplitCounts::plus);
    }

    /**
     * The manifest as it is stored.
     *
     * @return JSON
     */
    public ObjectNode toJson() {
        ObjectNode json = JSON.createObjectNode();
        json.put("job", "ingest").put("seed", seed);
        json.put("checksums", "sha256 of each file as it is stored");
        ArrayNode inputNodes = json.putArray("inputs");
        for (Input input : inputs) {
            inputNodes
                    .addObject()
                    .put("path", input.path)
                    .put("sha256", input.sha256)
                    .put("bytes", input.bytes);
        }
        try {
            json.set("config", JSON.readTree(config));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the effective settings are no JSON: " + config, e);
        }
        json.putObject("tokenizer").put("sha256", tokenizer.sha256).put("vocabularySize", tokenizer.vocabularySize);
        ArrayNode contigNodes = json.putArray("contigs");
        for (Contig contig : contigs) {
            contigNodes.addObject().put("name", contig.name()).put("bases", contig.bases());
        }
        json.set("bases", bases.toJson());
        ObjectNode splitNodes = json.putObject("splits");
        for (Split split : Split.values()) {
            put(splitNodes.putObject(split.label()), of(split));
        }
        ArrayNode shardNodes = json.putArray("shards");
        for (Shard shard : shards) {
            put(shardNodes.addObject().put("file", shard.file()), shard.counts)
                    .put("bytes", shard.bytes)
                    .put("sha256", shard.sha256);
        }
        return json;
    }

    private static ObjectNode put(ObjectNode node, SplitCounts counts) {
        return node.put("rows", counts.rows).put("tokens", counts.tokens).put("bases", counts.bases);
    }
}
