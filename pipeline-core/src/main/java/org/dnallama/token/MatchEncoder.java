package org.dnallama.token;

import java.util.Arrays;
import java.util.List;

/**
 * Byte-pair encoding in linear time, without merging anything: takes the longest token that matches and can stand after
 * the one before, and steps back where nothing can.
 *
 * <p>Why that is the same: in any encoding, no merge crosses the border between two tokens that come out; whether one
 * would cross depends on these two tokens alone, as merging goes on independently on both sides until then. So tokens
 * that spell the text are its encoding exactly when each encodes to itself and each two neighbours encode to
 * themselves. An encoding is unique, and so is that of each prefix: a position is reached in one way only, and once no
 * token can follow there, it is never tried again. A text of n letters costs O(n) tries.
 *
 * <p>Whether two tokens can be neighbours is read off their merge trees: going back in time from the two whole tokens,
 * the one that was merged later is undone, and at each moment the pair at the border must not have merged before.
 */
final class MatchEncoder implements SegmentEncoder {

    /** A letter is there from the start. */
    private static final int LETTER = -1;

    private final Merges merges;
    private final int[] ranks;
    private final int[] lefts;
    private final int[] rights;
    private final int[] lengths;
    /** The longest token that a token starts with, itself aside; -1 for letters. */
    private final int[] shorter;

    /** Place of each letter in a node of the trie. */
    private final int[] places;

    private final int letterCount;
    /** Nodes of {@code letterCount} children each; 0 is no node, and the root. */
    private int[] children;

    private int[] tokenAt;
    private int nodes = 1;

    /**
     * A merge that makes a token.
     *
     * @param left token id
     * @param right token id
     * @param product token id
     */
    record Merge(int left, int right, int product) {}

    private MatchEncoder(Merges merges, int[] letters, int vocabularySize) {
        this.merges = merges;
        ranks = new int[vocabularySize];
        Arrays.fill(ranks, LETTER);
        lefts = new int[vocabularySize];
        rights = new int[vocabularySize];
        lengths = new int[vocabularySize];
        shorter = new int[vocabularySize];
        places = new int[vocabularySize];
        letterCount = letters.length;
        children = new int[letterCount];
        tokenAt = new int[1];
        tokenAt[0] = -1;
        for (int i = 0; i < letters.length; i++) {
            places[letters[i]] = i;
            lengths[letters[i]] = 1;
        }
    }

    /**
     * The fastest encoder for some merges.
     *
     * @param letters tokens of one letter
     * @param list merges by rank
     * @param vocabularySize above all ids
     * @return this one, if each token is made by one merge and after its parts, as training gives them; else one that
     *     merges
     */
    static SegmentEncoder of(int[] letters, List<Merge> list, int vocabularySize) {
        Merges merges = new Merges(list.size());
        for (int rank = 0; rank < list.size(); rank++) {
            Merge merge = list.get(rank);
            merges.add(merge.left, merge.right, rank, merge.product);
        }
        MergeEncoder byDefinition = new MergeEncoder(merges);
        MatchEncoder encoder = new MatchEncoder(merges, letters, vocabularySize);
        for (int rank = 0; rank < list.size(); rank++) {
            if (!encoder.make(list.get(rank), rank)) {
                return byDefinition;
            }
        }
        Arrays.stream(letters).forEach(letter -> encoder.addWord(new int[] {letter}, letter));
        for (Merge merge : list) {
            int[] word = encoder.spell(merge.product);
            // A token whose letters encode otherwise never comes out.
            if (byDefinition.encode(word, 0, word.length, new int[word.length], 0) == 1) {
                encoder.addWord(word, merge.product);
            }
        }
        encoder.linkShorter(0, -1);
        return encoder;
    }

    private boolean make(Merge merge, int rank) {
        int token = merge.product;
        if (lengths[merge.left] == 0 || lengths[merge.right] == 0 || lengths[token] != 0) {
            return false;
        }
        ranks[token] = rank;
        lefts[token] = merge.left;
        rights[token] = merge.right;
        lengths[token] = lengths[merge.left] + lengths[merge.right];
        return true;
    }

    private int[] spell(int token) {
        if (ranks[token] == LETTER) {
            return new int[] {token};
        }
        int[] left = spell(lefts[token]);
        int[] right = spell(rights[token]);
        int[] word = Arrays.copyOf(left, left.length + right.length);
        System.arraycopy(right, 0, word, left.length, right.length);
        return word;
    }

    private void addWord(int[] word, int token) {
        int node = 0;
        for (int letter : word) {
            int edge = node * letterCount + places[letter];
            if (children[edge] == 0) {
                children[edge] = nodes++;
                if (nodes > tokenAt.length) {
                    tokenAt = Arrays.copyOf(tokenAt, 2 * nodes);
                    children = Arrays.copyOf(children, 2 * nodes * letterCount);
                }
                tokenAt[nodes - 1] = -1;
            }
            node = children[edge];
        }
        tokenAt[node] = token;
    }

    private void linkShorter(int node, int above) {
        int token = tokenAt[node];
        if (token >= 0) {
            shorter[token] = above;
        }
        for (int i = 0; i < letterCount; i++) {
            int child = children[node * letterCount + i];
            if (child != 0) {
                linkShorter(child, token >= 0 ? token : above);
            }
        }
    }

    @Override
    public int encode(int[] letters, int from, int to, int[] tokens, int at) {
        DeadEnds dead = new DeadEnds();
        int position = from;
        int end = at;
        int candidate = position < to ? longest(letters, position, to) : -1;
        while (position < to) {
            while (candidate >= 0
                    && (dead.contains(position + lengths[candidate] - from)
                            || end > at && !areNeighbours(tokens[end - 1], candidate))) {
                candidate = shorter[candidate];
            }
            if (candidate >= 0) {
                tokens[end++] = candidate;
                position += lengths[candidate];
                candidate = position < to ? longest(letters, position, to) : -1;
            } else {
                dead.add(position - from, to - from);
                candidate = tokens[--end];
                position -= lengths[candidate];
                candidate = shorter[candidate];
            }
        }
        return end;
    }

    private int longest(int[] letters, int position, int to) {
        int found = -1;
        int node = 0;
        for (int i = position; i < to; i++) {
            node = children[node * letterCount + places[letters[i]]];
            if (node == 0) {
                break;
            }
            int token = tokenAt[node];
            found = token >= 0 ? token : found;
        }
        return found;
    }

    private boolean areNeighbours(int leftToken, int rightToken) {
        int left = leftToken;
        int right = rightToken;
        int before = Merges.NONE;
        while (merges.rank(left, right) >= before) {
            int leftRank = ranks[left];
            int rightRank = ranks[right];
            if (leftRank == LETTER && rightRank == LETTER) {
                return true;
            }
            if (leftRank > rightRank) {
                before = leftRank;
                left = rights[left];
            } else {
                // Of the same rank, the leftmost pair merges first: the border would go before the token on its right.
                before = rightRank + 1;
                right = lefts[right];
            }
        }
        return false;
    }

    /** Positions after which no token can follow; most texts have few. */
    private static final class DeadEnds {

        private long[] bits = {};

        boolean contains(int position) {
            return position >> 6 < bits.length && (bits[position >> 6] & 1L << position) != 0;
        }

        void add(int position, int most) {
            if (bits.length == 0) {
                bits = new long[(most >> 6) + 1];
            }
            bits[position >> 6] |= 1L << position;
        }
    }
}
