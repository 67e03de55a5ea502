package org.dnallama.augment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.dnallama.augment.FreshNegatives.Source;
import org.dnallama.config.ConfigException;
import org.dnallama.config.InputException;
import org.dnallama.config.Seeds;
import org.dnallama.config.Settings;
import org.dnallama.shard.LabelledSequence;
import org.junit.jupiter.api.Test;

final class AugmentationTest {

    private static final int DRAWS = 4000;
    private static final String SEVENTY = "N".repeat(70);
    private static final ReplacedBlocks GUE = new ReplacedBlocks(10, 15, 20, 12);

    private final Seeds seeds = new Seeds(1);

    /** Share of draws; five standard deviations of a share of 4000 draws are at most 5 * .5 / sqrt(4000) = .04. */
    private static org.assertj.core.data.Offset<Double> sampling() {
        return within(0.04);
    }

    @Test
    void blocksAreReplacedWholeAndAsOftenAsInGue() {
        int[] bounds = {0, 10, 25, 40, 55, 70};
        int[] replacedOf = new int[5];
        for (int draw = 0; draw < DRAWS; draw++) {
            Sample negative = GUE.negative(SEVENTY, seeds.stream("blocks", draw));
            BitSet replaced = negative.replaced().orElseThrow();
            assertThat(negative.label()).isZero();
            assertThat(negative.bases()).hasSize(70);
            for (int block = 0; block < 5; block++) {
                int count = replaced.get(bounds[block], bounds[block + 1]).cardinality();
                assertThat(count).isIn(0, bounds[block + 1] - bounds[block]);
                replacedOf[block] += count > 0 ? 1 : 0;
                String bases = negative.bases().substring(bounds[block], bounds[block + 1]);
                assertThat(bases).matches(count > 0 ? "[ACGT]+" : "N+");
            }
        }
        for (int count : replacedOf) {
            assertThat(count / (double) DRAWS).isCloseTo(12.0 / 20, sampling());
        }
    }

    @Test
    void exactlySoManyBlocksOfAWholeSequenceAreReplaced() {
        ReplacedBlocks whole = new ReplacedBlocks(0, 5, 8, 3);
        for (int draw = 0; draw < 50; draw++) {
            BitSet replaced = whole.negative("N".repeat(40), seeds.stream("whole", draw))
                    .replaced()
                    .orElseThrow();
            assertThat(replaced.cardinality()).isEqualTo(15);
        }
        // What is longer than all blocks together keeps its end.
        assertThat(whole.negative("N".repeat(60), seeds.stream("long")).bases()).endsWith("N".repeat(20));
    }

    @Test
    void negativesGiveWayAtTheirRatesAndPositivesNever() {
        FreshNegatives fresh = new FreshNegatives(
                0.5, GUE, List.of(SEVENTY), Source.TRAIN, 0.3, List.of("T".repeat(90)), Optional.empty());
        int replaced = 0;
        int windows = 0;
        for (int draw = 0; draw < DRAWS; draw++) {
            Sample sample = fresh.apply(Sample.of("A".repeat(70), 0), List.of(), seeds.stream("fresh", draw));
            assertThat(sample.label()).isZero();
            assertThat(sample.bases()).hasSize(70);
            replaced += sample.replaced().isPresent() ? 1 : 0;
            windows += sample.bases().equals("T".repeat(70)) ? 1 : 0;
        }
        assertThat(replaced / (double) DRAWS).isCloseTo(0.5, sampling());
        assertThat(windows / (double) DRAWS).isCloseTo(0.3, sampling());

        Sample positive = Sample.of("ACGT", 1);
        assertThat(fresh.apply(positive, List.of(), seeds.stream("positive"))).isSameAs(positive);
        assertThat(positive.replaced()).contains(new BitSet());
    }

    @Test
    void whatBeginsLikeAGenomeGivesWayToWindowsAloneAndTheRestToReplacedBlocksAlone() {
        Pattern box = Pattern.compile(".{2}TATA");
        FreshNegatives fresh = new FreshNegatives(
                1, GUE, List.of(SEVENTY), Source.TRAIN, 1, List.of("C".repeat(70)), Optional.of(box));
        Sample genomic = Sample.of("GG" + "TATA" + "G".repeat(64), 0);
        Sample made = Sample.of("G".repeat(66) + "TATA", 0);
        for (int draw = 0; draw < 50; draw++) {
            assertThat(fresh.apply(genomic, List.of(), seeds.stream("like", draw))
                            .bases())
                    .isEqualTo("C".repeat(70));
            assertThat(fresh.apply(made, List.of(), seeds.stream("unlike", draw))
                            .replaced())
                    .isPresent();
        }
    }

    @Test
    void negativesAreMadeFromPositivesOfTheirBatch() {
        ReplacedBlocks nothing = new ReplacedBlocks(10, 15, 20, 0);
        FreshNegatives fresh =
                new FreshNegatives(1, nothing, List.of("AAAA"), Source.BATCH, 0, List.of(), Optional.empty());
        FreshNegatives ofAll =
                new FreshNegatives(1, nothing, List.of("AAAA"), Source.TRAIN, 0, List.of(), Optional.empty());
        Sample negative = Sample.of("TTTT", 0);
        List<LabelledSequence> batch = List.of(row("TTTT", 0), row("CCCC", 1), row("GGGG", 1));
        assertThat(IntStream.range(0, 50)
                        .mapToObj(draw -> fresh.apply(negative, batch, seeds.stream("batch", draw))
                                .bases()))
                .containsOnly("CCCC", "GGGG");
        assertThat(fresh.apply(negative, batch.subList(0, 1), seeds.stream("none"))
                        .bases())
                .isEqualTo("AAAA");
        assertThat(ofAll.apply(negative, batch, seeds.stream("all")).bases()).isEqualTo("AAAA");
    }

    @Test
    void crossoverKeepsClassAndPlaces() {
        Crossover crossover = new Crossover(1, List.of(List.of("CCCCCC"), List.of("GGGGGG")));
        Sample joined = crossover.apply(Sample.of("AAAAAA", 0), List.of(), seeds.stream("crossover"));
        assertThat(joined.bases()).matches("A+C+").hasSize(6);
        assertThat(joined.label()).isZero();
        assertThat(crossover
                        .apply(Sample.of("AAAAAA", 1), List.of(), seeds.stream("crossover"))
                        .bases())
                .matches("A+G+");
        Sample known = new Sample("AAAAAA", 0, Optional.of(new BitSet()));
        assertThat(crossover.apply(known, List.of(), seeds.stream("crossover")).replaced())
                .isEmpty();
        assertThat(new Crossover(0, List.of(List.of("C"), List.of("G"))).apply(known, List.of(), seeds.stream("never")))
                .isSameAs(known);
    }

    @Test
    void hiddenBasesReadAsN() {
        Sample hidden = new HiddenBases(0.25).apply(Sample.of("A".repeat(DRAWS), 1), List.of(), seeds.stream("hidden"));
        long count = hidden.bases().chars().filter(letter -> letter == 'N').count();
        assertThat(count / (double) DRAWS).isCloseTo(0.25, sampling());
        assertThat(hidden.bases().replace("N", "").replace("A", "")).isEmpty();
        assertThat(hidden.label()).isEqualTo(1);
    }

    private static AugmentationSettings settings(String... overrides) {
        Settings settings = Settings.load(List.of(), List.of(overrides));
        AugmentationSettings read = AugmentationSettings.read(settings, "finetune");
        settings.check();
        return read;
    }

    private static LabelledSequence row(String bases, int label) {
        return new LabelledSequence("train.csv:2", bases, label);
    }

    @Test
    void plainSettingsLeaveSamplesAlone() {
        Augmentation none = settings().build(List.of(row("ACGT", 0)), List.of());
        assertThat(none).isSameAs(Augmentation.NONE);
    }

    @Test
    void stepsFollowEachOther() {
        AugmentationSettings all = settings(
                "finetune.negatives.genome=1",
                "finetune.negatives.shards=windows",
                "finetune.crossover=1",
                "finetune.hiddenBases=1");
        Augmentation augmentation = all.build(List.of(row("AAAA", 0), row("CCCC", 1)), List.of("GGGGGG"));
        Sample sample = augmentation.apply(Sample.of("AAAA", 0), List.of(), seeds.stream("all"));
        assertThat(sample.bases()).isEqualTo("NNNN");
    }

    @Test
    void badSettingsAreNamed() {
        assertThatThrownBy(() -> settings(
                        "finetune.negatives.replaced=0.8",
                        "finetune.negatives.genome=0.3",
                        "finetune.negatives.firstBlock=15",
                        "finetune.negatives.replacedBlocks=21",
                        "finetune.crossover=1.5"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("finetune.negatives.replaced = 0.8 and finetune.negatives.genome = 0.3: together"
                        + " they must be at most 1")
                .hasMessageContaining(
                        "finetune.negatives.genome = 0.3: windows come from shards; set" + " finetune.negatives.shards")
                .hasMessageContaining("finetune.negatives.firstBlock = 15: must be less than blockBases = 15")
                .hasMessageContaining("finetune.negatives.replacedBlocks = 21: must be at most blocks = 20")
                .hasMessageContaining("finetune.crossover = 1.5: must lie in [0.0, 1.0]");
    }

    @Test
    void rowsThatAreMissingAreNamed() {
        assertThatThrownBy(() -> settings("finetune.negatives.replaced=0.5").build(List.of(row("AC", 0)), List.of()))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("have not a positive, which finetune.negatives.replaced needs; set it to 0");
        AugmentationSettings genome = settings("finetune.negatives.genome=0.5", "finetune.negatives.shards=shards");
        assertThatThrownBy(() -> genome.build(List.of(row("ACGT", 0), row("ACG", 1)), List.of("ACG")))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("shards: has a window of 3 bases")
                .hasMessageContaining("sequences have up to 4; ingest with window and minLength at least as large");
    }
}
