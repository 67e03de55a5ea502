package org.dnallama.generate;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.dnallama.config.InputException;
import org.dnallama.config.Seeds;
import org.dnallama.model.KeyValueCache;

/**
 * Lets a model go on from prompts, token by token.
 *
 * @param decoder the model
 * @param sampling how tokens are drawn
 * @param seeds of the draws: a row's depend on its number alone, not on the other rows
 */
public record Generator(Decoder decoder, Sampling sampling, Seeds seeds) {

    /**
     * Goes on from each prompt.
     *
     * @param prompts token ids, at least one each; prompts may differ in length
     * @param most new tokens of a row
     * @param endId ends a row; it is the row's last token
     * @return each row's new tokens
     * @throws InputException if a prompt and its new tokens do not fit the model's context
     */
    public List<int[]> generate(List<int[]> prompts, int most, int endId) {
        List<List<Integer>> grown = new ArrayList<>();
        List<RandomGenerator> random = new ArrayList<>();
        for (int r = 0; r < prompts.size(); r++) {
            grown.add(new ArrayList<>());
            random.add(seeds.stream("generate", r));
        }
        int longest = prompts.stream().mapToInt(prompt -> prompt.length).max().orElseThrow();
        try (KeyValueCache cache = decoder.cache(prompts.size(), longest + most)) {
            List<int[]> unread = prompts;
            for (int i = 0; i < most && !allEnded(grown, endId); i++) {
                float[][] logits = decoder.next(cache, unread);
                unread = new ArrayList<>();
                for (int r = 0; r < logits.length; r++) {
                    int token = sampling.draw(logits[r], random.get(r));
                    // A row that has ended goes on unheard, so that the others keep their places.
                    if (!isEnded(grown.get(r), endId)) {
                        grown.get(r).add(token);
                    }
                    unread.add(new int[] {token});
                }
            }
        }
        return grown.stream()
                .map(row -> row.stream().mapToInt(Integer::intValue).toArray())
                .toList();
    }

    private static boolean allEnded(List<List<Integer>> rows, int endId) {
        return rows.stream().allMatch(row -> isEnded(row, endId));
    }

    private static boolean isEnded(List<Integer> row, int endId) {
        return !row.isEmpty() && row.get(row.size() - 1) == endId;
    }
}
