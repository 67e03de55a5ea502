package org.dnallama.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.dnallama.checkpoint.ModelFolder;
import org.dnallama.compute.Backend;
import org.dnallama.compute.Backends;
import org.dnallama.config.InputException;
import org.dnallama.config.Seeds;
import org.dnallama.generate.Instruction;
import org.dnallama.model.Head;
import org.dnallama.model.LlamaConfig;
import org.dnallama.model.LlamaLayout;
import org.dnallama.model.Parameters;
import org.dnallama.model.Pooling;
import org.dnallama.shard.LabelledSequence;
import org.dnallama.spark.HadoopStorage;
import org.dnallama.token.ByteTokenizer;
import org.dnallama.token.CharacterTokenizer;
import org.dnallama.token.Tokenizer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointScorersTest {

    /** Eight bases with begin and end. */
    private static final int CONTEXT = 10;

    private static final LabelledSequence FITS = row("ACGTTGCA");
    private static final LabelledSequence LONG = row("ACGTTGCAGGTA");

    /** Padding changes the order of float32 sums. */
    private static final double ROUNDING = 1e-6;

    @TempDir
    private Path folder;

    private static LabelledSequence row(String bases) {
        return new LabelledSequence("test.csv:3", bases, 1);
    }

    private HadoopStorage checkpoint(Tokenizer tokenizer, int context, Head head) throws IOException {
        Backend backend = Backends.VECTOR.open();
        LlamaConfig shape = new LlamaConfig(tokenizer.vocabularySize(), 8, 1, 2, 1, 12, context, 10000, 1e-5, true);
        HadoopStorage storage = new HadoopStorage(folder.toString(), new Configuration());
        try (Parameters theta = LlamaLayout.initialize(backend, shape, head, 0.5, new Seeds(1))) {
            new ModelFolder(shape, head, Pooling.LAST, tokenizer).write(storage, theta);
        }
        return storage;
    }

    private Scorer scorer(TooLong tooLong) throws IOException {
        return new CheckpointScorers(Backends.VECTOR, tooLong).open(folder.toString(), new Configuration());
    }

    private double score(String bases) throws IOException {
        try (Scorer scorer = scorer(TooLong.REFUSE)) {
            return scorer.scores(List.of(row(bases)))[0];
        }
    }

    @Test
    void whatIsTooLongIsRefused() throws IOException {
        checkpoint(new CharacterTokenizer(), CONTEXT, Head.CLASSIFIER);
        try (Scorer scorer = scorer(TooLong.REFUSE)) {
            assertThat(scorer.isTooLong(FITS)).isFalse();
            assertThat(scorer.isTooLong(LONG)).isTrue();
            assertThatThrownBy(() -> scorer.scores(List.of(FITS, LONG)))
                    .isInstanceOf(InputException.class)
                    .hasMessage("test.csv:3: the sequence has 14 tokens with begin and end, the model's context is 10;"
                            + " set evaluate.tooLong to crop or window, shorten it, or train a model with a longer"
                            + " context");
        }
    }

    @Test
    void croppedItScoresAsItsBeginning() throws IOException {
        checkpoint(new CharacterTokenizer(), CONTEXT, Head.CLASSIFIER);
        try (Scorer scorer = scorer(TooLong.CROP)) {
            double[] scores = scorer.scores(List.of(LONG, row("GATTACA")));
            assertThat(scores[0]).isCloseTo(score("ACGTTGCA"), within(ROUNDING));
            assertThat(scores[1]).isCloseTo(score("GATTACA"), within(ROUNDING));
        }
    }

    @Test
    void inWindowsItScoresAsTheirMean() throws IOException {
        checkpoint(new CharacterTokenizer(), CONTEXT, Head.CLASSIFIER);
        double expected = (score("ACGTTGCA") + score("TGCAGGTA")) / 2;
        assertThat(score("ACGTTGCA")).as("so that the mean shows").isNotCloseTo(expected, within(1e-4));
        try (Scorer scorer = scorer(TooLong.WINDOW)) {
            assertThat(scorer.scores(List.of(LONG))[0]).isCloseTo(expected, within(ROUNDING));
        }
    }

    @Test
    void saliencyIsOfEachBaseOfWhatFits() throws IOException {
        checkpoint(new CharacterTokenizer(), CONTEXT, Head.CLASSIFIER);
        try (Scorer scorer = scorer(TooLong.CROP)) {
            assertThat(scorer.saliency(FITS).orElseThrow()).hasSize(8).doesNotContain(Double.NaN);
            assertThat(scorer.saliency(LONG)).isEmpty();
        }
    }

    @Test
    void aQuestionTakesRoomToo() throws IOException {
        HadoopStorage storage = checkpoint(new ByteTokenizer(), 16, Head.LANGUAGE_MODEL);
        new Instruction("Is {sequence}?", "no", "yes").write(storage);
        // Begin, "Is ", the bases, "?", "yes" and end: 9 with none, so that 7 fit.
        try (Scorer scorer = scorer(TooLong.REFUSE)) {
            assertThat(scorer.isTooLong(row("GATTACA"))).isFalse();
            assertThat(scorer.scores(List.of(row("GATTACA")))[0]).isBetween(0.0, 1.0);
            assertThat(scorer.saliency(row("GATTACA"))).isEmpty();
            assertThatThrownBy(() -> scorer.scores(List.of(FITS)))
                    .hasMessageStartingWith("test.csv:3: the sequence has 17 tokens with prompt and answer, the model's"
                            + " context is 16; set evaluate.tooLong");
        }
    }
}
