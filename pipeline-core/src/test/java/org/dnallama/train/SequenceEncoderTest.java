package org.dnallama.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import org.dnallama.augment.Augmentation;
import org.dnallama.augment.AugmentedRows;
import org.dnallama.augment.Sample;
import org.dnallama.config.ConfigException;
import org.dnallama.config.InputException;
import org.dnallama.config.Seeds;
import org.dnallama.model.Batch;
import org.dnallama.model.Extensions;
import org.dnallama.model.LlamaConfig;
import org.dnallama.model.RopeScaling;
import org.dnallama.model.TokenRow;
import org.dnallama.shard.LabelledSequence;
import org.dnallama.shard.MaskedTokens;
import org.dnallama.token.ByteTokenizer;
import org.dnallama.token.CharacterTokenizer;
import org.dnallama.token.KmerTokenizer;
import org.dnallama.token.Tokenizer;
import org.junit.jupiter.api.Test;

/** From bases to batches: k-mers, hidden bases, replaced bases. */
final class SequenceEncoderTest {

    private static final Tokenizer PAIRS = new KmerTokenizer(2, 2);

    private static SequenceEncoder encoder(Tokenizer tokenizer, int contextLength) {
        Extensions extensions = new Extensions(List.of(3, 2), true, Extensions.Attention.BIDIRECTIONAL);
        return new SequenceEncoder(
                tokenizer,
                new LlamaConfig(
                        tokenizer.vocabularySize(),
                        8,
                        1,
                        2,
                        2,
                        8,
                        contextLength,
                        10000,
                        RopeScaling.NONE,
                        1e-5,
                        false,
                        extensions));
    }

    @Test
    void kmersAreCentredOnATokensFirstBase() {
        // Tokens AC GT TN; their first bases are at 0, 2 and 4.
        TokenRow row = encoder(PAIRS, 16).row("ACGTTN");
        assertThat(row.tokens()).hasSize(5).startsWith(PAIRS.beginId()).endsWith(PAIRS.endId());
        int c = 1;
        int g = 2;
        int t = 3;
        int unknown3 = 64;
        // Begin; one that begins before the sequence; CGT; TTN, whose N is no base; end.
        assertThat(row.kmers().get(0)).containsExactly(unknown3, unknown3, 16 * c + 4 * g + t, unknown3, unknown3);
        int unknown2 = 16;
        assertThat(row.kmers().get(1)).containsExactly(unknown2, c, 4 * g + t, unknown2, unknown2);
    }

    @Test
    void tooLongSequencesAreNamed() {
        assertThatThrownBy(() -> encoder(PAIRS, 4).row("ACGTAC", "dev.csv:7"))
                .isInstanceOf(InputException.class)
                .hasMessage("dev.csv:7: the sequence has 5 tokens with begin and end, the model's context is 4; shorten"
                        + " it, or train a model with a longer context");
        assertThatThrownBy(() -> new LabelledExamples(
                        encoder(PAIRS, 4),
                        AugmentedRows.plain(List.of(new LabelledSequence("dev.csv:7", "ACGTAC", 1)))))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("dev.csv:7: the sequence has 5 tokens");
    }

    @Test
    void replacedBasesAreAskedOfTokensThatStartThere() {
        BitSet second = new BitSet();
        second.set(2, 4);
        Augmentation negative = (sample, batch, random) ->
                sample.label() == 1 ? sample : new Sample(sample.bases(), 0, Optional.of(second));
        List<LabelledSequence> rows =
                List.of(new LabelledSequence("a", "ACGTAC", 0), new LabelledSequence("b", "ACGTAC", 1));
        LabelledExamples examples =
                new LabelledExamples(encoder(PAIRS, 16), new AugmentedRows(rows, negative, new Seeds(1)));
        Batch batch = examples.batch(0, new int[] {0, 1});
        assertThat(batch.targets()).containsExactly(0, 1);
        assertThat(batch.replaced()).containsExactly(-1, 0, 1, 0, -1, -1, 0, 0, 0, -1);
        // Of a negative as it was read nobody knows.
        assertThat(new LabelledExamples(encoder(PAIRS, 16), AugmentedRows.plain(rows))
                        .batch(0, new int[] {0})
                        .replaced())
                .containsOnly(-1);
    }

    private static final String WINDOW = "ACGTTGCAGGATCCATACGGTCAT";

    private static DenoisingExamples denoising(double fraction, double ownFraction) {
        return denoising(fraction, ownFraction, SoftMaskRule.NONE);
    }

    /** The second half of the window is soft-masked. */
    private static DenoisingExamples denoising(double fraction, double ownFraction, SoftMaskRule softMask) {
        BitSet masked = new BitSet();
        masked.set(6, 12);
        return new DenoisingExamples(
                encoder(PAIRS, 16),
                List.of(new DenoisingExamples.Window(WINDOW, masked)),
                List.of("G".repeat(24)),
                new DenoisingExamples.Rule(fraction, 4, ownFraction),
                new Seeds(3),
                softMask);
    }

    @Test
    void softMaskedTokensAreTargetsAtTheirWeight() {
        SoftMaskRule quarter = new SoftMaskRule(0.25, new Seeds(3));
        int[] kept = new int[2];
        int[] all = new int[2];
        for (int position = 0; position < 1000; position++) {
            int[] every = denoising(0.5, 0).batch(position, new int[] {0}).targets();
            int[] some =
                    denoising(0.5, 0, quarter).batch(position, new int[] {0}).targets();
            for (int t = 1; t <= 12; t++) {
                all[(t - 1) / 6] += every[t] < 0 ? 0 : 1;
                kept[(t - 1) / 6] += some[t] < 0 ? 0 : 1;
                assertThat(some[t]).isIn(-1, every[t]);
            }
        }
        assertThat(kept[0]).isEqualTo(all[0]);
        // Some 2,500 masked targets: five standard deviations are 5 sqrt(.25 * .75 / 2500) = .043.
        assertThat(all[1]).isGreaterThan(2000);
        assertThat(kept[1] / (double) all[1]).isBetween(0.2, 0.3);
        // What is drawn from labelled sequences has no mask.
        assertThat(denoising(0.5, 1, quarter).batch(0, new int[] {0}).targets())
                .isEqualTo(denoising(0.5, 1).batch(0, new int[] {0}).targets());
    }

    @Test
    void softMaskedTokensAreReadButNotPredicted() {
        int[] tokens = PAIRS.encode("ACGTTG");
        MaskedTokens window = new MaskedTokens(tokens, BitSet.valueOf(new long[] {0b010}));
        Batch none = new NextTokenExamples(Windows.of(List.of(window)), PAIRS, new SoftMaskRule(0, new Seeds(1)))
                .batch(0, new int[] {0});
        assertThat(none.targets()).containsExactly(tokens[0], -1, tokens[2], PAIRS.endId(), -1);
        Batch all =
                new NextTokenExamples(Windows.of(List.of(window)), PAIRS, SoftMaskRule.NONE).batch(0, new int[] {0});
        assertThat(all.targets()).containsExactly(tokens[0], tokens[1], tokens[2], PAIRS.endId(), -1);
        assertThat(none.tokens()).isEqualTo(all.tokens()).isEqualTo(Examples.document(tokens, PAIRS));
    }

    @Test
    void hiddenTokensAloneAreTargets() {
        int[] whole = encoder(PAIRS, 16).row(WINDOW).tokens();
        int unknown = PAIRS.encode("NN")[0];
        long hidden = 0;
        for (int position = 0; position < 500; position++) {
            Batch batch = denoising(0.25, 0).batch(position, new int[] {0});
            for (int t = 0; t < whole.length; t++) {
                boolean isHidden = batch.tokens()[t] == unknown;
                assertThat(batch.tokens()[t]).isEqualTo(isHidden ? unknown : whole[t]);
                assertThat(batch.targets()[t]).isEqualTo(isHidden ? whole[t] : -1);
                hidden += isHidden ? 1 : 0;
            }
            assertThat(batch.targetCount()).as("position " + position).isPositive();
            // All tokens see the whole row.
            assertThat(batch.ranges().end()).containsOnly(whole.length);
            assertThat(batch.ranges().first()).containsOnly(0);
        }
        // A span of 4 starts at a base with 1/16; about a fifth of the bases is hidden, of the tokens somewhat more.
        assertThat(hidden / (500.0 * 12)).isBetween(0.2, 0.4);
    }

    @Test
    void rowsComeFromBothSourcesAndAgainTheSame() {
        int own = PAIRS.encode("GG")[0];
        int fromOwn = 0;
        for (int position = 0; position < 400; position++) {
            Batch batch = denoising(0.1, 0.3).batch(position, new int[] {0});
            Batch again = denoising(0.1, 0.3).batch(position, new int[] {0});
            assertThat(batch.tokens()).isEqualTo(again.tokens());
            fromOwn += Arrays.stream(batch.tokens()).filter(id -> id == own).count() > 3 ? 1 : 0;
        }
        // Five standard deviations of a share of 400: 5 * sqrt(.3 * .7 / 400) = .115.
        assertThat(fromOwn / 400.0).isBetween(0.185, 0.415);
    }

    @Test
    void tokenizersThatMoveAreRefused() {
        Tokenizer pairsOfAny = new Tokenizer() {
            @Override
            public int[] encode(String bases) {
                return new int[bases.replace("NN", "N").length()];
            }

            @Override
            public int basesPerToken(int tokenId) {
                return 1;
            }

            @Override
            public int vocabularySize() {
                return 1;
            }

            @Override
            public int padId() {
                return 0;
            }

            @Override
            public int beginId() {
                return 0;
            }

            @Override
            public int endId() {
                return 0;
            }

            @Override
            public String toJson() {
                return "{}";
            }
        };
        assertThatThrownBy(() -> new DenoisingExamples(
                        encoder(pairsOfAny, 32),
                        List.of(new DenoisingExamples.Window(WINDOW, new BitSet())),
                        List.of(),
                        new DenoisingExamples.Rule(0.1, 4, 0),
                        new Seeds(3),
                        SoftMaskRule.NONE))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("hiding a base moves this tokenizer's tokens")
                .hasMessageContaining("ingest.tokenizer.kind = character or kmer");
    }

    @Test
    void tokensGiveTheirBasesBack() {
        assertThat(PAIRS.decode(PAIRS.encode(WINDOW))).isEqualTo(WINDOW);
        Tokenizer overlapping = new KmerTokenizer(4, 1);
        assertThat(overlapping.decode(overlapping.encode(WINDOW))).isEqualTo(WINDOW);
        Tokenizer characters = new CharacterTokenizer();
        assertThat(characters.decode(Examples.document(characters.encode("ACNT"), characters)))
                .isEqualTo("ACNT");
        // An unknown pair tells nothing of its bases; a base that fills no token is lost.
        assertThat(PAIRS.decode(PAIRS.encode("ACNTGGA"))).isEqualTo("ACNNGG");
        assertThatThrownBy(() -> new ByteTokenizer().decode(new int[] {5}))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("does not give bases back");
    }
}
