package org.dnallama.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.dnallama.augment.AugmentedRows;
import org.dnallama.checkpoint.ModelFolder;
import org.dnallama.compute.Backend;
import org.dnallama.compute.ReferenceBackend;
import org.dnallama.config.ConfigException;
import org.dnallama.config.InputException;
import org.dnallama.config.Seeds;
import org.dnallama.generate.Instruction;
import org.dnallama.model.Batch;
import org.dnallama.model.Extensions;
import org.dnallama.model.Head;
import org.dnallama.model.LanguageModel;
import org.dnallama.model.LlamaConfig;
import org.dnallama.model.LlamaLayout;
import org.dnallama.model.Parameters;
import org.dnallama.model.Pooling;
import org.dnallama.model.RopeScaling;
import org.dnallama.shard.LabelledSequence;
import org.dnallama.token.ByteTokenizer;
import org.dnallama.token.Tokenizer;
import org.junit.jupiter.api.Test;

final class InstructionExamplesTest {

    private static final Instruction INSTRUCTION = new Instruction("{sequence}? ", "no", "yes");
    private static final Tokenizer BYTES = new ByteTokenizer();
    private static final List<LabelledSequence> ROWS =
            List.of(new LabelledSequence("dev.csv:2", "ACGT", 1), new LabelledSequence("dev.csv:3", "GG", 0));

    private static ModelFolder model(int contextLength) {
        LlamaConfig shape = new LlamaConfig(BYTES.vocabularySize(), 8, 1, 2, 1, 12, contextLength, 10000, 1e-5, true);
        return new ModelFolder(shape, Head.LANGUAGE_MODEL, Pooling.LAST, BYTES);
    }

    private static InstructionExamples examples(int contextLength) {
        return new InstructionExamples(INSTRUCTION, model(contextLength), AugmentedRows.plain(ROWS));
    }

    @Test
    void theAnswerAloneIsPredicted() {
        Batch batch = examples(16).batch(0, new int[] {0, 1});
        int y = BYTES.encode("y")[0];
        int e = BYTES.encode("e")[0];
        int s = BYTES.encode("s")[0];
        int n = BYTES.encode("n")[0];
        int o = BYTES.encode("o")[0];
        int end = BYTES.endId();
        // Begin, ACGT? and a blank; the blank is followed by the answer, and so on.
        assertThat(batch.sequenceLength()).isEqualTo(11);
        assertThat(batch.targets())
                .containsExactly(
                        -1, -1, -1, -1, -1, -1, y, e, s, end, -1, //
                        -1, -1, -1, -1, n, o, end, -1, -1, -1, -1);
        assertThat(batch.tokens()[6]).isEqualTo(BYTES.encode(" ")[0]);
        assertThat(batch.tokens()[7]).isEqualTo(y);
    }

    /** The choice between two answers is the softmax of minus their losses, which training's own loss gives. */
    @Test
    void scoresAreTheAnswersLikelihoods() {
        Backend backend = new ReferenceBackend();
        ModelFolder model = model(16);
        try (Parameters theta =
                        LlamaLayout.initialize(backend, model.config(), Head.LANGUAGE_MODEL, 0.5, new Seeds(3));
                LanguageModel language = new LanguageModel(backend, model.config())) {
            double[] scores = examples(16).score(theta, 1).scores();
            for (int r = 0; r < 2; r++) {
                LabelledSequence row = ROWS.get(r);
                double[] losses = new double[2];
                for (int label = 0; label < 2; label++) {
                    List<LabelledSequence> answered = List.of(new LabelledSequence(row.id(), row.sequence(), label));
                    losses[label] = language.loss(
                            theta,
                            new InstructionExamples(INSTRUCTION, model, AugmentedRows.plain(answered))
                                    .batch(0, new int[] {0}));
                }
                // float64 throughout; only the order of sums differs.
                assertThat(scores[r]).isCloseTo(1 / (1 + Math.exp(losses[1] - losses[0])), within(1e-9));
            }
        }
    }

    @Test
    void modelsThatReadWholeRowsCannotAnswer() {
        LlamaConfig plain = model(16).config();
        LlamaConfig extended = new LlamaConfig(
                plain.vocabularySize(),
                8,
                1,
                2,
                1,
                12,
                16,
                10000,
                RopeScaling.NONE,
                1e-5,
                true,
                new Extensions(List.of(), true, Extensions.Attention.CAUSAL));
        ModelFolder folder = new ModelFolder(extended, Head.LANGUAGE_MODEL, Pooling.LAST, BYTES);
        assertThatThrownBy(() -> new InstructionExamples(INSTRUCTION, folder, AugmentedRows.plain(ROWS)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("finetune.mode = instruction: a model with Extensions[")
                .hasMessageContaining("cannot answer; start from a plain one");
    }

    @Test
    void whatIsTooLongIsNamed() {
        assertThatThrownBy(() -> examples(10))
                .isInstanceOf(InputException.class)
                .hasMessage("dev.csv:2: question and answer have 11 tokens, the model's context is 10; shorten the"
                        + " sequence or the prompt");
    }
}
