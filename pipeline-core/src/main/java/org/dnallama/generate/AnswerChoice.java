package org.dnallama.generate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.dnallama.compute.Matrix;
import org.dnallama.config.InputException;
import org.dnallama.model.KeyValueCache;

/**
 * Chooses between given answers by how likely the model finds each after a prompt. Prompts are read once, whatever the
 * number of answers.
 *
 * @param decoder the model
 * @param answers token ids of each answer, at least one token each
 * @param score what the answers are compared by
 */
public record AnswerChoice(Decoder decoder, List<int[]> answers, Score score) {

    /** What answers are compared by. */
    public enum Score {
        /** The log likelihood of the whole answer. */
        SUM,
        /** The log likelihood of a token of it, so that long answers are not at a disadvantage. */
        MEAN
    }

    /**
     * What became of one prompt.
     *
     * @param scores each answer's score, nats
     * @param probabilities softmax of the scores
     */
    public record Choice(List<Double> scores, List<Double> probabilities) {

        /**
         * The answer with the highest score; of equal ones the first.
         *
         * @return its place in the list of answers
         */
        public int best() {
            int best = 0;
            for (int a = 1; a < scores.size(); a++) {
                best = scores.get(a) > scores.get(best) ? a : best;
            }
            return best;
        }
    }

    /** Rejects what cannot be chosen from. */
    public AnswerChoice {
        answers = List.copyOf(answers);
        if (answers.isEmpty() || answers.stream().anyMatch(answer -> answer.length == 0)) {
            throw new IllegalArgumentException("there must be answers, of at least one token each");
        }
    }

    /**
     * Chooses for each prompt.
     *
     * @param prompts token ids, at least one each; prompts may differ in length
     * @return a choice for each prompt
     * @throws InputException if a prompt with an answer does not fit the model's context
     */
    public List<Choice> choose(List<int[]> prompts) {
        int longestPrompt =
                prompts.stream().mapToInt(prompt -> prompt.length).max().orElseThrow();
        int longestAnswer =
                answers.stream().mapToInt(answer -> answer.length).max().orElseThrow();
        double[][] logLikelihoods = new double[prompts.size()][answers.size()];
        // An answer's last token is looked for and never read.
        try (KeyValueCache cache = decoder.cache(prompts.size(), longestPrompt + longestAnswer - 1)) {
            addFirstTokens(logLikelihoods, decoder.read(cache, prompts), prompts);
            int[] asked = cache.lengths();
            for (int a = 0; a < answers.size(); a++) {
                if (answers.get(a).length > 1) {
                    addFurtherTokens(logLikelihoods, a, cache);
                    cache.rewind(asked);
                }
            }
        }
        return Arrays.stream(logLikelihoods).map(this::choice).toList();
    }

    private void addFirstTokens(double[][] logLikelihoods, Matrix hidden, List<int[]> prompts) {
        int longest = hidden.rows() / prompts.size();
        for (int r = 0; r < prompts.size(); r++) {
            Matrix last = hidden.rows(r * longest + prompts.get(r).length - 1, 1);
            for (int a = 0; a < answers.size(); a++) {
                logLikelihoods[r][a] = -decoder.losses(last, new int[] {answers.get(a)[0]})[0];
            }
        }
    }

    private void addFurtherTokens(double[][] logLikelihoods, int a, KeyValueCache cache) {
        int[] answer = answers.get(a);
        int[] read = Arrays.copyOf(answer, answer.length - 1);
        int[] looked = Arrays.copyOfRange(answer, 1, answer.length);
        Matrix hidden = decoder.read(cache, java.util.Collections.nCopies(logLikelihoods.length, read));
        for (int r = 0; r < logLikelihoods.length; r++) {
            double[] losses = decoder.losses(hidden.rows(r * read.length, read.length), looked);
            logLikelihoods[r][a] -= Arrays.stream(losses).sum();
        }
    }

    private Choice choice(double[] logLikelihoods) {
        List<Double> scores = new ArrayList<>();
        for (int a = 0; a < logLikelihoods.length; a++) {
            scores.add(score == Score.SUM ? logLikelihoods[a] : logLikelihoods[a] / answers.get(a).length);
        }
        double max = scores.stream().mapToDouble(Double::doubleValue).max().orElseThrow();
        double sum = scores.stream().mapToDouble(each -> Math.exp(each - max)).sum();
        return new Choice(
                List.copyOf(scores),
                scores.stream().map(each -> Math.exp(each - max) / sum).toList());
    }
}
