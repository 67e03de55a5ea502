package org.dnallama.token;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import org.dnallama.config.InputException;

/**
 * Learns a byte-pair encoding from counts of neighbouring tokens: the pair that occurs most often becomes a token, and
 * so on. The corpus may be in any number of parts; only the sum of their counts matters.
 *
 * <p>Ties go to the pair whose younger token is older, then to the smaller id on the left, then on the right. A pair is
 * never merged if its text is a token already, or longer than allowed.
 *
 * <p>One round gives several merges where they are surely what one merge a round would give. With the pairs in order, a
 * merge of (a, b) lowers only the counts of pairs that end in a or begin with b, and what it adds occurs at most as
 * often as one of those. So the next pair in order stays the next one as long as it neither ends in a nor begins with
 * b, for all (a, b) before it; a pair that may not be merged counts as one in order here, and (a, a), which overlaps
 * itself, ends the round.
 *
 * @see <a href="https://aclanthology.org/P16-1162">Sennrich, Haddow and Birch 2016</a>
 */
public final class BpeTrainer {

    /** Most tokens: ids are kept in 16 bits, of which one value marks borders. */
    public static final int MOST = Character.MAX_VALUE;

    /** Fewest tokens: the special ones and the four bases. */
    public static final int LEAST = 8;

    /** Id of the first token that is made by a merge. */
    static final int FIRST_MERGED = LEAST;

    private static final int CANDIDATES = 256;

    private final int vocabularySize;
    private final int maxTokenBases;
    private final PairCounts counts = new PairCounts();
    private final List<String> texts = new ArrayList<>(SpecialTokens.TEXTS);
    private final Set<String> taken;
    private final List<Integer> merges = new ArrayList<>();

    /**
     * Starts with the special tokens and the four bases.
     *
     * @param vocabularySize tokens at the end, in [{@value #LEAST}, {@value #MOST}]
     * @param maxTokenBases bases in the longest token, at least 1
     * @throws IllegalArgumentException if they are out of bounds
     */
    public BpeTrainer(int vocabularySize, int maxTokenBases) {
        if (vocabularySize < LEAST || vocabularySize > MOST || maxTokenBases < 1) {
            throw new IllegalArgumentException("vocabularySize " + vocabularySize + " must be in [" + LEAST + ", "
                    + MOST + "], maxTokenBases " + maxTokenBases + " at least 1");
        }
        this.vocabularySize = vocabularySize;
        this.maxTokenBases = maxTokenBases;
        texts.addAll(List.of(SpecialTokens.BASES.split("")));
        taken = new HashSet<>(texts);
    }

    /** A pair and how often it occurs. */
    private record Candidate(int pair, long count) {

        private static final Comparator<Candidate> ORDER = Comparator.comparingLong((Candidate one) -> -one.count)
                .thenComparingInt(one -> Math.max(one.left(), one.right()))
                .thenComparingInt(Candidate::left)
                .thenComparingInt(Candidate::right);

        int left() {
            return PairCounts.left(pair);
        }

        int right() {
            return PairCounts.right(pair);
        }

        /** Whether merging the one changes how often the other occurs. */
        boolean touches(Candidate other) {
            return left() == other.right() || right() == other.left();
        }
    }

    /**
     * All merges so far.
     *
     * @return packed pairs, by rank, for {@link BpeCorpus#merge}
     */
    public int[] merges() {
        return merges.stream().mapToInt(Integer::intValue).toArray();
    }

    /**
     * Takes in what all parts of the corpus told of the last round, and decides on the merges of the next.
     *
     * @param change the sum over all parts
     * @return whether there is another round
     * @throws InputException if no pair is left that occurs twice, but tokens are wanted
     */
    public boolean next(PairCounts change) {
        counts.plus(change);
        if (texts.size() == vocabularySize) {
            return false;
        }
        int before = merges.size();
        int looked = CANDIDATES;
        while (merges.size() == before) {
            List<Candidate> candidates = mostFrequent(looked);
            choose(candidates);
            if (merges.size() == before && candidates.size() < looked) {
                throw new InputException("ingest.tokenizer.vocabulary = " + vocabularySize + ": only " + texts.size()
                        + " tokens can be learnt, as no other pair occurs twice; lower it to that, or give more sequence"
                        + " or a greater ingest.tokenizer.sample");
            }
            looked *= 2;
        }
        return true;
    }

    private List<Candidate> mostFrequent(int most) {
        PriorityQueue<Candidate> queue = new PriorityQueue<>(Candidate.ORDER.reversed());
        counts.forEach((pair, count) -> {
            if (count >= 2 && (queue.size() < most || count >= queue.element().count)) {
                queue.add(new Candidate(pair, count));
                if (queue.size() > most) {
                    queue.remove();
                }
            }
        });
        List<Candidate> candidates = new ArrayList<>(queue);
        candidates.sort(Candidate.ORDER);
        return candidates;
    }

    private void choose(List<Candidate> candidates) {
        List<Candidate> chosen = new ArrayList<>();
        List<Candidate> barred = new ArrayList<>();
        for (Candidate candidate : candidates) {
            if (chosen.stream().anyMatch(candidate::touches)) {
                return;
            }
            String text = texts.get(candidate.left()) + texts.get(candidate.right());
            if (text.length() > maxTokenBases || taken.contains(text)) {
                barred.add(candidate);
                continue;
            }
            chosen.add(candidate);
            merges.add(candidate.pair);
            texts.add(text);
            taken.add(text);
            if (texts.size() == vocabularySize
                    || candidate.touches(candidate)
                    || barred.stream().anyMatch(candidate::touches)) {
                return;
            }
        }
    }

    /**
     * The tokenizer of all merges so far.
     *
     * @return its ids are special tokens, bases, then merges by rank
     */
    public Tokenizer tokenizer() {
        Map<String, Integer> tokens = new LinkedHashMap<>();
        for (int id = SpecialTokens.COUNT; id < texts.size(); id++) {
            tokens.put(texts.get(id), id);
        }
        List<String> pairs = merges.stream()
                .map(pair -> texts.get(PairCounts.left(pair)) + " " + texts.get(PairCounts.right(pair)))
                .toList();
        return Tokenizers.read(TokenizerJson.merges(
                SpecialTokens.ids(), tokens, pairs, SpecialTokens.TEXTS.get(SpecialTokens.UNKNOWN)));
    }
}
