package org.dnallama.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.dnallama.config.InputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/** Rounds of several merges over parts against one merge at a time over the whole. */
class BpeTrainerTest {

    private static Tokenizer train(int vocabularySize, int maxTokenBases, List<List<String>> parts) {
        List<BpeCorpus> corpora = parts.stream()
                .map(part -> {
                    BpeCorpus corpus = new BpeCorpus();
                    part.forEach(corpus::add);
                    return corpus;
                })
                .toList();
        BpeTrainer trainer = new BpeTrainer(vocabularySize, maxTokenBases);
        int done = 0;
        int[] merges;
        PairCounts change;
        do {
            merges = trainer.merges();
            change = new PairCounts();
            for (BpeCorpus corpus : corpora) {
                change.plus(corpus.merge(merges, done));
            }
            done = merges.length;
        } while (trainer.next(change));
        return trainer.tokenizer();
    }

    private static List<List<String>> dealt(List<String> runs, int parts) {
        return IntStream.range(0, parts)
                .mapToObj(part -> IntStream.range(0, runs.size())
                        .filter(i -> i % parts == part)
                        .mapToObj(runs::get)
                        .toList())
                .toList();
    }

    /** Counts all pairs, merges the first in order, and begins again. */
    private static List<List<String>> reference(int vocabularySize, int maxTokenBases, List<String> runs) {
        List<String> tokens = new ArrayList<>(List.of("<pad>", "<s>", "</s>", "<unk>", "A", "C", "G", "T"));
        List<List<String>> words = new ArrayList<>();
        runs.forEach(run -> Arrays.stream(run.split("[^ACGT]+"))
                .filter(word -> !word.isEmpty())
                .forEach(word -> words.add(new ArrayList<>(List.of(word.split(""))))));
        List<List<String>> merges = new ArrayList<>();
        while (tokens.size() < vocabularySize) {
            Map<List<String>, Integer> counts = new HashMap<>();
            for (List<String> word : words) {
                for (int i = 0; i + 1 < word.size(); i++) {
                    counts.merge(List.copyOf(word.subList(i, i + 2)), 1, Integer::sum);
                }
            }
            List<String> best = counts.keySet().stream()
                    .filter(pair -> !tokens.contains(String.join("", pair)))
                    .filter(pair -> String.join("", pair).length() <= maxTokenBases)
                    .min(Comparator.comparingInt((List<String> pair) -> -counts.getOrDefault(pair, 0))
                            .thenComparing(pair -> Math.max(tokens.indexOf(pair.get(0)), tokens.indexOf(pair.get(1))))
                            .thenComparing(pair -> tokens.indexOf(pair.get(0)))
                            .thenComparing(pair -> tokens.indexOf(pair.get(1))))
                    .orElseThrow();
            merges.add(best);
            tokens.add(String.join("", best));
            for (List<String> word : words) {
                for (int i = 0; i + 1 < word.size(); i++) {
                    if (word.subList(i, i + 2).equals(best)) {
                        word.set(i, word.get(i) + word.remove(i + 1));
                    }
                }
            }
        }
        return merges;
    }

    private static List<String> runs(long seed) {
        String text = Sequences.generate(4000, seed);
        // Few letters, so that tokens overlap themselves and many pairs are barred or tie.
        text = seed % 3 == 0 ? text.replace('G', 'A').replace('T', 'A') : text;
        text = text.substring(0, 1500) + "NNRN" + text.substring(1500);
        return List.of(text.substring(0, 700), text.substring(700, 2500), text.substring(2500), "N", "A");
    }

    @Test
    void severalMergesARoundAreThoseOfOneByOneForAnyParts() {
        for (long seed = 0; seed < 12; seed++) {
            int longest = seed % 2 == 0 ? 6 : 40;
            List<String> runs = runs(seed);
            int size = seed % 3 == 0 ? 32 : 160;
            String json = train(size, longest, dealt(runs, 1)).toJson();
            BpeModel model = modelOf(json);
            List<List<String>> expected = reference(size, longest, runs);
            List<List<String>> found = model.merges().stream()
                    .map(merge -> List.of(text(json, merge.left()), text(json, merge.right())))
                    .toList();
            assertThat(found).as("seed %d", seed).isEqualTo(expected);
            for (int parts = 2; parts <= 5; parts++) {
                assertThat(train(size, longest, dealt(runs, parts)).toJson())
                        .as("seed %d, %d parts", seed, parts)
                        .isEqualTo(json);
            }
        }
    }

    private static BpeModel modelOf(String json) {
        try {
            return new BpeModel(new com.fasterxml.jackson.databind.ObjectMapper()
                    .readTree(json)
                    .path("model"));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static String text(String json, int id) {
        try {
            return Vocabulary.of(new com.fasterxml.jackson.databind.ObjectMapper()
                            .readTree(json)
                            .path("model"))
                    .entrySet()
                    .stream()
                    .filter(entry -> entry.getValue() == id)
                    .findFirst()
                    .orElseThrow()
                    .getKey();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aTaskThatRunsAgainOrMissedRoundsChangesNothing() {
        List<String> runs = runs(1);
        BpeTrainer trainer = new BpeTrainer(120, 40);
        BpeCorpus corpus = new BpeCorpus();
        runs.forEach(corpus::add);
        int done = 0;
        int[] merges;
        PairCounts change;
        do {
            merges = trainer.merges();
            change = corpus.merge(merges, done);
            assertThat(corpus.merge(merges, done)).isSameAs(change);
            BpeCorpus fresh = new BpeCorpus();
            runs.forEach(fresh::add);
            assertThat(sorted(fresh.merge(merges, done))).isEqualTo(sorted(change));
            done = merges.length;
        } while (trainer.next(change));
        assertThat(trainer.tokenizer().toJson())
                .isEqualTo(train(120, 40, List.of(runs)).toJson());
    }

    private static Map<Integer, Long> sorted(PairCounts counts) {
        Map<Integer, Long> sorted = new java.util.TreeMap<>();
        counts.forEach(sorted::put);
        return sorted;
    }

    @Test
    void whatIsLearntEncodesTheSameByHuggingFace() throws IOException {
        String text = Sequences.generate(60_000, 5);
        Tokenizer ours = train(700, 24, List.of(List.of(text)));
        assertThat(ours.vocabularySize()).isEqualTo(700);
        String other = Sequences.generate(30_000, 6) + "NNRA" + text.substring(0, 5000);
        try (HuggingFace theirs = new HuggingFace(ours.toJson())) {
            assertThat(theirs.encode(other)).containsExactly(ours.encode(other));
        }
    }

    @Test
    @EnabledIfEnvironmentVariable(named = RealData.VARIABLE, matches = ".+", disabledReason = RealData.WHY_NOT)
    void whatIsLearntOnChr2EncodesItTheSameByHuggingFace() throws IOException {
        String chr2 = RealData.chr2();
        Tokenizer ours = train(1000, 24, List.of(List.of(chr2.substring(0, 500_000))));
        try (HuggingFace theirs = new HuggingFace(ours.toJson())) {
            for (int start = 0; start < chr2.length(); start += 300_000) {
                String text = chr2.substring(start, Math.min(start + 300_000, chr2.length()));
                assertThat(theirs.encode(text)).as("from %d", start).containsExactly(ours.encode(text));
            }
        }
    }

    @Test
    void refusesAVocabularyThatTheSequenceCannotFill() {
        assertThatThrownBy(() -> train(100, 40, List.of(List.of("ACGTTGCA"))))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("ingest.tokenizer.vocabulary = 100: only 8 tokens can be learnt");
        assertThatThrownBy(() -> new BpeTrainer(7, 40)).hasMessageContaining("vocabularySize 7");
    }
}
