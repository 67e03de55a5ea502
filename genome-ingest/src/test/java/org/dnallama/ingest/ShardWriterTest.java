package org.dnallama.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;
import org.dnallama.dna.FastaSource;
import org.dnallama.dna.UnknownBytes;
import org.dnallama.dna.WindowRule;
import org.dnallama.shard.SplitRule;
import org.dnallama.spark.Artefact;
import org.dnallama.spark.Commands;
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
        List<FastaSource> sources = FastaSource.checkAll(List.of(file.toString()), UnknownBytes.REJECT);
        // The file changes after the driver has checked it.
        Files.writeString(file, Files.readString(file).replace('C', '*'));
        RangeTask.Shared shared = new RangeTask.Shared(
                sources,
                new WindowRule(64, 64, 8),
                new SplitRule.ByHash(1, 0.1, 1000),
                new CharacterTokenizer(),
                UnknownBytes.REJECT,
                1);
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
                new ShardWriter(spark, artefact, 1).write(RangeTask.plan(sources, 1000), shared);
                return 0;
            }
        }));
        assertThat(code).isEqualTo(3);
        assertThat(folder.resolve("shards")).doesNotExist();
    }
}
