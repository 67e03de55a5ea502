package org.dnallama.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.dnallama.compute.vector.VectorBackend;
import org.dnallama.config.InputException;
import org.dnallama.generate.AnswerChoice.Choice;
import org.dnallama.generate.AnswerChoice.Score;
import org.dnallama.model.Parameters;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Choices, against scoring each prompt with each answer as one text. */
final class AnswerChoiceTest {

    private static final List<int[]> ANSWERS =
            List.of(new int[] {4}, new int[] {7, 2}, new int[] {7, 3, 9, 1}, new int[] {5, 5, 5});

    private final Parameters theta = TinyModel.weights(new VectorBackend());
    private final Decoder decoder = new Decoder(TinyModel.SHAPE, theta);

    @AfterEach
    void close() {
        decoder.close();
        theta.close();
    }

    private double expected(int[] prompt, int[] answer, Score score) {
        int[] text =
                IntStream.concat(Arrays.stream(prompt), Arrays.stream(answer)).toArray();
        double[] losses = decoder.losses(List.of(text)).get(0);
        double sum = -Arrays.stream(losses, prompt.length - 1, losses.length).sum();
        return score == Score.SUM ? sum : sum / answer.length;
    }

    @ParameterizedTest
    @EnumSource
    void scoresAreThoseOfTheWholeText(Score score) {
        List<int[]> prompts = TinyModel.rows(7, 6, 11, 1, 8, 5, 9, 3, 12, 4, 7);
        List<Choice> choices = new AnswerChoice(decoder, ANSWERS, score).choose(prompts);
        for (int r = 0; r < prompts.size(); r++) {
            Choice choice = choices.get(r);
            double[] scores = new double[ANSWERS.size()];
            for (int a = 0; a < scores.length; a++) {
                scores[a] = expected(prompts.get(r), ANSWERS.get(a), score);
                // Sums of up to four losses of about 5 nats, each exact to 1e-5.
                assertThat(choice.scores().get(a)).as("row %d, answer %d", r, a).isCloseTo(scores[a], within(1e-4));
            }
            double whole = Arrays.stream(scores).map(Math::exp).sum();
            for (int a = 0; a < scores.length; a++) {
                assertThat(choice.probabilities().get(a)).isCloseTo(Math.exp(scores[a]) / whole, within(1e-4));
                assertThat(scores[choice.best()]).isGreaterThanOrEqualTo(scores[a]);
            }
        }
    }

    @Test
    void differentPromptsGetDifferentAnswers() {
        List<Choice> choices =
                new AnswerChoice(decoder, ANSWERS, Score.MEAN).choose(TinyModel.rows(7, 6, 11, 1, 8, 5, 9, 3));
        assertThat(choices.stream().map(Choice::best).distinct()).hasSizeGreaterThan(1);
    }

    @Test
    void ofEqualAnswersTheFirstIsBest() {
        List<int[]> twice = List.of(new int[] {7, 2}, new int[] {7, 2});
        Choice choice = new AnswerChoice(decoder, twice, Score.SUM)
                .choose(TinyModel.rows(7, 6))
                .get(0);
        assertThat(choice.best()).isZero();
        assertThat(choice.probabilities()).containsExactly(0.5, 0.5);
    }

    @Test
    void whatCannotBeChosenFromIsRefused() {
        assertThatThrownBy(() -> new AnswerChoice(decoder, List.of(), Score.SUM))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new AnswerChoice(decoder, List.of(new int[0]), Score.SUM))
                .isInstanceOf(IllegalArgumentException.class);
        // 21 + 4 tokens, of which the last is never read.
        assertThat(new AnswerChoice(decoder, ANSWERS, Score.SUM).choose(TinyModel.rows(7, 21)))
                .hasSize(1);
        assertThatThrownBy(() -> new AnswerChoice(decoder, ANSWERS, Score.SUM).choose(TinyModel.rows(7, 22)))
                .isInstanceOf(InputException.class);
    }
}
