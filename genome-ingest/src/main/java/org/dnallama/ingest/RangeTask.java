package org.dnallama.ingest;

import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.dnallama.config.Seeds;
import org.dnallama.dna.Contig;
import org.dnallama.dna.FastaReader;
import org.dnallama.dna.FastaSource;
import org.dnallama.dna.Interval;
import org.dnallama.dna.UnknownBytes;
import org.dnallama.dna.WindowRule;
import org.dnallama.shard.BaseCounts;
import org.dnallama.shard.RangeTokenizer;
import org.dnallama.shard.SplitRule;
import org.dnallama.token.Tokenizer;

/**
 * One Spark task: a range of one file. What all tasks share is in {@link Shared}.
 *
 * @param index among all tasks
 * @param file index of the file
 * @param range what to read
 * @param contigBases length of its contig
 */
record RangeTask(int index, int file, Interval range, long contigBases) implements Serializable {

    /**
     * What all tasks need, sent once to each executor.
     *
     * @param sources the checked files
     * @param windows how contigs are cut
     * @param splits which split a row falls into
     * @param tokenizer what tokens are
     * @param unknown what to do with bytes that are no nucleotide code
     * @param seed of the run
     */
    record Shared(
            List<FastaSource> sources,
            WindowRule windows,
            SplitRule splits,
            Tokenizer tokenizer,
            UnknownBytes unknown,
            long seed)
            implements Serializable {}

    /**
     * The bases of one range, for the driver's sum; the index tells a task that ran twice.
     *
     * @param index of the task
     * @param rows number of rows
     * @param bases counts
     */
    record Counted(int index, long rows, BaseCounts bases) implements Serializable {}

    /**
     * Cuts all files into tasks.
     *
     * @param sources the checked files
     * @param rangeBases bases in a range
     * @return tasks that hold each base once
     */
    static List<RangeTask> plan(List<FastaSource> sources, int rangeBases) {
        List<RangeTask> tasks = new ArrayList<>();
        for (int file = 0; file < sources.size(); file++) {
            for (Contig contig : sources.get(file).contigs()) {
                for (Interval range : RangeTokenizer.plan(List.of(contig), rangeBases)) {
                    tasks.add(new RangeTask(tasks.size(), file, range, contig.bases()));
                }
            }
        }
        return tasks;
    }

    /**
     * Does the task.
     *
     * @param shared what all tasks need
     * @return rows and counts
     * @throws org.dnallama.config.InputException if the file cannot be read or has changed
     */
    RangeTokenizer.Result run(Shared shared) {
        RangeTokenizer tokenizer = new RangeTokenizer(
                shared.windows, shared.splits, shared.tokenizer, shared.unknown, new Seeds(shared.seed));
        try (FastaReader reader = FastaReader.open(shared.sources.get(file))) {
            return tokenizer.tokenize(reader, range, contigBases);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
