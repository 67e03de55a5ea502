package org.dnallama.token;

import java.io.Serializable;
import java.util.List;
import org.dnallama.config.ConfigException;

/** Turns bases into token ids. Immutable and safe to share between threads and processes. */
public interface Tokenizer extends Serializable {

    /**
     * Encodes a sequence.
     *
     * @param bases upper-case IUPAC codes
     * @return token ids, each in [0, vocabularySize)
     */
    int[] encode(String bases);

    /**
     * Bases that a token stands for, for soft-mask fractions and bits per base.
     *
     * @param tokenId in [0, vocabularySize)
     * @return number of bases; 0 for special tokens
     */
    int basesPerToken(int tokenId);

    /**
     * The bases that tokens were made from; the inverse of {@link #encode} but for what it does not keep.
     *
     * @param tokens ids; special ones stand for no base
     * @return bases, N for each that no token tells
     * @throws ConfigException if tokens of this kind do not tell their bases
     */
    default String decode(int[] tokens) {
        throw new ConfigException(List.of(
                "this tokenizer does not give bases back; ingest with" + " ingest.tokenizer.kind = character or kmer"));
    }

    /**
     * How much of a sequence its tokens hold; a tokenizer may leave out bases at the end that fill no token.
     *
     * @param bases length of the sequence
     * @return number of leading bases that are in some token
     */
    default int encodedBases(int bases) {
        return bases;
    }

    /**
     * Number of token ids.
     *
     * @return the vocabulary's size
     */
    int vocabularySize();

    /**
     * The token that pads rows; never a target.
     *
     * @return its id
     */
    int padId();

    /**
     * The token that starts a document.
     *
     * @return its id
     */
    int beginId();

    /**
     * The token that ends a document; classifiers with last-token pooling read its state.
     *
     * @return its id
     */
    int endId();

    /**
     * The whole tokenizer as Hugging Face's {@code tokenizer.json}; the same tokenizer gives the same text.
     *
     * @return JSON text
     */
    String toJson();
}
