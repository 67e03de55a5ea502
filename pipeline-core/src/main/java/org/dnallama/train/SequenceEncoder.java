package org.dnallama.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.dnallama.config.InputException;
import org.dnallama.model.Batch;
import org.dnallama.model.Batches;
import org.dnallama.model.Extensions;
import org.dnallama.model.LlamaConfig;
import org.dnallama.model.TokenRow;
import org.dnallama.token.Tokenizer;

/**
 * Turns bases into what a model reads.
 *
 * @param tokenizer the model's
 * @param config the model's shape
 */
public record SequenceEncoder(Tokenizer tokenizer, LlamaConfig config) {

    private static final String BASES = "ACGT";

    /**
     * A sequence as a row: begin, tokens, end, and the k-mers at each token.
     *
     * @param bases upper-case IUPAC codes
     * @return the row
     */
    public TokenRow row(String bases) {
        int[] tokens = tokenizer.encode(bases);
        List<int[]> kmers = new ArrayList<>();
        for (int k : config.extensions().kmers()) {
            kmers.add(kmers(k, bases, tokens));
        }
        return new TokenRow(Examples.document(tokens, tokenizer), kmers);
    }

    /**
     * The same for a sequence that may be too long.
     *
     * @param bases upper-case IUPAC codes
     * @param place where it stands, for the message
     * @return the row
     * @throws InputException if it has more tokens than the model's context
     */
    public TokenRow row(String bases, String place) {
        TokenRow row = row(bases);
        if (row.tokens().length > config.contextLength()) {
            throw new InputException("%s: the sequence has %d tokens with begin and end, the model's context is %d; %s"
                    .formatted(
                            place,
                            row.tokens().length,
                            config.contextLength(),
                            "shorten it, or train a model with a longer context"));
        }
        return row;
    }

    /** Of each token the k-mer centred on its first base; begin and end have an unknown one. */
    private int[] kmers(int k, String bases, int[] tokens) {
        int[] ids = new int[tokens.length + 2];
        Arrays.fill(ids, Extensions.rows(k) - 1);
        int start = 0;
        for (int i = 0; i < tokens.length; i++) {
            ids[i + 1] = kmer(k, bases, start - (k - 1) / 2);
            start += tokenizer.basesPerToken(tokens[i]);
        }
        return ids;
    }

    private static int kmer(int k, String bases, int from) {
        int unknown = Extensions.rows(k) - 1;
        if (from < 0 || from + k > bases.length()) {
            return unknown;
        }
        int number = 0;
        for (int i = from; i < from + k; i++) {
            int digit = BASES.indexOf(bases.charAt(i));
            if (digit < 0) {
                return unknown;
            }
            number = BASES.length() * number + digit;
        }
        return number;
    }

    /**
     * Where a sequence's tokens begin.
     *
     * @param bases upper-case IUPAC codes
     * @return position of each token's first base, without begin and end
     */
    int[] starts(String bases) {
        int[] starts = tokenizer.encode(bases);
        int start = 0;
        for (int i = 0; i < starts.length; i++) {
            int next = start + tokenizer.basesPerToken(starts[i]);
            starts[i] = start;
            start = next;
        }
        return starts;
    }

    /**
     * Numbers of tokens as numbers of bases: what a token has is shared out evenly among the bases from its first one
     * to that of the next token.
     *
     * @param bases upper-case IUPAC codes
     * @param perToken one number a token, begin and end included
     * @return one number a base; begin and end have none
     */
    double[] perBase(String bases, double[] perToken) {
        int[] starts = starts(bases);
        double[] shares = new double[bases.length()];
        for (int i = 0; i < starts.length; i++) {
            int end = i + 1 < starts.length ? starts[i + 1] : bases.length();
            Arrays.fill(shares, starts[i], end, perToken[i + 1] / (end - starts[i]));
        }
        return shares;
    }

    /**
     * Rows for classification.
     *
     * @param rows the rows, at least one
     * @param classes each row's class
     * @return a batch as long as its longest row
     */
    public Batch classifier(List<TokenRow> rows, int[] classes) {
        return Batches.classifier(rows, tokenizer.padId(), config.extensions(), classes);
    }
}
