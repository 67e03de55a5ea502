package org.dnallama.shard;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
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
 * @param splits what each split holds; every split is there, if with zeros
 */
public record ShardManifest(
        List<Input> inputs,
        String config,
        long seed,
        TokenizerMark tokenizer,
        List<Contig> contigs,
        BaseCounts bases,
        Map<Split, SplitCounts> splits) {

    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * An input file.
     *
     * @param path as the user gave it
     * @param sha256 its checksum
     * @param bytes its size
     */
    public record Input(String path, String sha256, long bytes) {}

    /**
     * Which tokenizer.
     *
     * @param sha256 checksum of {@code tokenizer.json}
     * @param vocabularySize number of token ids
     */
    public record TokenizerMark(String sha256, int vocabularySize) {}

    /**
     * What a split holds.
     *
     * @param rows number of rows
     * @param tokens their tokens
     * @param bases their bases; those of overlapping windows count in each row
     */
    public record SplitCounts(long rows, long tokens, long bases) {}

    /**
     * The manifest as it is stored.
     *
     * @return JSON
     */
    public ObjectNode toJson() {
        ObjectNode json = JSON.createObjectNode();
        json.put("job", "ingest").put("seed", seed);
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
            SplitCounts counts = splits.getOrDefault(split, new SplitCounts(0, 0, 0));
            splitNodes
                    .putObject(split.label())
                    .put("rows", counts.rows)
                    .put("tokens", counts.tokens)
                    .put("bases", counts.bases);
        }
        return json;
    }
}
