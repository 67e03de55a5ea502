package org.dnallama.shard;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.dnallama.config.Seeds;
import org.dnallama.dna.FastaReader;
import org.dnallama.dna.FastaSource;
import org.dnallama.dna.Interval;
import org.dnallama.spark.HadoopFiles;
import org.dnallama.token.Tokenizer;

/** A contig that is tokenized in ranges. */
record Ranges(Path folder, ChunkRule rule, Tokenizer tokenizer) {

    static final Seeds SEEDS = new Seeds(7);
    private static final HadoopFiles FILES = new HadoopFiles(new Configuration());

    /** The rows of all ranges, in order, and the sum of their counts. */
    record Whole(List<ShardRow> rows, BaseCounts counts) {

        List<Interval> intervals() {
            return rows.stream().map(ShardRow::interval).toList();
        }

        /** Rows as texts, as arrays know no equality. */
        List<String> texts() {
            return rows.stream()
                    .map(row -> row.interval() + row.strand().symbol() + " " + Arrays.toString(row.tokens())
                            + row.split() + row.order() + Arrays.toString(row.softMask()))
                    .toList();
        }
    }

    /** Tokenizes a region of contig c; every base must be in a row or dropped for a reason. */
    Whole run(String bases, Interval region, int rangeBases) throws IOException {
        Path file = Files.writeString(folder.resolve("c.fa"), ">c\n" + bases + "\n");
        Files.deleteIfExists(folder.resolve("c.fa.fai"));
        FastaSource source = FastaSource.open(FILES, file.toString());
        RangeTokenizer ranges = new RangeTokenizer(rule, tokenizer, SEEDS);
        List<ShardRow> rows = new ArrayList<>();
        BaseCounts counts = BaseCounts.ZERO;
        try (FastaReader reader = FastaReader.open(FILES, source)) {
            for (Interval range : RangeTokenizer.plan(region, rangeBases)) {
                RangeTokenizer.Result result =
                        ranges.tokenize(reader, source.contigs().get(0), region, range);
                rows.addAll(result.rows());
                counts = counts.plus(result.counts());
            }
        }
        Whole whole = new Whole(rows, counts);
        requireBalance(whole, region);
        return whole;
    }

    private static void requireBalance(Whole whole, Interval region) {
        BitSet covered = new BitSet();
        whole.intervals().forEach(row -> covered.set((int) row.start(), (int) row.end()));
        BaseCounts counts = whole.counts;
        assertThat(counts.covered()).as("bases out").isEqualTo(covered.cardinality());
        assertThat(counts.in()).as("bases in").isEqualTo(region.lengthBases());
        assertThat(List.of(counts.n(), counts.richInN(), counts.gap(), counts.shortPieces(), counts.remainder()))
                .as("bases dropped by reason: %s", counts)
                .allMatch(count -> count >= 0);
    }
}
