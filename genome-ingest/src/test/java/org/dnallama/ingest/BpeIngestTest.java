package org.dnallama.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import org.apache.hadoop.conf.Configuration;
import org.dnallama.checkpoint.VocabularyExtension;
import org.dnallama.dna.Nucleotides;
import org.dnallama.spark.HadoopStorage;
import org.dnallama.token.Tokenizer;
import org.dnallama.token.Tokenizers;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The job with tokenizers that it learns, reads or extends. */
class BpeIngestTest {

    @TempDir
    Path folder;

    private String fasta = "";

    @BeforeEach
    void makeGenome() throws IOException {
        fasta = "ingest.fasta=[\"" + Job.plain(folder.resolve("one.fa"), Job.contig("one", 60_000, 1)) + "\",\""
                + Job.bgzip(folder.resolve("two.fa.gz"), Job.contig("two", 30_011, 2)) + "\"]";
    }

    private Job.Outcome ingest(String master, String output, String... settings) {
        List<String> arguments = new ArrayList<>(List.of(
                fasta,
                "ingest.output=\"" + folder.resolve(output) + "\"",
                "ingest.shards=1",
                "ingest.tokenizer.kind=bpe",
                "ingest.tokenizer.unitBases=1000",
                "ingest.tokenizer.vocabulary=300"));
        arguments.addAll(List.of(settings));
        return Job.run(master, arguments.toArray(String[]::new));
    }

    private String text(String output, String name) throws IOException {
        return Files.readString(folder.resolve(output).resolve(name));
    }

    @Test
    void learnsTheSameForAnyNumberOfTasks() throws IOException {
        assertThat(ingest("local[1]", "one").exitCode()).isZero();
        Job.Outcome three = ingest("local[3]", "three");
        assertThat(three.exitCode()).as(three.err()).isZero();
        assertThat(three.err()).contains("learn BPE");
        assertThat(text("three", "tokenizer.json")).isEqualTo(text("one", "tokenizer.json"));
        Tokenizer tokenizer = Tokenizers.read(text("three", "tokenizer.json"));
        assertThat(tokenizer.vocabularySize()).isEqualTo(300);
        JsonNode manifest = new ObjectMapper().readTree(text("three", "manifest.json"));
        assertThat(manifest.at("/tokenizer/vocabularySize").asInt()).isEqualTo(300);
        JsonNode bases = manifest.path("bases");
        long tokens = manifest.at("/splits/train/tokens").asLong()
                + manifest.at("/splits/valid/tokens").asLong();
        // Random bases: four of them make about one token of 300.
        assertThat(tokens)
                .isBetween(
                        bases.path("covered").asLong() / 5,
                        bases.path("covered").asLong() / 2);
    }

    @Test
    void windowsOfANumberOfTokensAreTheSameForAnyNumberOfExecutors() throws Exception {
        assertThat(ingest("local[2]", "learnt").exitCode()).isZero();
        String[] settings = {
            "ingest.tokenizer.file=\"" + folder.resolve("learnt/tokenizer.json") + "\"",
            "ingest.unit=tokens",
            "ingest.window=64",
            "ingest.stride=48",
            "ingest.strand=both",
            "ingest.blockBases=4000",
            "ingest.minLength=1",
            "ingest.split.regionBases=2000",
            "ingest.split.validFraction=0.3"
        };
        Job.Outcome run = ingest("local[1]", "tokens", settings);
        assertThat(run.exitCode()).as(run.err()).isZero();
        Shards shards = new Shards(folder.resolve("tokens"));
        // 64 tokens of about four random bases; a piece ends with fewer after each run of N.
        assertThat(shards.query("SELECT strand, max(len(tokens)), count(*) > 300, avg(len(tokens)) > 40 FROM rows"
                        + " GROUP BY strand ORDER BY strand"))
                .containsExactly("+|64|true|true", "-|64|true|true");
        Tokenizer tokenizer = Tokenizers.read(text("tokens", "tokenizer.json"));
        String genome = genome();
        for (String row : shards.query("SELECT contig, start, \"end\", strand, tokens FROM rows")) {
            String[] cells = row.split("\\|");
            int offset = cells[0].equals("two") ? 60_000 : 0;
            String bases = genome.substring(offset + Integer.parseInt(cells[1]), offset + Integer.parseInt(cells[2]));
            String read = cells[3].equals("+") ? bases : Nucleotides.reverseComplement(bases);
            assertThat(Arrays.toString(tokenizer.encode(read))).as(row).isEqualTo(cells[4]);
        }
        String all = "SELECT contig, start, \"end\", strand, split, tokens, soft_mask FROM rows"
                + " ORDER BY split, parse_filename(filename), file_row_number";
        for (String rangeBases : List.of("1700", "8000")) {
            List<String> other = new ArrayList<>(List.of(settings));
            other.add("ingest.rangeBases=" + rangeBases);
            assertThat(ingest("local[3]", rangeBases, other.toArray(String[]::new))
                            .exitCode())
                    .isZero();
            assertThat(new Shards(folder.resolve(rangeBases)).query(all)).isEqualTo(shards.query(all));
        }
        assertThat(ingest("local[1]", "bad", "ingest.unit=tokens", "ingest.window=512", "ingest.blockBases=500")
                        .err())
                .contains("ingest.blockBases = 500: must be at least ingest.window = 512 tokens");
    }

    private static String genome() {
        return (Job.contig("one", 60_000, 1) + Job.contig("two", 30_011, 2))
                .replaceAll(">.*\n", "")
                .replace("\n", "")
                .toUpperCase(Locale.ROOT);
    }

    @Test
    void aSampleIsChosenByTheSeed() throws IOException {
        assertThat(ingest("local[1]", "a", "ingest.tokenizer.sample=0.5").exitCode())
                .isZero();
        assertThat(ingest("local[2]", "b", "ingest.tokenizer.sample=0.5").exitCode())
                .isZero();
        assertThat(ingest("local[2]", "c", "ingest.tokenizer.sample=0.5", "seed=7")
                        .exitCode())
                .isZero();
        assertThat(text("b", "tokenizer.json")).isEqualTo(text("a", "tokenizer.json"));
        assertThat(text("c", "tokenizer.json")).isNotEqualTo(text("a", "tokenizer.json"));
    }

    @Test
    void readsWhatItLearntAndExtendsALanguageModelsVocabulary() throws IOException {
        assertThat(ingest("local[2]", "learnt").exitCode()).isZero();
        String file = "ingest.tokenizer.file=\"" + folder.resolve("learnt/tokenizer.json") + "\"";
        assertThat(ingest("local[2]", "read", file).exitCode()).isZero();
        assertThat(text("read", "tokenizer.json")).isEqualTo(text("learnt", "tokenizer.json"));
        Job.Outcome other = ingest("local[2]", "other", file, "ingest.tokenizer.vocabulary=4096");
        assertThat(other.exitCode()).isEqualTo(3);
        assertThat(other.err()).contains("tokenizer.json: has 300 tokens, ingest.tokenizer.vocabulary = 4096");

        StringBuilder ranks = new StringBuilder();
        for (int value = 0; value < 256; value++) {
            String base64 = Base64.getEncoder().encodeToString(new byte[] {(byte) value});
            ranks.append(base64).append(' ').append(value).append('\n');
        }
        Path model = Files.writeString(folder.resolve("tokenizer.model"), ranks, StandardCharsets.US_ASCII);
        String base = "ingest.tokenizer.extends=\"" + model + "\"";
        assertThat(ingest("local[2]", "extended", file, base, "ingest.tokenizer.initialization=mean")
                        .exitCode())
                .isZero();
        JsonNode extension = new ObjectMapper().readTree(text("extended", "vocabulary_extension.json"));
        VocabularyExtension read = VocabularyExtension.read(
                        new HadoopStorage(folder.resolve("extended").toString(), new Configuration()))
                .orElseThrow();
        assertThat(read.pieces().get(512 + 1)).isEqualTo(List.of((int) 'A'));
        assertThat(read.rule()).isEqualTo(VocabularyExtension.Rule.MEAN);
        assertThat(extension.at("/ids/4").asInt()).isEqualTo(512 + 1);
        assertThat(extension.path("baseVocabulary").asInt()).isEqualTo(512);
        assertThat(extension.path("rule").asText()).isEqualTo("mean");
        // All but the three tokens that frame documents.
        assertThat(extension.path("pieces").size()).isEqualTo(297);
        assertThat(Tokenizers.read(text("extended", "tokenizer.json")).vocabularySize())
                .isEqualTo(512 + 297);
        assertThat(folder.resolve("read/vocabulary_extension.json")).doesNotExist();
    }

    @Test
    void namesSettingsThatDoNotFit() {
        Job.Outcome run = ingest(
                "local[1]",
                "bad",
                "ingest.tokenizer.kind=kmer",
                "ingest.tokenizer.file=t.json",
                "ingest.tokenizer.extends=t.model",
                "ingest.tokenizer.vocabulary=70000");
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err())
                .contains("ingest.tokenizer.file: is read only when ingest.tokenizer.kind is bpe or file")
                .contains("ingest.tokenizer.extends: needs a byte-pair encoding of DNA")
                .contains("ingest.tokenizer.vocabulary = 70000: must be at most 65535");
        assertThat(ingest("local[1]", "bad", "ingest.tokenizer.kind=file").err())
                .contains("ingest.tokenizer.file: must be set");
        Job.Outcome absent = ingest("local[1]", "bad", "ingest.tokenizer.file=\"" + folder.resolve("none.json") + "\"");
        assertThat(absent.exitCode()).isEqualTo(3);
        assertThat(absent.err()).contains("none.json: cannot be read");
    }
}
