package org.dnallama.plan;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.dnallama.config.Settings;
import org.dnallama.model.Head;
import org.dnallama.model.LlamaConfig;
import org.dnallama.model.LoraSettings;
import org.dnallama.optim.OptimizerSettings;
import org.dnallama.optim.OptimizerSettings.Kind;
import org.dnallama.token.TokenizerSpec;
import org.dnallama.train.TrainingSettings;

/**
 * What is to be planned.
 *
 * @param job whose settings hold
 * @param rehearsal the step that is rehearsed
 * @param optimizers the optimizers to compare, with the job's constants
 */
record PlanSettings(Job job, Rehearsal rehearsal, List<OptimizerSettings> optimizers) {

    /** The jobs that train. */
    enum Job {
        PRETRAIN(Head.LANGUAGE_MODEL),
        FINETUNE(Head.CLASSIFIER);

        private final Head head;

        Job(Head head) {
            this.head = head;
        }

        String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Reads and checks; names are those of the optimizers, and a stored shape goes before the configured one. */
    static PlanSettings read(Settings settings, List<String> names, Optional<LlamaConfig> stored) {
        Job job = settings.choice("plan.job", Job.class);
        TrainingSettings training = TrainingSettings.read(settings, job.label() + ".training");
        LoraSettings lora = LoraSettings.read(settings, job.label());
        List<OptimizerSettings> optimizers = optimizers(settings, training.optimizer(), names);
        for (OptimizerSettings optimizer : optimizers) {
            optimizer.requireDivisible(
                    settings, job.label() + ".training", training.batchSize(), training.microBatch());
        }
        int tokens = settings.integer("plan.tokens", 0);
        LlamaConfig config = stored.orElseGet(() -> LlamaConfig.read(settings, vocabularySize(settings)));
        settings.require(
                tokens <= config.contextLength(),
                "plan.tokens = %d: must be at most the model's context of %d"
                        .formatted(tokens, config.contextLength()));
        settings.check();
        int rowTokens = tokens == 0 ? config.contextLength() : tokens;
        return new PlanSettings(job, new Rehearsal(config, job.head, training, lora, rowTokens), optimizers);
    }

    private static List<OptimizerSettings> optimizers(
            Settings settings, OptimizerSettings constants, List<String> names) {
        List<OptimizerSettings> optimizers = new ArrayList<>();
        List<String> known = Arrays.stream(Kind.values()).map(Kind::label).toList();
        for (String name : names) {
            int place = known.indexOf(name);
            if (place < 0) {
                settings.error("--optimizer: no optimizer " + name + "; there are " + String.join(", ", known));
            } else {
                optimizers.add(constants.withKind(Kind.values()[place]));
            }
        }
        return optimizers;
    }

    /** The given size, or that of the tokenizer that ingest would use where its settings tell it. */
    private static int vocabularySize(Settings settings) {
        int given = settings.integer("plan.vocabularySize", 0);
        if (given > 0) {
            return given;
        }
        String kind = settings.text("ingest.tokenizer.kind");
        boolean extended = settings.optionalText("ingest.tokenizer.extends").isPresent();
        if (extended || kind.equals("file")) {
            settings.error("plan.vocabularySize = 0: must be set, as ingest.tokenizer takes its tokens from a file");
            return 1;
        }
        if (kind.equals("bpe")) {
            return settings.integer("ingest.tokenizer.vocabulary", 1);
        }
        TokenizerSpec spec = new TokenizerSpec(
                settings.choice("ingest.tokenizer.kind", TokenizerSpec.Kind.class),
                settings.integer("ingest.tokenizer.k", 1),
                settings.integer("ingest.tokenizer.stride", 1));
        settings.check();
        return spec.build().vocabularySize();
    }
}
