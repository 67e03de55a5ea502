package org.dnallama.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.random.RandomGenerator;
import org.dnallama.config.ConfigException;
import org.dnallama.config.Seeds;
import org.dnallama.config.Settings;
import org.dnallama.model.Batch;
import org.dnallama.model.Batches;
import org.dnallama.model.TokenRow;
import org.dnallama.token.Tokenizer;

/**
 * Windows of which spans of bases are hidden; the tokens that a hidden base changes are to be predicted.
 *
 * @see <a href="https://arxiv.org/abs/1907.10529">Joshi et al. 2019, for spans</a>
 */
public final class DenoisingExamples implements Examples {

    private static final char HIDDEN = 'N';

    /**
     * What is hidden.
     *
     * @param fraction of the bases, about, if spans were never to overlap
     * @param spanBases bases in a span
     * @param ownFraction part of the windows that are drawn from the second source
     */
    public record Rule(double fraction, int spanBases, double ownFraction) implements java.io.Serializable {

        /**
         * Reads {@code prefix.*}; errors are noted in the settings.
         *
         * @param settings the configuration
         * @param prefix such as {@code pretrain.denoising}
         * @return the rule
         */
        public static Rule read(Settings settings, String prefix) {
            return new Rule(
                    settings.real(prefix + ".fraction", 1e-6, 1),
                    settings.integer(prefix + ".spanBases", 1),
                    settings.real(prefix + ".own.fraction", 0, 1));
        }

        /**
         * The same rule for one source.
         *
         * @return a copy with {@code ownFraction} 0
         */
        public Rule withoutOwn() {
            return new Rule(fraction, spanBases, 0);
        }
    }

    /**
     * A window of a genome.
     *
     * @param bases upper-case IUPAC codes
     * @param softMasked which tokens are soft-masked
     */
    public record Window(String bases, BitSet softMasked) {}

    private final SequenceEncoder encoder;
    private final List<Window> windows;
    private final List<String> own;
    private final Rule rule;
    private final Seeds seeds;
    private final SoftMaskRule softMask;

    /**
     * Windows to be hidden in part.
     *
     * @param encoder the model's
     * @param windows the first source, at least one
     * @param own bases of the second source; may be empty if nothing is drawn from it
     * @param rule what is hidden
     * @param seeds the run's
     * @param softMask how much soft-masked tokens of the first source count
     * @throws ConfigException if the tokenizer's tokens do not stay in place when a base is hidden
     */
    public DenoisingExamples(
            SequenceEncoder encoder,
            List<Window> windows,
            List<String> own,
            Rule rule,
            Seeds seeds,
            SoftMaskRule softMask) {
        this.encoder = encoder;
        this.windows = List.copyOf(windows);
        this.own = List.copyOf(own);
        this.rule = rule;
        this.seeds = seeds;
        this.softMask = softMask;
        requireTokensInPlace(encoder.tokenizer());
    }

    private static void requireTokensInPlace(Tokenizer tokenizer) {
        String bases = "ACGTTGCAGGATCCAT";
        String hidden = "ACGTTNNNNNATCCAT";
        if (tokenizer.encode(bases).length != tokenizer.encode(hidden).length) {
            throw new ConfigException(List.of("pretrain.objective = denoising: hiding a base moves this tokenizer's"
                    + " tokens; ingest with ingest.tokenizer.kind = character or kmer"));
        }
    }

    @Override
    public int size() {
        return windows.size();
    }

    @Override
    public Batch batch(long position, int[] rows) {
        List<TokenRow> read = new ArrayList<>();
        List<int[]> targets = new ArrayList<>();
        for (int i = 0; i < rows.length; i++) {
            RandomGenerator random = seeds.stream("denoising", position + i);
            boolean second = random.nextDouble() < rule.ownFraction;
            String bases = second
                    ? own.get(random.nextInt(own.size()))
                    : windows.get(rows[i]).bases();
            TokenRow whole = encoder.row(bases, "a window of " + bases.length() + " bases");
            TokenRow hidden = encoder.row(hide(bases, random));
            read.add(hidden);
            targets.add(changed(whole.tokens(), hidden.tokens()));
            if (!second) {
                softMask.thin(targets.get(i), windows.get(rows[i]).softMasked(), 1, position + i);
            }
        }
        return Batches.tokenTargets(
                read, encoder.tokenizer().padId(), encoder.config().extensions(), targets);
    }

    /** Spans start anywhere; if none does by chance, one is set. */
    private String hide(String bases, RandomGenerator random) {
        char[] letters = bases.toCharArray();
        double start = rule.fraction / rule.spanBases;
        boolean any = false;
        for (int i = 0; i < letters.length; i++) {
            if (random.nextDouble() < start) {
                hideSpan(letters, i);
                any = true;
            }
        }
        if (!any) {
            hideSpan(letters, random.nextInt(letters.length));
        }
        return new String(letters);
    }

    private void hideSpan(char[] letters, int from) {
        Arrays.fill(letters, from, Math.min(letters.length, from + rule.spanBases), HIDDEN);
    }

    private static int[] changed(int[] whole, int[] hidden) {
        int[] targets = new int[whole.length];
        for (int t = 0; t < targets.length; t++) {
            targets[t] = whole[t] == hidden[t] ? -1 : whole[t];
        }
        return targets;
    }
}
