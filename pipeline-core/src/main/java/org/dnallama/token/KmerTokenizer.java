package org.dnallama.token;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * One token for each k bases, the next one {@code stride} bases further; bases at the end that fill no token are left
 * out. A k-mer with an ambiguity code is the unknown token. With a stride shorter than k, tokens overlap, and each
 * stands for the {@code stride} bases at its start.
 */
public final class KmerTokenizer extends AbstractTokenizer {

    /** Longest k: 65,540 tokens. */
    public static final int MOST = 8;

    // Of each base its place among the bases; -1 of other letters.
    private static final byte[] DIGITS = new byte[128];

    static {
        for (int letter = 0; letter < DIGITS.length; letter++) {
            DIGITS[letter] = (byte) SpecialTokens.BASES.indexOf(letter);
        }
    }

    private final int k;
    private final int stride;

    /**
     * Makes a tokenizer.
     *
     * @param k bases in a token, in [1, {@value #MOST}]
     * @param stride bases between two tokens, in [1, k]
     * @throws IllegalArgumentException if they are out of bounds
     */
    public KmerTokenizer(int k, int stride) {
        super(SpecialTokens.IDS);
        if (k < 1 || k > MOST || stride < 1 || stride > k) {
            throw new IllegalArgumentException(
                    "k = " + k + ", stride = " + stride + ": must be 1 <= stride <= k <= " + MOST);
        }
        this.k = k;
        this.stride = stride;
    }

    @Override
    public int[] encode(String bases) {
        // A letter beyond ASCII becomes '?', which is no base either.
        byte[] letters = bases.getBytes(StandardCharsets.US_ASCII);
        int[] tokens = new int[letters.length < k ? 0 : (letters.length - k) / stride + 1];
        for (int i = 0; i < tokens.length; i++) {
            tokens[i] = id(letters, i * stride);
        }
        return tokens;
    }

    private int id(byte[] letters, int start) {
        int number = 0;
        for (int i = start; i < start + k; i++) {
            int digit = DIGITS[letters[i]];
            if (digit < 0) {
                return SpecialTokens.UNKNOWN;
            }
            number = number * SpecialTokens.BASES.length() + digit;
        }
        return SpecialTokens.COUNT + number;
    }

    /** Of each token the bases that the next one does not repeat, and all bases of the last one. */
    @Override
    public String decode(int[] tokens) {
        StringBuilder bases = new StringBuilder();
        for (int token : tokens) {
            if (token >= SpecialTokens.UNKNOWN) {
                bases.setLength(Math.max(0, bases.length() - (k - stride)));
                bases.append(bases(token));
            }
        }
        return bases.toString();
    }

    private String bases(int token) {
        if (token == SpecialTokens.UNKNOWN) {
            return "N".repeat(k);
        }
        int number = token - SpecialTokens.COUNT;
        StringBuilder bases = new StringBuilder();
        for (int i = k - 1; i >= 0; i--) {
            bases.append(SpecialTokens.BASES.charAt(number >> 2 * i & 3));
        }
        return bases.toString();
    }

    @Override
    public int basesPerToken(int tokenId) {
        return tokenId < SpecialTokens.UNKNOWN ? 0 : stride;
    }

    @Override
    public int encodedBases(int bases) {
        return bases < k ? 0 : (bases - k) / stride * stride + k;
    }

    @Override
    public int vocabularySize() {
        return SpecialTokens.COUNT + (1 << 2 * k);
    }

    @Override
    public String toJson() {
        List<String> kmers = List.of("");
        for (int i = 0; i < k; i++) {
            List<String> longer = new ArrayList<>();
            for (String kmer : kmers) {
                for (char base : SpecialTokens.BASES.toCharArray()) {
                    longer.add(kmer + base);
                }
            }
            kmers = longer;
        }
        return TokenizerJson.words(new TokenizerSpec(TokenizerSpec.Kind.KMER, k, stride), kmers);
    }
}
