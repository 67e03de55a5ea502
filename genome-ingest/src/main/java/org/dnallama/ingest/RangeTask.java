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
import org.dnallama.dna.GenomeFiles;
import org.dnallama.dna.Interval;
import org.dnallama.dna.Regions;
import org.dnallama.shard.BaseCounts;
import org.dnallama.shard.ChunkRule;
import org.dnallama.shard.RangeTokenizer;
import org.dnallama.token.Tokenizer;

/**
 * One Spark task: a range of one file. What all tasks share is in {@link Shared}.
 *
 * @param index among all tasks
 * @param file index of the file
 * @param contig index of the contig in the file
 * @param region the wanted part of the contig that holds the range
 * @param range what to read
 * @param first true for one task of each contig, which looks at its header too
 */
record RangeTask(int index, int file, int contig, Interval region, Interval range, boolean first)
        implements Serializable {

    /**
     * What all tasks need, sent once to each executor.
     *
     * @param files where the sources lie
     * @param sources the files
     * @param rule how sequence becomes rows
     * @param tokenizer what tokens are
     * @param seed of the run
     */
    record Shared(GenomeFiles files, List<FastaSource> sources, ChunkRule rule, Tokenizer tokenizer, long seed)
            implements Serializable {}

    /**
     * The bases of one range, for the driver's sum; the index tells a task that ran twice.
     *
     * @param index of the task
     * @param tokens number of tokens
     * @param bases counts
     */
    record Counted(int index, long tokens, BaseCounts bases) implements Serializable {}

    /**
     * All tasks.
     *
     * @param tasks in the order of files and positions; they hold each wanted base once
     * @param unwanted bases that no task reads
     */
    record Plan(List<RangeTask> tasks, BaseCounts unwanted) {

        long bases() {
            return tasks.stream().mapToLong(task -> task.range.lengthBases()).sum();
        }
    }

    /**
     * Cuts all files into tasks.
     *
     * @param sources the files
     * @param regions which parts are wanted
     * @param rangeBases bases in a range
     * @return the tasks
     */
    static Plan plan(List<FastaSource> sources, Regions regions, int rangeBases) {
        List<RangeTask> tasks = new ArrayList<>();
        long unwanted = 0;
        for (int file = 0; file < sources.size(); file++) {
            List<Contig> contigs = sources.get(file).contigs();
            for (int number = 0; number < contigs.size(); number++) {
                boolean first = true;
                unwanted += contigs.get(number).bases();
                for (Interval region : regions.of(contigs.get(number))) {
                    unwanted -= region.lengthBases();
                    for (Interval range : RangeTokenizer.plan(region, rangeBases)) {
                        tasks.add(new RangeTask(tasks.size(), file, number, region, range, first));
                        first = false;
                    }
                }
            }
        }
        return new Plan(tasks, BaseCounts.ofExcluded(unwanted));
    }

    /**
     * Does the task.
     *
     * @param shared what all tasks need
     * @return rows and counts
     * @throws org.dnallama.config.InputException if the file is bad, cannot be read, or its index does not fit
     */
    RangeTokenizer.Result run(Shared shared) {
        RangeTokenizer tokenizer = new RangeTokenizer(shared.rule, shared.tokenizer, new Seeds(shared.seed));
        FastaSource source = shared.sources.get(file);
        try (FastaReader reader = FastaReader.open(shared.files, source)) {
            if (first) {
                reader.checkBorders(contig);
            }
            return tokenizer.tokenize(reader, source.contigs().get(contig), region, range);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
