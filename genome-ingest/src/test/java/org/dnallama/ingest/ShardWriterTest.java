package org.dnallama.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import org.dnallama.dna.Ambiguity;
import org.dnallama.dna.FastaSource;
import org.dnallama.dna.Regions;
import org.dnallama.dna.StrandRule;
import org.dnallama.dna.UnknownBytes;
import org.dnallama.dna.WindowRule;
import org.dnallama.shard.BaseWindows;
import org.dnallama.shard.ChunkRule;
import org.dnallama.shard.SplitRule;
import org.dnallama.spark.Artefact;
import org.dnallama.spark.Commands;
import org.dnallama.spark.HadoopFiles;
import org.dnallama.spark.JobOptions;
import org.dnallama.token.CharacterTokenizer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine.Command;

class ShardWriterTest {

    @TempDir
    Path folder;

    /** Runs some code as a command. */
    @Command
    private record Runner(Callable<Integer> code) implements Callable<Integer> {
        @Override
        public Integer call() throws Exception {
            return code.call();
        }
    }

    @Test
    void badInputFoundInATaskEndsWithExit3() throws Exception {
        Path file = Job.plain(folder.resolve("a.fa"), Job.contig("a", 5000, 1));
        HadoopFiles files = new HadoopFiles(new Configuration());
        List<FastaSource> sources = List.of(FastaSource.open(files, file.toString()));
        // The file changes after the driver has looked at it.
        Files.writeString(file, Files.readString(file).replace('C', '*'));
        ChunkRule rule = new ChunkRule(
                new BaseWindows(WindowRule.splittingAtN(64, 64, 8)),
                UnknownBytes.REJECT,
                Ambiguity.KEEP,
                StrandRule.FORWARD,
                new SplitRule.ByHash(1, 0.1, 1000));
        RangeTask.Shared shared = new RangeTask.Shared(files, sources, rule, new CharacterTokenizer(), 1);
        String output = folder.resolve("shards").toString();
        int code = Commands.run(new Runner(() -> {
            try (SparkSession spark = SparkSession.builder()
                    .master("local[2]")
                    .config("spark.ui.enabled", "false")
                    .getOrCreate()) {
                Artefact artefact = Artefact.open(
                                output,
                                "test",
                                JobOptions.Existing.REFUSE,
                                spark.sparkContext().hadoopConfiguration())
                        .orElseThrow();
                new ShardWriter(spark, artefact, new Buckets(1, 5000), 0)
                        .write(RangeTask.plan(sources, Regions.ALL, 1000).tasks(), shared);
                return 0;
            }
        }));
        assertThat(code).isEqualTo(3);
        assertThat(folder.resolve("shards")).doesNotExist();
    }
}
