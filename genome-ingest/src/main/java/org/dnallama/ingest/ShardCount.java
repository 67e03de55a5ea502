package org.dnallama.ingest;

import org.dnallama.token.Tokenizer;

/** How many files a split gets. */
final class ShardCount {

    private ShardCount() {}

    /**
     * The number of files: as many as the settings say, or so many that each has about the size that they say. What is
     * estimated is the information in the tokens, log2(vocabulary) bits each, since zstd leaves little above it; so it
     * follows from inputs and settings alone.
     *
     * @param settings the settings
     * @param bases of all rows
     * @param tokenizer makes the tokens
     * @return at least 1
     */
    static int of(IngestSettings settings, double bases, Tokenizer tokenizer) {
        if (settings.shardBytes() == 0) {
            return settings.shards();
        }
        double tokenBits = Math.log(tokenizer.vocabularySize()) / Math.log(2);
        // Tokens of differing length hold about the two bits of each base.
        double bits =
                settings.tokenizer().isEven() ? bases / settings.tokenizer().tokenStride() * tokenBits : bases * 2;
        double bytes = bits / Byte.SIZE;
        return (int) Math.max(1, Math.min(100_000, Math.round(bytes / settings.shardBytes())));
    }
}
