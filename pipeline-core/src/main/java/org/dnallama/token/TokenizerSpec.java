package org.dnallama.token;

import java.io.Serializable;

/**
 * What makes a tokenizer.
 *
 * @param kind which one
 * @param k bases in a token; 1 for characters and bytes
 * @param stride bases between two tokens; 1 for characters and bytes
 */
public record TokenizerSpec(Kind kind, int k, int stride) implements Serializable {

    /** The kinds of tokenizer. */
    public enum Kind {
        /** One token for each base. */
        CHARACTER,
        /** One token for each k bases. */
        KMER,
        /** One token for each byte. */
        BYTE
    }

    /**
     * Builds the tokenizer.
     *
     * @return a tokenizer
     */
    public Tokenizer build() {
        return switch (kind) {
            case CHARACTER -> new CharacterTokenizer();
            case KMER -> new KmerTokenizer(k, stride);
            case BYTE -> new ByteTokenizer();
        };
    }
}
