package org.dnallama.scan;

import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.util.SerializableConfiguration;
import org.dnallama.config.InputException;
import org.dnallama.config.Seeds;
import org.dnallama.dna.Ambiguity;
import org.dnallama.dna.Contig;
import org.dnallama.dna.FastaReader;
import org.dnallama.dna.FastaSource;
import org.dnallama.dna.GenomeFiles;
import org.dnallama.dna.Interval;
import org.dnallama.dna.Nucleotides;
import org.dnallama.dna.Regions;
import org.dnallama.dna.Stretch;
import org.dnallama.dna.UnknownBytes;
import org.dnallama.evaluation.Scorer;
import org.dnallama.shard.LabelledSequence;

/**
 * One Spark task: the windows that start in a range of a contig. What all tasks share is in {@link Shared}.
 *
 * @param index among all tasks, in order of files, contigs and positions
 * @param file index of the file
 * @param contig index of the contig in the file
 * @param starts where its windows start
 * @param first true for one task of each contig, which looks at its header too
 */
record ScanRange(int index, int file, int contig, Interval starts, boolean first) implements Serializable {

    /**
     * What all tasks need, sent once to each executor.
     *
     * @param files where the sources lie
     * @param sources the FASTA files
     * @param grid where windows lie
     * @param scorers opens the model
     * @param model its folder
     * @param hadoop file system settings
     */
    record Shared(
            GenomeFiles files,
            List<FastaSource> sources,
            WindowGrid grid,
            Scorer.Factory scorers,
            String model,
            SerializableConfiguration hadoop)
            implements Serializable {}

    /** All ranges of the wanted parts of all files. */
    static List<ScanRange> plan(List<FastaSource> sources, Regions regions, WindowGrid grid, int rangeBases) {
        List<ScanRange> ranges = new ArrayList<>();
        for (int file = 0; file < sources.size(); file++) {
            List<Contig> contigs = sources.get(file).contigs();
            for (int number = 0; number < contigs.size(); number++) {
                boolean first = true;
                for (Interval region : regions.of(contigs.get(number))) {
                    for (Interval starts : grid.cut(region, rangeBases)) {
                        ranges.add(new ScanRange(ranges.size(), file, number, starts, first));
                        first = false;
                    }
                }
            }
        }
        return ranges;
    }

    /**
     * Does the task.
     *
     * @param shared what all tasks need
     * @return a score for each window and strand
     * @throws InputException if the file is bad or the model scores nothing
     * @throws IOException if the model cannot be read
     */
    Scores scan(Shared shared) throws IOException {
        Stretch stretch = read(shared);
        Scores scores = new Scores(new float[shared.grid.count(starts)], new float[shared.grid.count(starts)]);
        int next = 0;
        try (Scorer scorer = shared.scorers.open(shared.model, shared.hadoop.value())) {
            for (List<Interval> batch : shared.grid.batches(starts)) {
                score(batch, stretch, scorer, scores, next);
                next += batch.size();
            }
        }
        return scores;
    }

    // All that is no base is N, and windows with N are skipped: there is no seed for anything here.
    private Stretch read(Shared shared) throws IOException {
        FastaSource source = shared.sources.get(file);
        try (FastaReader reader = FastaReader.open(shared.files, source)) {
            if (first) {
                reader.checkBorders(contig);
            }
            return reader.read(source.contigs().get(contig), shared.grid.covered(starts), UnknownBytes.N)
                    .with(Ambiguity.N, new Seeds(0));
        }
    }

    /** Scores the windows of a batch without N, forward and then reverse, in one call. */
    private static void score(List<Interval> batch, Stretch stretch, Scorer scorer, Scores scores, int offset) {
        Arrays.fill(scores.forward(), offset, offset + batch.size(), Float.NaN);
        Arrays.fill(scores.reverse(), offset, offset + batch.size(), Float.NaN);
        int[] whole = IntStream.range(0, batch.size())
                .filter(i -> stretch.countN(batch.get(i)) == 0)
                .toArray();
        if (whole.length == 0) {
            return;
        }
        List<LabelledSequence> rows = new ArrayList<>();
        List<LabelledSequence> reversed = new ArrayList<>();
        for (int i : whole) {
            String bases = stretch.text(batch.get(i));
            rows.add(new LabelledSequence(batch.get(i).toString(), bases, 0));
            reversed.add(new LabelledSequence(batch.get(i).toString(), Nucleotides.reverseComplement(bases), 0));
        }
        rows.addAll(reversed);
        double[] found = scorer.scores(rows);
        for (int i = 0; i < whole.length; i++) {
            scores.forward()[offset + whole[i]] = checked(found[i], batch.get(whole[i]));
            scores.reverse()[offset + whole[i]] = checked(found[whole.length + i], batch.get(whole[i]));
        }
    }

    private static float checked(double score, Interval window) {
        if (!Double.isFinite(score)) {
            throw new InputException("scan.model: scores " + window + " as " + score
                    + "; its parameters are no good, fine-tune anew, with a lower learning rate");
        }
        return (float) score;
    }
}
