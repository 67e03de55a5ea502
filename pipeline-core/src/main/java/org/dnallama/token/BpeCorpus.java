package org.dnallama.token;

import java.io.Serializable;
import java.util.Arrays;

/**
 * Sequence that a byte-pair encoding is learnt from: a part of the corpus, as tokens after the merges so far. It
 * changes in place. For use by one thread at a time.
 */
public final class BpeCorpus implements Serializable {

    private static final long serialVersionUID = 1L;

    /** Stands between two runs of bases, so that nothing merges across. */
    private static final char BORDER = Character.MAX_VALUE;

    private char[] tokens = new char[1024];
    private int length;
    private int done;
    private int lastFrom = -1;
    private PairCounts lastChange = new PairCounts();

    /**
     * Adds bases; each run without other codes than A, C, G, T stands for itself.
     *
     * @param codes upper-case IUPAC codes
     */
    public void add(String codes) {
        if (length + codes.length() + 1 > tokens.length) {
            tokens = Arrays.copyOf(tokens, Math.max(2 * tokens.length, length + codes.length() + 1));
        }
        for (int i = 0; i < codes.length(); i++) {
            int base = SpecialTokens.BASES.indexOf(codes.charAt(i));
            tokens[length++] = base < 0 ? BORDER : (char) (SpecialTokens.COUNT + base);
        }
        tokens[length++] = BORDER;
    }

    /**
     * Does merges and tells what they change. Asked again for the last ones, it tells the same again: a task may run
     * twice. Merges that were missed are made up for.
     *
     * @param merges packed pairs, by rank; the first ones give the first ids after the bases
     * @param from number of merges that were done before this round; the first round has no merges and counts all pairs
     * @return by how much this round changes the counts
     */
    public PairCounts merge(int[] merges, int from) {
        if (lastFrom != from || done != merges.length) {
            while (done < from) {
                replace(merges, done, passEnd(merges, done, from));
            }
            lastChange = merges.length == 0 ? count() : replace(merges, from, merges.length);
            lastFrom = from;
        }
        return lastChange;
    }

    private PairCounts count() {
        PairCounts counts = new PairCounts();
        for (int i = 0; i + 1 < length; i++) {
            if (tokens[i] != BORDER && tokens[i + 1] != BORDER) {
                counts.add(PairCounts.pack(tokens[i], tokens[i + 1]), 1);
            }
        }
        return counts;
    }

    // How many of the merges can be done in one pass: those of tokens that are there before it, as long as none has as
    // its left what another has as its right.
    private static int passEnd(int[] merges, int from, int to) {
        for (int end = from + 1; end < to; end++) {
            int left = PairCounts.left(merges[end]);
            int right = PairCounts.right(merges[end]);
            boolean independent = Math.max(left, right) < BpeTrainer.FIRST_MERGED + from;
            for (int rank = from; rank < end; rank++) {
                independent &= left != PairCounts.right(merges[rank]) && right != PairCounts.left(merges[rank]);
            }
            if (!independent) {
                return end;
            }
        }
        return to;
    }

    private PairCounts replace(int[] merges, int from, int to) {
        Merges table = new Merges(to - from);
        boolean[] isLeft = new boolean[BORDER + 1];
        for (int rank = from; rank < to; rank++) {
            int left = PairCounts.left(merges[rank]);
            table.add(left, PairCounts.right(merges[rank]), rank, BpeTrainer.FIRST_MERGED + rank);
            isLeft[left] = true;
        }
        PairCounts change = new PairCounts();
        int written = 0;
        char oldBefore = BORDER;
        char newBefore = BORDER;
        for (int i = 0; i < length; i++) {
            char first = tokens[i];
            char last = first;
            char token = first;
            if (isLeft[first] && table.rank(first, tokens[i + 1]) != Merges.NONE) {
                last = tokens[++i];
                token = (char) table.product(first, last);
                change.add(PairCounts.pack(first, last), -1);
            }
            boolean changed = token != first || newBefore != oldBefore;
            if (changed && first != BORDER && oldBefore != BORDER) {
                change.add(PairCounts.pack(oldBefore, first), -1);
                change.add(PairCounts.pack(newBefore, token), 1);
            }
            oldBefore = last;
            newBefore = token;
            tokens[written++] = token;
        }
        length = written;
        if (2 * length < tokens.length) {
            tokens = Arrays.copyOf(tokens, length);
        }
        done = to;
        return change;
    }
}
