package org.dnallama.ingest;

import java.util.Locale;
import java.util.stream.Stream;
import org.dnallama.shard.BaseCounts;
import org.dnallama.shard.ShardManifest;
import org.dnallama.shard.ShardManifest.Shard;
import org.dnallama.shard.ShardManifest.SplitCounts;
import org.dnallama.shard.Split;

/** The table at the end of the job. */
final class Summary {

    private Summary() {}

    /**
     * Lays out the table.
     *
     * @param manifest what was made
     * @param output where it lies
     * @param seconds how long it took
     * @return lines of text
     */
    static String of(ShardManifest manifest, String output, double seconds) {
        BaseCounts bases = manifest.bases();
        StringBuilder text = new StringBuilder(output + "\n");
        line(text, "contigs", manifest.contigs().size());
        line(text, "bases in", bases.in());
        line(text, "  dropped: N", bases.n());
        line(text, "  dropped: window rich in N", bases.richInN());
        line(text, "  dropped: gap between windows", bases.gap());
        line(text, "  dropped: short piece", bases.shortPieces());
        line(text, "  dropped: end of piece", bases.remainder());
        line(text, "  dropped: not wanted", bases.excluded());
        line(text, "bases out", bases.covered());
        for (Split split : Split.values()) {
            SplitCounts counts = manifest.of(split);
            text.append(String.format(
                    Locale.ROOT,
                    "%-30s %,15d rows %,15d tokens %,15d bases%n",
                    split.label(),
                    counts.rows(),
                    counts.tokens(),
                    counts.bases()));
            if (counts.rows() == 0) {
                text.append("  note: nothing is in this split; see ingest.split, a smaller regionBases deals finer\n");
            }
        }
        SplitCounts all = Stream.of(Split.values()).map(manifest::of).reduce(SplitCounts.ZERO, SplitCounts::plus);
        line(text, "shards", manifest.shards().size());
        line(
                text,
                "megabytes of shards",
                manifest.shards().stream().mapToLong(Shard::bytes).sum() / 1_000_000);
        number(text, "bases per token", (double) all.bases() / all.tokens());
        number(text, "seconds", seconds);
        number(text, "million bases per second", bases.in() / seconds / 1e6);
        return text.toString();
    }

    private static void line(StringBuilder text, String name, long value) {
        text.append(String.format(Locale.ROOT, "%-30s %,15d%n", name, value));
    }

    private static void number(StringBuilder text, String name, double value) {
        text.append(String.format(Locale.ROOT, "%-30s %,15.2f%n", name, value));
    }
}
