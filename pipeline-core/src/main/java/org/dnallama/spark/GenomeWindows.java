package org.dnallama.spark;

import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.dnallama.config.InputException;
import org.dnallama.config.Settings;
import org.dnallama.dna.KmerSet;
import org.dnallama.dna.Kmers;
import org.dnallama.shard.MaskedTokens;
import org.dnallama.shard.StoredRows;
import org.dnallama.token.Tokenizer;
import org.dnallama.train.DenoisingExamples;
import org.slf4j.LoggerFactory;

/**
 * Windows of a genome as bases, without those that share a k-mer with held-out sequences.
 *
 * @param heldOut CSV files, or folders of which dev and test are taken
 * @param k bases of the k-mers
 */
public record GenomeWindows(List<String> heldOut, int k) implements Serializable {

    /** Reads {@code prefix.data} and {@code prefix.k}; errors are noted in the settings. */
    static GenomeWindows read(Settings settings, String prefix) {
        List<String> data = settings.texts(prefix + ".data");
        int k = settings.integer(prefix + ".k", 3);
        boolean fits = k <= Kmers.MOST && k % 2 == 1;
        settings.require(fits, "%s.k = %d: must be odd and at most %d".formatted(prefix, k, Kmers.MOST));
        return new GenomeWindows(data, k);
    }

    /**
     * The windows of one split.
     *
     * @throws InputException if no window is left
     */
    List<DenoisingExamples.Window> of(String shards, String split, Configuration hadoop) throws IOException {
        Tokenizer tokenizer = TokenShards.tokenizer(shards, hadoop);
        StoredRows stored = TokenShards.open(shards, split, hadoop);
        List<MaskedTokens> rows = stored.read(0, stored.size());
        List<String> sequences = new ArrayList<>();
        for (String place : heldOut) {
            sequences.addAll(LabelledRows.heldOut(place, hadoop));
        }
        KmerSet held = new KmerSet(k, sequences);
        List<DenoisingExamples.Window> left = rows.stream()
                .map(row -> new DenoisingExamples.Window(tokenizer.decode(row.tokens()), row.softMasked()))
                .filter(window -> !held.touches(window.bases()))
                .toList();
        LoggerFactory.getLogger(GenomeWindows.class)
                .info(
                        "{}: {} windows of split {}, {} of them left out for a {}-mer of {} held-out sequences",
                        shards,
                        rows.size(),
                        split,
                        rows.size() - left.size(),
                        k,
                        sequences.size());
        if (left.isEmpty()) {
            throw new InputException("%s: every window of split %s shares a %d-mer with heldOut.data; ingest more"
                    .formatted(shards, split, k));
        }
        return left;
    }
}
