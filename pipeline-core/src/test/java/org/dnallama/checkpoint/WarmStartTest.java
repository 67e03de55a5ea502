package org.dnallama.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.dnallama.compute.Backend;
import org.dnallama.compute.vector.VectorBackend;
import org.dnallama.config.InputException;
import org.dnallama.config.Seeds;
import org.dnallama.model.Head;
import org.dnallama.model.LlamaConfig;
import org.dnallama.model.LlamaLayout;
import org.dnallama.model.Parameters;
import org.dnallama.model.Pooling;
import org.dnallama.token.Tokenizer;
import org.dnallama.token.TokenizerSpec;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A model of 1-mers goes on with 3-mers as if these extended them; what a token stands for plays no part here. */
final class WarmStartTest {

    private static final Tokenizer OLD = new TokenizerSpec(TokenizerSpec.Kind.KMER, 1, 1).build();
    private static final Tokenizer NEW = new TokenizerSpec(TokenizerSpec.Kind.KMER, 3, 3).build();
    private static final int BASE = OLD.vocabularySize();
    private static final int SIZE = NEW.vocabularySize();
    private static final int DIM = 4;

    @TempDir
    private Path folder;

    private final Backend backend = new VectorBackend();
    private LocalStorage checkpoint;
    private LocalStorage shards;

    @BeforeEach
    void tokenizerOfTheShards() throws IOException {
        checkpoint = new LocalStorage(folder.resolve("model"));
        shards = new LocalStorage(folder.resolve("shards"));
        TextFiles.write(shards, "tokenizer.json", NEW.toJson());
    }

    private void model(boolean tied, int vocabularySize) throws IOException {
        LlamaConfig shape = new LlamaConfig(vocabularySize, DIM, 1, 2, 1, 6, 16, 10000, 1e-5, tied);
        try (Parameters theta = LlamaLayout.initialize(backend, shape, Head.LANGUAGE_MODEL, 0.5, new Seeds(1))) {
            new ModelFolder(shape, Head.LANGUAGE_MODEL, Pooling.LAST, OLD).write(checkpoint, theta);
        }
    }

    private void extension(String rule, int base) throws IOException {
        String pieces = IntStream.range(BASE, SIZE)
                .mapToObj(id -> "\"%d\": %s".formatted(id, id == SIZE - 1 ? "[]" : "[1, %d, 1]".formatted(id % BASE)))
                .collect(Collectors.joining(", "));
        TextFiles.write(
                shards,
                VocabularyExtension.FILE,
                "{\"baseVocabulary\": %d, \"rule\": \"%s\", \"pieces\": {%s}}".formatted(base, rule, pieces));
    }

    private float[][] rows(String table) {
        try (Parameters theta = WarmStart.read(checkpoint, shards).weights(backend, new Seeds(3))) {
            float[] all = new float[(int) theta.buffer(table).length()];
            backend.read(theta.buffer(table), all);
            return IntStream.range(0, all.length / DIM)
                    .mapToObj(id -> Arrays.copyOfRange(all, id * DIM, id * DIM + DIM))
                    .toArray(float[][]::new);
        }
    }

    private float[][] oldRows(String table) throws IOException {
        float[] all = Safetensors.read(folder.resolve("model/model.safetensors"))
                .getOrDefault(table, new Safetensors.Tensor(java.util.List.of(), new float[0]))
                .numbers();
        return IntStream.range(0, BASE)
                .mapToObj(id -> Arrays.copyOfRange(all, id * DIM, id * DIM + DIM))
                .toArray(float[][]::new);
    }

    private static double mean(float[][] rows, int from, int to, int column) {
        return IntStream.range(from, to).mapToDouble(id -> rows[id][column]).sum() / (to - from);
    }

    @ParameterizedTest
    @ValueSource(strings = {LlamaLayout.EMBEDDING, LlamaLayout.LM_HEAD})
    void oldRowsStayAndMeanFillsTheNewOnes(String table) throws IOException {
        model(false, BASE);
        extension("mean", BASE);
        float[][] rows = rows(table);
        assertThat(rows).hasDimensions(SIZE, DIM);
        assertThat(Arrays.copyOf(rows, BASE)).isDeepEqualTo(oldRows(table));
        for (int c = 0; c < DIM; c++) {
            assertThat((double) rows[BASE][c]).isCloseTo(mean(rows, 0, BASE, c), within(1e-7));
            assertThat(rows[SIZE - 1][c]).isEqualTo(rows[BASE][c]);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {LlamaLayout.EMBEDDING, LlamaLayout.LM_HEAD})
    void averageIsOfTheNewTokensPieces(String table) throws IOException {
        model(false, BASE);
        extension("average", BASE);
        float[][] rows = rows(table);
        for (int id = BASE; id < SIZE - 1; id++) {
            for (int c = 0; c < DIM; c++) {
                double expected = (2.0 * rows[1][c] + rows[id % BASE][c]) / 3;
                assertThat((double) rows[id][c]).as("token %d", id).isCloseTo(expected, within(1e-7));
            }
        }
        assertThat((double) rows[SIZE - 1][0]).isCloseTo(mean(rows, 0, BASE, 0), within(1e-7));
    }

    @Test
    void normalHasTheOldRowsMeanAndDeviationAndFollowsTheSeed() throws IOException {
        model(true, BASE);
        extension("normal", BASE);
        float[][] rows = rows(LlamaLayout.EMBEDDING);
        assertThat(rows(LlamaLayout.EMBEDDING)).isDeepEqualTo(rows);
        int drawn = SIZE - BASE;
        for (int c = 0; c < DIM; c++) {
            int column = c;
            double mean = mean(rows, 0, BASE, c);
            double deviation = Math.sqrt(IntStream.range(0, BASE)
                    .mapToDouble(id -> Math.pow(rows[id][column] - mean, 2))
                    .average()
                    .orElseThrow());
            double newDeviation = Math.sqrt(IntStream.range(BASE, SIZE)
                    .mapToDouble(id -> Math.pow(rows[id][column] - mean, 2))
                    .average()
                    .orElseThrow());
            // Four standard errors of a mean and of a deviation over this many draws.
            assertThat(mean(rows, BASE, SIZE, c)).isCloseTo(mean, within(4 * deviation / Math.sqrt(drawn)));
            assertThat(newDeviation).isCloseTo(deviation, within(4 * deviation / Math.sqrt(2.0 * drawn)));
        }
        assertThat(rows[BASE]).isNotEqualTo(rows[BASE + 1]);
    }

    @Test
    void paddingRowsOfTheModelAreTakenFirst() throws IOException {
        model(true, SIZE + 10);
        extension("mean", BASE);
        assertThat(WarmStart.read(checkpoint, shards).config().vocabularySize()).isEqualTo(SIZE + 10);
        float[][] rows = rows(LlamaLayout.EMBEDDING);
        assertThat((double) rows[SIZE - 1][0]).isCloseTo(mean(rows, 0, BASE, 0), within(1e-7));
        assertThat(rows[SIZE]).isNotEqualTo(rows[SIZE - 1]);
    }

    @Test
    void aModelThatIsExtendedAlreadyGoesOnAsItIs() throws IOException {
        model(false, BASE);
        extension("average", BASE);
        WarmStart first = WarmStart.read(checkpoint, shards);
        LocalStorage extended = new LocalStorage(folder.resolve("extended"));
        try (Parameters theta = first.weights(backend, new Seeds(3))) {
            new ModelFolder(first.config(), Head.LANGUAGE_MODEL, Pooling.LAST, NEW).write(extended, theta);
        }
        float[][] rows = rows(LlamaLayout.LM_HEAD);
        checkpoint = extended;
        assertThat(rows(LlamaLayout.LM_HEAD)).isDeepEqualTo(rows);
    }

    @Test
    void whatDoesNotFitIsSaid() throws IOException {
        model(false, BASE);
        refused("shards: was made with another tokenizer than ", "ingest with the model's");
        write("{\"baseVocabulary\": %d, \"rule\": \"mean\"}".formatted(BASE + 1));
        refused("baseVocabulary = %d, but the tokenizer of".formatted(BASE + 1));
        extension("median", BASE);
        refused("rule = \"median\" must be one of [mean, normal, average]");
        write("{\"baseVocabulary\": %d, \"rule\": \"average\", \"pieces\": {\"%d\": [0]}}".formatted(BASE, BASE));
        refused("pieces has no list for the new tokens [%d, ".formatted(BASE + 1));
        write("{\"baseVocabulary\": %d, \"rule\": \"average\", \"pieces\": {\"%d\": [%d]}}"
                .formatted(BASE, BASE, BASE));
        refused("pieces.%d has %d, which is no id below baseVocabulary".formatted(BASE, BASE));
        write("{\"baseVocabulary\": %d, \"rule\": \"mean\", \"pieces\": {\"0\": [0]}}".formatted(BASE));
        refused("pieces.0 is no new id");
        write("{\"rule\": \"mean\"}");
        refused("baseVocabulary =  must be a positive whole number");
    }

    private void write(String json) throws IOException {
        TextFiles.write(shards, VocabularyExtension.FILE, json);
    }

    private void refused(String... texts) {
        var thrown =
                assertThatThrownBy(() -> WarmStart.read(checkpoint, shards)).isInstanceOf(InputException.class);
        Arrays.stream(texts).forEach(thrown::hasMessageContaining);
    }
}
