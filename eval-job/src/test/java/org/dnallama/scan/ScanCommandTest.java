package org.dnallama.scan;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import htsjdk.samtools.reference.FastaSequenceFile;
import htsjdk.samtools.util.BlockCompressedInputStream;
import htsjdk.tribble.AbstractFeatureReader;
import htsjdk.tribble.annotation.Strand;
import htsjdk.tribble.bed.BEDCodec;
import htsjdk.tribble.bed.BEDFeature;
import htsjdk.tribble.readers.LineIterator;
import htsjdk.tribble.readers.TabixReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.dnallama.checkpoint.ModelFolder;
import org.dnallama.compute.vector.VectorBackend;
import org.dnallama.config.Seeds;
import org.dnallama.dna.Nucleotides;
import org.dnallama.evaluation.CheckpointScorers;
import org.dnallama.evaluation.Scorer;
import org.dnallama.model.Head;
import org.dnallama.model.Initialization;
import org.dnallama.model.LlamaConfig;
import org.dnallama.model.LlamaLayout;
import org.dnallama.model.Parameters;
import org.dnallama.model.Pooling;
import org.dnallama.shard.LabelledSequence;
import org.dnallama.spark.Commands;
import org.dnallama.spark.HadoopStorage;
import org.dnallama.token.CharacterTokenizer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine.Command;

class ScanCommandTest {

    private static final String MOTIF = "TTGACATATAATGCCA";
    private static final int WINDOW = MOTIF.length();
    private static final long FORWARD_AT = 1_234;
    private static final long REVERSE_AT = 2_345;

    @TempDir
    private Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    /** Two contigs, the second with an N and an ambiguity code; the motif once on each strand of the first. */
    @BeforeEach
    void makeInputs() throws IOException {
        StringBuilder first = bases(4_000, 1);
        first.replace((int) FORWARD_AT, (int) FORWARD_AT + WINDOW, MOTIF);
        first.replace((int) REVERSE_AT, (int) REVERSE_AT + WINDOW, Nucleotides.reverseComplement(MOTIF));
        StringBuilder second = bases(500, 2);
        second.setCharAt(100, 'N');
        second.setCharAt(300, 'r');
        Files.writeString(folder.resolve("genome.fa"), fasta("chr1", first) + fasta("chr2", second) + ">tiny\nACG\n");
        Path model = Files.createDirectories(folder.resolve("model"));
        Files.writeString(model.resolve("_SUCCESS"), "");
        Files.writeString(model.resolve("manifest.json"), "{\"fingerprint\":\"f\",\"sequenceBases\":" + WINDOW + "}");
        master("local[2]");
    }

    @AfterEach
    void forgetMaster() {
        List.of("spark.master", "spark.ui.enabled", "spark.driver.bindAddress", "spark.driver.host")
                .forEach(System::clearProperty);
    }

    private static void master(String master) {
        System.setProperty("spark.master", master);
        System.setProperty("spark.ui.enabled", "false");
        System.setProperty("spark.driver.bindAddress", "127.0.0.1");
        System.setProperty("spark.driver.host", "127.0.0.1");
    }

    private static StringBuilder bases(int count, long seed) {
        StringBuilder bases = new StringBuilder();
        new SplittableRandom(seed).ints(count, 0, 4).forEach(i -> bases.append("ACGT".charAt(i)));
        return bases;
    }

    private static String fasta(String name, CharSequence bases) {
        return ">" + name + " made up\n"
                + bases.toString().replaceAll("(.{60})", "$1\n").strip() + "\n";
    }

    /** What a made-up model says of a sequence. */
    private interface Said extends Serializable {
        double of(String bases);
    }

    private record Fake(Said said) implements Scorer.Factory {
        @Override
        public Scorer open(String checkpoint, Configuration hadoop) {
            return new Scorer() {
                @Override
                public double[] scores(List<LabelledSequence> rows) {
                    assertThat(rows)
                            .allSatisfy(row -> assertThat(row.sequence()).matches("[ACGT]+"));
                    return rows.stream()
                            .mapToDouble(row -> said.of(row.sequence()))
                            .toArray();
                }

                @Override
                public void close() {}
            };
        }
    }

    /** The part of the motif's bases that a sequence has. */
    private static double likeness(String bases) {
        int same = 0;
        for (int i = 0; i < WINDOW; i++) {
            same += bases.charAt(i) == MOTIF.charAt(i) ? 1 : 0;
        }
        return (double) same / WINDOW;
    }

    /** Any number from 0 to 1, always the same for a sequence. */
    private static double chance(String bases) {
        return new SplittableRandom(bases.hashCode()).nextDouble();
    }

    @Test
    void plantedSequencesAreCalledWhereTheyLie() throws IOException {
        assertThat(scan(ScanCommandTest::likeness, "scan.stride=1", "scan.threshold=0.95"))
                .as(err.toString())
                .isEqualTo(Commands.DONE);
        List<BEDFeature> calls = calls("chr1", 1, 4_000);
        assertThat(calls).hasSize(2);
        assertThat(calls.get(0).getStrand()).isEqualTo(Strand.POSITIVE);
        assertThat(extracted(calls.get(0))).isEqualTo(MOTIF);
        assertThat(calls.get(1).getStrand()).isEqualTo(Strand.NEGATIVE);
        assertThat(Nucleotides.reverseComplement(extracted(calls.get(1)))).isEqualTo(MOTIF);
        // htsjdk counts from 1.
        assertThat(calls).extracting(BEDFeature::getStart).containsExactly((int) FORWARD_AT + 1, (int) REVERSE_AT + 1);
        assertThat(calls).extracting(BEDFeature::getName).containsExactly("promoter1", "promoter2");
        assertThat(calls).extracting(BEDFeature::getScore).containsExactly(1000f, 1000f);
        assertThat(calls("chr1", (int) REVERSE_AT + 1, (int) REVERSE_AT + 2)).hasSize(1);
        assertThat(calls("chr1", 1, (int) FORWARD_AT)).isEmpty();
        assertThat(lines("calls.bed.gz").get(0)).startsWith("track type=bed name=\"promoters\"");
        assertThat(lines("calls.bed.gz").get(1)).isEqualTo("chr1\t1234\t1250\tpromoter1\t1000\t+");
    }

    /** The bases that a reader of another make finds at a call. */
    private String extracted(BEDFeature call) {
        try (FastaSequenceFile genome = new FastaSequenceFile(folder.resolve("genome.fa"), true)) {
            byte[] contig = genome.nextSequence().getBases();
            return new String(
                    contig, call.getStart() - 1, call.getEnd() - call.getStart() + 1, StandardCharsets.US_ASCII);
        }
    }

    @Test
    void scoresStandAroundTheMiddleOfTheirWindows() throws IOException {
        assertThat(scan(ScanCommandTest::likeness, "scan.stride=2"))
                .as(err.toString())
                .isEqualTo(Commands.DONE);
        List<String> forward = lines("scores.forward.bedgraph.gz");
        assertThat(forward.get(0)).startsWith("track type=bedGraph name=\"promoter +\"");
        // The window at 1234 has its middle at 1242: its score stands on 1241 and 1242.
        assertThat(forward).contains("chr1\t1241\t1243\t1.0");
        assertThat(lines("scores.reverse.bedgraph.gz")).anyMatch(line -> line.startsWith("chr1\t2353\t2355\t"));
        TabixReader index = new TabixReader(
                folder.resolve("scan/scores.forward.bedgraph.gz").toString());
        TabixReader.Iterator found = index.query("chr1", 1_241, 1_242);
        assertThat(found.next()).isEqualTo("chr1\t1241\t1243\t1.0");
        index.close();
    }

    @Test
    void windowsWithUnknownBasesAreSkippedAndCounted() throws IOException {
        assertThat(scan(ScanCommandTest::likeness, "scan.stride=1"))
                .as(err.toString())
                .isEqualTo(Commands.DONE);
        // All windows of both contigs but those that hold the N or the R.
        int windows = 4_000 - WINDOW + 1 + 500 - WINDOW + 1;
        JsonNode manifest =
                new ObjectMapper().readTree(folder.resolve("scan/manifest.json").toFile());
        assertThat(manifest.get("skippedWindows").asInt()).isEqualTo(2 * WINDOW);
        assertThat(manifest.get("windows").asInt()).isEqualTo(windows - 2 * WINDOW);
        assertThat(manifest.get("window").asInt()).isEqualTo(WINDOW);
        assertThat(manifest.at("/inputs/1/sha256").asText()).hasSize(64);
        assertThat(lines("scores.forward.bedgraph.gz")).hasSize(windows - 2 * WINDOW + 1);
        assertThat(out.toString()).contains("skipped: N or another code").contains("bases per second");
        assertThat(folder.resolve("scan/_SUCCESS")).exists();
        assertThat(folder.resolve("scan/_parts")).doesNotExist();
    }

    @Test
    void tracksAreTheSameHoweverTheGenomeIsCut() throws IOException {
        String[] rule = {"scan.stride=3", "scan.threshold=0.4", "scan.suppress=20"};
        assertThat(scan(ScanCommandTest::chance, rule)).as(err.toString()).isEqualTo(Commands.DONE);
        List<String> calls = lines("calls.bed.gz");
        List<String> scores = lines("scores.reverse.bedgraph.gz");
        assertThat(calls).hasSizeGreaterThan(100);
        for (String master : List.of("local[1]", "local[2]")) {
            for (int range : new int[] {1, 333}) {
                master(master);
                String name = "cut-" + master.charAt(6) + "-" + range;
                List<String> other = new ArrayList<>(List.of(rule));
                other.addAll(List.of("scan.rangeBases=" + range, "scan.batchSize=7", "scan.output=FOLDER/" + name));
                assertThat(scan(ScanCommandTest::chance, other.toArray(String[]::new)))
                        .as(err.toString())
                        .isEqualTo(Commands.DONE);
                assertThat(lines("../" + name + "/calls.bed.gz")).as(name).isEqualTo(calls);
                assertThat(lines("../" + name + "/scores.reverse.bedgraph.gz")).isEqualTo(scores);
            }
        }
    }

    @Test
    void onlyWantedRegionsAreScanned() throws IOException {
        Files.writeString(folder.resolve("only.bed"), "chr1\t1235\t1300\nchr1\t2300\t2400\n");
        assertThat(scan(
                        ScanCommandTest::likeness,
                        "scan.stride=1",
                        "scan.threshold=0.95",
                        "scan.regions=FOLDER/only.bed"))
                .as(err.toString())
                .isEqualTo(Commands.DONE);
        // The first region begins a base behind the start of the motif.
        assertThat(lines("calls.bed.gz")).hasSize(2).anyMatch(line -> line.startsWith("chr1\t2345\t"));
    }

    @Test
    void noCallAtAllLeavesATrackThatOpens() throws IOException {
        assertThat(scan(bases -> 0.1)).as(err.toString()).isEqualTo(Commands.DONE);
        assertThat(lines("calls.bed.gz")).hasSize(1);
        assertThat(calls("chr1", 1, 4_000)).isEmpty();
    }

    @Test
    void aSecondRunDoesNothingAndOneAfterACrashGoesOn() throws IOException {
        assertThat(scan(ScanCommandTest::chance)).isEqualTo(Commands.DONE);
        List<String> calls = lines("calls.bed.gz");
        assertThat(scan(ScanCommandTest::chance)).isEqualTo(Commands.DONE);
        assertThat(out.toString()).contains("is complete already");
        assertThat(scan(ScanCommandTest::chance, "scan.threshold=0.6")).isEqualTo(Commands.INPUT);
        assertThat(err.toString()).contains("give --overwrite to replace it");

        // chr1 is scored, then chr2 fails: what is done is kept, and a second run scores no more than chr2.
        String[] rule = {"scan.output=FOLDER/again", "scan.rangeBases=800"};
        master("local[1]");
        assertThat(scan(bases -> inSecond(bases) ? Double.NaN : chance(bases), rule))
                .isEqualTo(Commands.INPUT);
        assertThat(err.toString()).contains("as NaN; its parameters are no good");
        assertThat(folder.resolve("again")).doesNotExist();
        try (Stream<Path> parts = Files.list(folder.resolve(".again.incomplete/_parts"))) {
            assertThat(parts.filter(part -> part.getFileName().toString().startsWith("range-")))
                    .hasSize(5);
        }
        assertThat(scan(bases -> inSecond(bases) ? chance(bases) : 2, rule))
                .as(err.toString())
                .isEqualTo(Commands.DONE);
        assertThat(lines("../again/calls.bed.gz")).isEqualTo(calls);
    }

    private static boolean inSecond(String bases) {
        String second = bases(500, 2).toString();
        return second.contains(bases) || second.contains(Nucleotides.reverseComplement(bases));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "model=FOLDER/nowhere | 3 | FOLDER/nowhere: no such file or folder; run finetune first, or correct scan.model",
                "ensemble=[FOLDER/nowhere] | 3 | or correct scan.ensemble",
                "fasta=FOLDER/no.fa | 3 | FOLDER/no.fa: no such file; check scan.fasta",
                "fasta=FOLDER/plain.fa.gz | 3 | plain.fa.gz: is gzip but not bgzip",
                "fasta=FOLDER/n.fa | 3 | windows holds something other than A, C, G and T; want other regions",
                "regions=FOLDER/bad.bed | 3 | bad.bed:1: there is no contig chr9 in the input",
                "window=100000 | 3 | nothing that is wanted is as long as a window of 100000 bases; lower scan.window",
                "window=0 | 2 | scan.window = 0: must be at least 1",
                "stride=0 | 2 | scan.stride = 0: must be at least 1",
                "threshold=1.5 | 2 | scan.threshold = 1.5: must lie in [0.0, 1.0]",
                "suppress=-1 | 2 | scan.suppress = -1: must be at least 0",
                "fasta=[] | 2 | scan.fasta = []: must name at least one file",
                "model=FOLDER/foreign | 2 | does not tell on how many bases it was fine-tuned; set scan.window",
            })
    void badInputIsExplained(String setting, int code, String message) throws IOException {
        Files.writeString(folder.resolve("bad.bed"), "chr9\t1\t100\n");
        Files.writeString(folder.resolve("n.fa"), ">chr1\n" + "N".repeat(100) + "\n");
        ByteArrayOutputStream gzip = new ByteArrayOutputStream();
        try (var stream = new java.util.zip.GZIPOutputStream(gzip)) {
            stream.write(">chr1\nACGT\n".getBytes(StandardCharsets.US_ASCII));
        }
        Files.write(folder.resolve("plain.fa.gz"), gzip.toByteArray());
        Files.writeString(Files.createDirectories(folder.resolve("foreign")).resolve("manifest.json"), "{}");
        assertThat(scan(ScanCommandTest::likeness, "scan." + setting)).isEqualTo(code);
        assertThat(err.toString()).contains(message.replace("FOLDER", folder.toString()));
        assertThat(folder.resolve("scan")).doesNotExist();
        assertThat(folder.resolve(".scan.incomplete")).doesNotExist();
    }

    /** With a real model, whose sums depend on how rows are put together. */
    @Test
    void aModelsTracksAreTheSameHoweverTheGenomeIsCut() throws IOException {
        checkpoint("classifier", Head.CLASSIFIER);
        String[] rule = {"scan.model=FOLDER/classifier", "scan.window=20", "scan.suppress=30", "scan.batchSize=5"};
        assertThat(real(rule)).as(err.toString()).isEqualTo(Commands.DONE);
        List<String> calls = lines("calls.bed.gz");
        List<String> scores = lines("scores.forward.bedgraph.gz");
        List<String> other = new ArrayList<>(List.of(rule));
        other.addAll(List.of("scan.rangeBases=200", "scan.output=FOLDER/cut"));
        assertThat(real(other.toArray(String[]::new))).as(err.toString()).isEqualTo(Commands.DONE);
        assertThat(lines("../cut/calls.bed.gz")).isEqualTo(calls);
        assertThat(lines("../cut/scores.forward.bedgraph.gz")).isEqualTo(scores);
    }

    @Test
    void modelsThatCannotScanAreRefused() throws IOException {
        checkpoint("language", Head.LANGUAGE_MODEL);
        checkpoint("classifier", Head.CLASSIFIER);
        assertThat(real("scan.model=FOLDER/language", "scan.window=20")).isEqualTo(Commands.INPUT);
        assertThat(err.toString())
                .contains("language: is a language model and cannot classify; run finetune first and give its output");
        assertThat(real("scan.model=FOLDER/classifier", "scan.window=31")).isEqualTo(Commands.INPUT);
        assertThat(err.toString())
                .contains("scan.window = 31: is more than the context of " + folder + "/classifier holds; lower it");
        assertThat(folder.resolve(".scan.incomplete")).doesNotExist();
    }

    @Test
    void helpTellsOfTheTracks() {
        assertThat(Commands.run(new ScanCommand(), "--help")).isEqualTo(Commands.DONE);
        assertThat(ScanCommand.class.getAnnotation(Command.class).footer())
                .contains("Examples:")
                .anyMatch(line -> line.contains("scan.model=runs/finetuned"));
    }

    private void checkpoint(String name, Head head) throws IOException {
        LlamaConfig config = new LlamaConfig(8, 16, 2, 2, 1, 24, 32, 10_000, 1e-5, true);
        CharacterTokenizer tokenizer = new CharacterTokenizer();
        try (Parameters theta = LlamaLayout.initialize(
                new VectorBackend(),
                config,
                LlamaLayout.groups(config, head, Pooling.LAST),
                Initialization.constant(0.3),
                new Seeds(5))) {
            new ModelFolder(config, head, Pooling.LAST, tokenizer)
                    .write(new HadoopStorage(folder.resolve(name).toString()), theta);
        }
    }

    private int scan(Said said, String... overrides) {
        return run(new ScanCommand(backend -> new Fake(said)), overrides);
    }

    private int real(String... overrides) {
        return run(new ScanCommand(CheckpointScorers::new), overrides);
    }

    private int run(ScanCommand command, String... overrides) {
        List<String> args = new ArrayList<>();
        for (String setting : List.of("model=FOLDER/model", "fasta=FOLDER/genome.fa", "output=FOLDER/scan")) {
            args.addAll(List.of("--set", quoted("scan." + setting)));
        }
        for (String override : overrides) {
            args.addAll(List.of("--set", quoted(override)));
        }
        PrintStream outBefore = System.out;
        PrintStream errBefore = System.err;
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
        try {
            return Commands.run(command, args.toArray(String[]::new));
        } finally {
            System.setOut(outBefore);
            System.setErr(errBefore);
        }
    }

    private String quoted(String setting) {
        String text = setting.replace("FOLDER", folder.toString());
        int equals = text.indexOf('=');
        String value = text.substring(equals + 1);
        return value.startsWith("/") ? text.substring(0, equals) + "=\"" + value + "\"" : text;
    }

    private List<String> lines(String name) throws IOException {
        try (BlockCompressedInputStream in = new BlockCompressedInputStream(
                Files.newInputStream(folder.resolve("scan").resolve(name)))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        }
    }

    private List<BEDFeature> calls(String contig, int start, int end) throws IOException {
        String file = folder.resolve("scan/calls.bed.gz").toString();
        try (AbstractFeatureReader<BEDFeature, LineIterator> reader =
                AbstractFeatureReader.getFeatureReader(file, new BEDCodec(), true)) {
            return reader.query(contig, start, end).toList();
        }
    }
}
