package org.dnallama.ingest;

import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import me.tongfei.progressbar.ProgressBar;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.StorageLevel;
import org.dnallama.config.Seeds;
import org.dnallama.console.ProgressBars;
import org.dnallama.dna.Contig;
import org.dnallama.dna.FastaReader;
import org.dnallama.dna.FastaSource;
import org.dnallama.dna.GenomeFiles;
import org.dnallama.dna.Interval;
import org.dnallama.dna.Stretch;
import org.dnallama.dna.UnknownBytes;
import org.dnallama.shard.RangeTokenizer;
import org.dnallama.spark.Stages;
import org.dnallama.token.BpeCorpus;
import org.dnallama.token.BpeTrainer;
import org.dnallama.token.PairCounts;
import org.dnallama.token.Tokenizer;

/**
 * Learns a byte-pair encoding on Spark. Each partition keeps its part of the corpus as tokens in memory; a round sends
 * the next merges out and brings back by how much they changed the counts of pairs. Partitions decide nothing, so any
 * number of them learns the same merges.
 *
 * <p>A genome has no words. Pairs are counted within units: pieces of {@code unitBases} bases from the start of each
 * wanted region, cut at every code that is no base.
 */
final class BpeLearning {

    /** Bases of a partition at most, unless a unit is longer: 64 MB of tokens at the start. */
    private static final int PARTITION_BASES = 1 << 25;
    /** With more partitions than this, counts are added up on the executors first. */
    private static final int SUMMED_BY_DRIVER = 64;

    private final SparkSession spark;
    private final TokenizerSettings.Learning learning;
    private final Source source;

    /**
     * What tasks read.
     *
     * @param files where the sources lie
     * @param sources the files
     * @param unknown what to do with bytes that are no nucleotide code
     * @param learning units and sample
     * @param seed of the sample
     */
    record Source(
            GenomeFiles files,
            List<FastaSource> sources,
            UnknownBytes unknown,
            TokenizerSettings.Learning learning,
            long seed)
            implements Serializable {

        BpeCorpus read(Iterator<Range> ranges) {
            BpeCorpus corpus = new BpeCorpus();
            while (ranges.hasNext()) {
                Range range = ranges.next();
                try (FastaReader reader = FastaReader.open(files, sources.get(range.file))) {
                    Contig contig = sources.get(range.file).contigs().get(range.contig);
                    read(reader, contig, range.interval, corpus);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
            return corpus;
        }

        private void read(FastaReader reader, Contig contig, Interval range, BpeCorpus corpus) {
            Stretch stretch = reader.read(contig, range, unknown);
            for (Interval unit : RangeTokenizer.plan(range, learning.unitBases())) {
                long key = new Seeds(seed).key("bpe sample " + unit.contig(), unit.start());
                if ((key >>> 11) * 0x1p-53 < learning.sample()) {
                    corpus.add(stretch.text(unit));
                }
            }
        }
    }

    /** Whole units of one file. */
    private record Range(int file, int contig, Interval interval) implements Serializable {}

    BpeLearning(SparkSession spark, Source source) {
        this.spark = spark;
        this.learning = source.learning;
        this.source = source;
    }

    /**
     * Learns it.
     *
     * @param tasks which parts of the sources are wanted
     * @return the tokenizer
     * @throws org.dnallama.config.InputException if a file cannot be read, or there is too little sequence
     */
    Tokenizer run(List<RangeTask> tasks) {
        JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
        List<Range> ranges = ranges(tasks, context.defaultParallelism());
        Broadcast<Source> everywhere = context.broadcast(source);
        return Stages.named(
                context,
                "Learn BPE: read sequence, then merge pairs in rounds",
                () -> learn(context.parallelize(ranges, ranges.size()), everywhere));
    }

    private Tokenizer learn(JavaRDD<Range> ranges, Broadcast<Source> everywhere) {
        // Kept as objects: a round changes them in place. One that is lost is read again and makes up for its rounds.
        JavaRDD<BpeCorpus> corpora = ranges.mapPartitions(
                        part -> List.of(everywhere.value().read(part)).iterator())
                .persist(StorageLevel.MEMORY_ONLY());
        BpeTrainer trainer = new BpeTrainer(learning.vocabularySize(), learning.maxTokenBases());
        try (ProgressBar bar = ProgressBars.named("learn BPE", learning.vocabularySize() - BpeTrainer.LEAST)
                .setUnit(" merges", 1)
                .build()) {
            int done = 0;
            int[] merges = trainer.merges();
            while (trainer.next(round(corpora, merges, done))) {
                done = merges.length;
                merges = trainer.merges();
                bar.stepTo(merges.length);
            }
        } finally {
            corpora.unpersist(false);
        }
        return trainer.tokenizer();
    }

    private static PairCounts round(JavaRDD<BpeCorpus> corpora, int[] merges, int done) {
        JavaRDD<PairCounts> changes = corpora.map(corpus -> corpus.merge(merges, done));
        return corpora.getNumPartitions() > SUMMED_BY_DRIVER
                ? changes.treeAggregate(new PairCounts(), PairCounts::plus, PairCounts::plus)
                : changes.aggregate(new PairCounts(), PairCounts::plus, PairCounts::plus);
    }

    // At least as many as there are cores, if there are as many units.
    private List<Range> ranges(List<RangeTask> tasks, int parallelism) {
        long bases =
                tasks.stream().mapToLong(task -> task.range().lengthBases()).sum();
        long wanted = Math.min(PARTITION_BASES, bases / parallelism + 1);
        int units = Math.toIntExact(Math.max(1, wanted / learning.unitBases()));
        List<Range> ranges = new ArrayList<>();
        for (RangeTask task : tasks) {
            // The first task of each region stands for the whole of it.
            if (task.range().start() == task.region().start()) {
                for (Interval range :
                        RangeTokenizer.plan(task.region(), Math.multiplyExact(units, learning.unitBases()))) {
                    ranges.add(new Range(task.file(), task.contig(), range));
                }
            }
        }
        return ranges;
    }
}
