package org.dnallama.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerStageSubmitted;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Spark's UI tells what each stage does, in words and not by the line of code that asked for it. */
class StageNamesTest {

    @TempDir
    Path folder;

    /** Notes the names of stages. */
    public static final class Names extends SparkListener {

        static final List<String> NAMES = new CopyOnWriteArrayList<>();

        @Override
        public void onStageSubmitted(SparkListenerStageSubmitted stage) {
            NAMES.add(stage.stageInfo().name());
        }
    }

    @BeforeEach
    void listen() {
        System.setProperty("spark.extraListeners", Names.class.getName());
        Names.NAMES.clear();
    }

    @AfterEach
    void stopListening() {
        System.clearProperty("spark.extraListeners");
    }

    private void run(String command, String... settings) {
        Job.Outcome run = Job.command(command, "local[1]", settings);
        assertThat(run.exitCode()).as(run.err()).isZero();
    }

    private String output(String key, String name) {
        return key + ".output=\"" + folder.resolve(name) + "\"";
    }

    @Test
    void ofIngest() throws IOException {
        Path fasta = Job.plain(folder.resolve("a.fa"), Job.contig("a", 50_000, 1));
        String[] settings = {
            "ingest.fasta=\"" + fasta + "\"",
            output("ingest", "shards"),
            "ingest.rangeBases=10000",
            "ingest.tokenizer.kind=bpe",
            "ingest.tokenizer.vocabulary=20"
        };
        run("ingest", settings);
        assertThat(Names.NAMES.stream().distinct())
                .containsExactly(
                        "Checksums of 1 input files",
                        "Index of 1 FASTA files without .fai",
                        "Learn BPE: read sequence, then merge pairs in rounds",
                        "Tokens of 5 ranges",
                        "Write up to 8 shards");
        Names.NAMES.clear();
        run("ingest", output("ingest", "shards"), "--verify");
        assertThat(Names.NAMES).hasSize(1).allMatch(name -> name.matches("Verify \\d files"));
    }

    @Test
    void ofImportAndAudit() throws IOException {
        Path data = Files.createDirectory(folder.resolve("data"));
        Files.writeString(data.resolve("train.csv"), "sequence,label\nACGTACGTACGTACGTACGTACGT,1\n");
        Files.writeString(data.resolve("test.csv"), "sequence,label\nACGTACGTACGTACGTACGTACGT,0\n");
        String[] settings = {"importGue.data=\"" + data + "\"", output("importGue", "labelled")};
        run("import-gue", settings);
        assertThat(Names.NAMES.stream().distinct()).containsExactly("Check 2 labelled files", "Write labelled shards");
        Names.NAMES.clear();
        run("audit", "audit.data=\"" + data + "\"", output("audit", "audit"));
        assertThat(Names.NAMES).hasSizeGreaterThan(3).noneMatch(name -> name.contains(".java:"));
    }
}
