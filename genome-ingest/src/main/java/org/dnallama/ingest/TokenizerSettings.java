package org.dnallama.ingest;

import java.io.Serializable;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.dnallama.checkpoint.VocabularyExtension;
import org.dnallama.config.Settings;
import org.dnallama.token.BpeTrainer;
import org.dnallama.token.KmerTokenizer;

/**
 * What the section {@code ingest.tokenizer} says.
 *
 * @param kind which tokenizer
 * @param k bases in a k-mer
 * @param stride bases between two k-mers
 * @param file where the tokenizer stands; if there is none, kind BPE learns one
 * @param base a language model's tokenizer, whose vocabulary is to be extended
 * @param initialization what the embeddings of new tokens start from
 * @param learning how a byte-pair encoding is learnt
 */
record TokenizerSettings(
        Kind kind,
        int k,
        int stride,
        Optional<String> file,
        Optional<String> base,
        VocabularyExtension.Rule initialization,
        Learning learning) {

    private static final String SECTION = "ingest.tokenizer.";

    /** The kinds of tokenizer. */
    enum Kind {
        CHARACTER,
        KMER,
        BYTE,
        BPE,
        FILE
    }

    /**
     * How a byte-pair encoding is learnt.
     *
     * @param vocabularySize number of tokens at the end
     * @param maxTokenBases bases in the longest token
     * @param unitBases pairs are counted within pieces of so many bases
     * @param sample fraction of the pieces that is learnt from
     */
    record Learning(int vocabularySize, int maxTokenBases, int unitBases, double sample) implements Serializable {}

    /**
     * Reads and checks the section; errors are noted in the settings.
     *
     * @param settings the layered configuration
     * @param minLength bases in the shortest window
     * @return what it says
     */
    static TokenizerSettings of(Settings settings, int minLength) {
        Kind kind = settings.choice(SECTION + "kind", Kind.class);
        int k = settings.integer(SECTION + "k", 1);
        int stride = settings.integer(SECTION + "stride", 1);
        Optional<String> file = settings.optionalText(SECTION + "file");
        Optional<String> base = settings.optionalText(SECTION + "extends");
        if (kind == Kind.KMER) {
            checkKmer(settings, k, stride, minLength);
        }
        settings.require(
                kind != Kind.FILE || file.isPresent(),
                SECTION + "file: must be set, to a tokenizer.json or LLaMA-3's tokenizer.model, when " + SECTION
                        + "kind = file");
        settings.require(
                file.isEmpty() || List.of(Kind.FILE, Kind.BPE).contains(kind),
                SECTION + "file: is read only when " + SECTION
                        + "kind is bpe or file; set one of these, or leave file out");
        settings.require(
                base.isEmpty() || List.of(Kind.FILE, Kind.BPE).contains(kind),
                SECTION + "extends: needs a byte-pair encoding of DNA; set " + SECTION + "kind = bpe");
        VocabularyExtension.Rule rule = settings.choice(SECTION + "initialization", VocabularyExtension.Rule.class);
        return new TokenizerSettings(kind, k, stride, file, base, rule, learning(settings));
    }

    private static void checkKmer(Settings settings, int k, int stride, int minLength) {
        settings.require(
                k <= KmerTokenizer.MOST,
                SECTION + "k = " + k + ": must be at most " + KmerTokenizer.MOST
                        + ", as the vocabulary has 4^k tokens");
        settings.require(
                stride <= k,
                SECTION + "stride = " + stride + ": must be at most " + SECTION + "k = " + k
                        + ", else bases are skipped",
                SECTION + "stride",
                SECTION + "k");
        settings.require(
                minLength >= k,
                "ingest.minLength = " + minLength + ": must be at least " + SECTION + "k = " + k
                        + ", else a window may hold no token",
                "ingest.minLength",
                SECTION + "k");
    }

    private static Learning learning(Settings settings) {
        int vocabularySize = settings.integer(SECTION + "vocabulary", BpeTrainer.LEAST);
        settings.require(
                vocabularySize <= BpeTrainer.MOST,
                SECTION + "vocabulary = " + vocabularySize + ": must be at most " + BpeTrainer.MOST
                        + ", as ids are learnt in 16 bits");
        return new Learning(
                vocabularySize,
                settings.integer(SECTION + "maxTokenBases", 1),
                settings.integer(SECTION + "unitBases", 2),
                settings.real(SECTION + "sample", 0, 1));
    }

    /** Whether all tokens stand for as many bases, so that windows can be measured in tokens. */
    boolean isEven() {
        return kind != Kind.BPE && kind != Kind.FILE;
    }

    /** Bases of one token by itself, where tokens are even. */
    int tokenBases() {
        return kind == Kind.KMER ? k : 1;
    }

    /** Bases between two tokens, where tokens are even. */
    int tokenStride() {
        return kind == Kind.KMER ? stride : 1;
    }

    /**
     * The files that the tokenizer is made from.
     *
     * @return none, one or two
     */
    List<String> files() {
        return Stream.of(file, base).flatMap(Optional::stream).toList();
    }
}
