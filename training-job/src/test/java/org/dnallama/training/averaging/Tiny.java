package org.dnallama.training.averaging;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.dnallama.augment.AugmentedRows;
import org.dnallama.config.Seeds;
import org.dnallama.config.Settings;
import org.dnallama.model.Head;
import org.dnallama.model.Initialization;
import org.dnallama.model.LlamaConfig;
import org.dnallama.model.LlamaLayout;
import org.dnallama.model.Parameters;
import org.dnallama.model.Pooling;
import org.dnallama.shard.LabelledSequence;
import org.dnallama.shard.MaskedTokens;
import org.dnallama.token.CharacterTokenizer;
import org.dnallama.token.Tokenizer;
import org.dnallama.train.Examples;
import org.dnallama.train.LabelledExamples;
import org.dnallama.train.NextTokenExamples;
import org.dnallama.train.SequenceEncoder;
import org.dnallama.train.SoftMaskRule;
import org.dnallama.train.TrainingSettings;
import org.dnallama.train.Windows;

/** A model that is as small as can be, and rows for it. */
final class Tiny {

    static final Tokenizer TOKENIZER = new CharacterTokenizer();

    private static final Seeds SEEDS = new Seeds(7);

    private Tiny() {}

    /** With training settings over the defaults, such as {@code batchSize=4}. */
    static Recipe recipe(Head head, String... training) {
        List<String> set = new ArrayList<>(List.of(
                "model.dim=8",
                "model.layers=1",
                "model.heads=2",
                "model.kvHeads=1",
                "model.hiddenDim=12",
                "model.contextLength=16"));
        for (String pair : training) {
            set.add("pretrain.training." + pair);
        }
        Settings settings = Settings.load(List.of(), set);
        LlamaConfig config = LlamaConfig.read(settings, TOKENIZER.vocabularySize());
        TrainingSettings read = TrainingSettings.read(settings, "pretrain.training");
        settings.check();
        return new Recipe(config, head, Pooling.MEAN, read, TOKENIZER.padId(), SEEDS.runSeed());
    }

    /** Random weights, large enough that gradients are not small. */
    static void initialize(Parameters theta, Recipe recipe) {
        theta.specs()
                .forEach(spec ->
                        LlamaLayout.initialize(theta, spec, recipe.config(), Initialization.constant(0.3), SEEDS));
    }

    /** Random rows of 6 to 10 bases. */
    static Examples examples(Head head, int count) {
        RandomGenerator random = SEEDS.stream("rows");
        List<LabelledSequence> rows = new ArrayList<>();
        for (int r = 0; r < count; r++) {
            StringBuilder bases = new StringBuilder();
            random.ints(6 + r % 5, 0, 4).forEach(base -> bases.append("ACGT".charAt(base)));
            rows.add(new LabelledSequence("row" + r, bases.toString(), random.nextInt(2)));
        }
        return head == Head.CLASSIFIER
                ? new LabelledExamples(
                        new SequenceEncoder(TOKENIZER, recipe(head).config()), AugmentedRows.plain(rows))
                : new NextTokenExamples(
                        Windows.of(rows.stream()
                                .map(row -> MaskedTokens.plain(TOKENIZER.encode(row.sequence())))
                                .toList()),
                        TOKENIZER,
                        SoftMaskRule.NONE);
    }
}
