package org.dnallama.shard;

import java.util.ArrayList;
import java.util.List;
import org.dnallama.config.Seeds;
import org.dnallama.dna.Contig;
import org.dnallama.dna.FastaReader;
import org.dnallama.dna.Interval;
import org.dnallama.dna.Stretch;
import org.dnallama.token.Tokenizer;

/** Turns a range of a contig's region into rows; the rows of all ranges are the same however a region is cut. */
public final class RangeTokenizer {

    private final ChunkRule rule;
    private final Tokenizer tokenizer;
    private final Seeds seeds;

    /**
     * Makes one.
     *
     * @param rule how sequence becomes rows
     * @param tokenizer what tokens are
     * @param seeds of the run
     */
    public RangeTokenizer(ChunkRule rule, Tokenizer tokenizer, Seeds seeds) {
        this.rule = rule;
        this.tokenizer = tokenizer;
        this.seeds = seeds;
    }

    /**
     * What a range gave.
     *
     * @param rows of the windows that belong to the range, in their order
     * @param counts of the bases that lie in the range
     */
    public record Result(List<ShardRow> rows, BaseCounts counts) {}

    /**
     * Cuts a region into ranges.
     *
     * @param region what to cut
     * @param rangeBases bases in a range, at least 1; the last one may be shorter
     * @return ranges that hold each base once, in order
     */
    public static List<Interval> plan(Interval region, int rangeBases) {
        List<Interval> ranges = new ArrayList<>();
        for (long start = region.start(); start < region.end(); start += rangeBases) {
            ranges.add(new Interval(region.contig(), start, Math.min(start + rangeBases, region.end())));
        }
        return ranges;
    }

    /**
     * Reads a range, and as much around it as its windows need, and tokenizes the windows that belong to it.
     *
     * @param reader the file that holds it
     * @param contig the contig that holds it
     * @param region the wanted part of the contig that it lies in
     * @param range not empty
     * @return rows and counts
     * @throws org.dnallama.config.InputException if the file cannot be read
     */
    public Result tokenize(FastaReader reader, Contig contig, Interval region, Interval range) {
        Stretch stretch = reader.read(contig, rule.windows().around(region, range), rule.unknown())
                .with(rule.ambiguity(), seeds);
        RangeRows rows = new RangeRows(rule, tokenizer, seeds, stretch, range);
        rule.windows().cut(region, rows);
        return new Result(rows.rows(), rows.counts());
    }
}
