package org.dnallama.token;

import java.io.Serializable;

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
