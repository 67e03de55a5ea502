package org.dnallama.model;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.dnallama.config.Settings;

/**
 * What a model has beyond LLaMA. All of it is off in a plain one, which other programs can load.
 *
 * @param kmers sizes of the k-mers whose embeddings are added to a token's: of each size the k-mer centred on the
 *     token's first base
 * @param learnedPositions whether an embedding of the token's position is added too
 * @param attention which tokens see each other
 */
public record Extensions(List<Integer> kmers, boolean learnedPositions, Attention attention) implements Serializable {

    /** Nothing beyond LLaMA. */
    public static final Extensions NONE = new Extensions(List.of(), false, Attention.CAUSAL);

    /** Longest k-mer: a table of 65,537 rows. */
    public static final int LONGEST_KMER = 8;

    /** Which tokens of a document see each other. */
    public enum Attention {
        /** Each sees itself and those before it, as in a language model. */
        CAUSAL,
        /** Each sees all. */
        BIDIRECTIONAL
    }

    /**
     * Copies the sizes.
     *
     * @throws IllegalArgumentException if one is out of bounds or comes twice
     */
    public Extensions {
        kmers = List.copyOf(kmers);
        String problem = problem(kmers);
        if (!problem.isEmpty()) {
            throw new IllegalArgumentException(problem);
        }
    }

    /**
     * Reads {@code model.kmers}, {@code model.learnedPositions} and {@code model.attention}.
     *
     * @param settings the configuration; errors are noted there
     * @return the extensions
     */
    public static Extensions read(Settings settings) {
        List<Integer> kmers = settings.integers("model.kmers");
        boolean positions = settings.flag("model.learnedPositions");
        Attention attention = settings.choice("model.attention", Attention.class);
        String problem = problem(kmers);
        settings.require(problem.isEmpty(), "model.kmers: " + problem);
        return problem.isEmpty() ? new Extensions(kmers, positions, attention) : NONE;
    }

    private static String problem(List<Integer> kmers) {
        for (int k : kmers) {
            if (k < 1 || k > LONGEST_KMER) {
                return "a k-mer of " + k + " bases must have 1 to " + LONGEST_KMER;
            }
        }
        return kmers.stream().distinct().count() == kmers.size() ? "" : kmers + " names a size twice";
    }

    /**
     * Whether there are none.
     *
     * @return true for a plain LLaMA
     */
    public boolean isNone() {
        return equals(NONE);
    }

    /**
     * Rows of a k-mer's table.
     *
     * @param k bases
     * @return 4^k, and one for k-mers with an unknown base or beyond an end of the sequence
     */
    public static int rows(int k) {
        return (1 << 2 * k) + 1;
    }

    /** The tables whose rows are added to a token's embedding, in the order of {@link Batch#features}. */
    List<TensorSpec> tables(LlamaConfig config) {
        List<TensorSpec> tables = new ArrayList<>();
        for (int k : kmers) {
            tables.add(table("model.embed_" + k + "mers.weight", rows(k), config.dim()));
        }
        if (learnedPositions) {
            tables.add(table(LlamaLayout.POSITIONS, config.contextLength(), config.dim()));
        }
        return tables;
    }

    private static TensorSpec table(String name, int rows, int dim) {
        return new TensorSpec(
                name,
                List.of(rows, dim),
                name.equals(LlamaLayout.POSITIONS) ? TensorSpec.Decay.NOT_DECAYED : TensorSpec.Decay.DECAYED);
    }
}
