package org.dnallama.model;

import java.io.Serializable;
import java.util.List;
import org.dnallama.config.Settings;

/**
 * Which weights get low-rank adapters, and what becomes of the others.
 *
 * @param rank columns of A's and rows of B's transpose; 0 for no adapters
 * @param alpha the adapters' product is multiplied with alpha / rank; positive
 * @param dropout of the adapters' input, in [0, 1)
 * @param targets weights with an adapter: names of {@link #TARGETS}
 * @param modulesToSave modules that are trained whole: names of {@link #MODULES}
 * @param frozen how the blocks' frozen matrices rest in memory
 * @param base where the frozen weights come from, for {@code adapter_config.json}; may be empty
 */
public record LoraSettings(
        int rank,
        double alpha,
        double dropout,
        List<String> targets,
        List<String> modulesToSave,
        Precision frozen,
        String base)
        implements Serializable {

    /** Weights that can have an adapter, in the order of the forward pass. */
    public static final List<String> TARGETS = List.of("q", "k", "v", "o", "gate", "up", "down");

    /** Modules that can be trained whole beside the adapters, under PEFT's names. */
    public static final List<String> MODULES = List.of("embed_tokens", "lm_head", "score");

    /** What stands on top of the model, which is always trained whole. */
    private static final List<String> HEADS = List.of(LlamaLayout.SCORE, LlamaLayout.POOL, LlamaLayout.REPLACED);

    /** How a frozen matrix rests in memory. */
    public enum Precision {
        /** As it is used. */
        FLOAT32,
        /** Rounded, in half the memory, and widened each time it is used. */
        BFLOAT16
    }

    /** Copies and checks. */
    public LoraSettings {
        targets = List.copyOf(targets);
        modulesToSave = List.copyOf(modulesToSave);
        if (rank < 0 || !(alpha > 0) || !(dropout >= 0 && dropout < 1)) {
            throw new IllegalArgumentException(
                    "no adapters: rank = %d, alpha = %s, dropout = %s".formatted(rank, alpha, dropout));
        }
        if (!TARGETS.containsAll(targets) || !MODULES.containsAll(modulesToSave)) {
            throw new IllegalArgumentException("targets = %s must be of %s, modulesToSave = %s of %s"
                    .formatted(targets, TARGETS, modulesToSave, MODULES));
        }
    }

    /**
     * Reads {@code job.lora.*} and {@code job.from}; errors are noted in the settings.
     *
     * @param settings the configuration
     * @param job such as {@code finetune}
     * @return the settings, to be used only after {@link Settings#check()}
     */
    public static LoraSettings read(Settings settings, String job) {
        String prefix = job + ".lora";
        int rank = settings.integer(prefix + ".rank", 0);
        List<String> targets = settings.texts(prefix + ".targets", TARGETS);
        String base = settings.optionalText(job + ".from").orElse("");
        if (rank > 0) {
            settings.require(!targets.isEmpty(), prefix + ".targets: must name at least one of " + TARGETS);
            settings.require(
                    !base.isEmpty(), "%s.rank = %d: adapters need a base; set %s.from".formatted(prefix, rank, job));
        }
        return new LoraSettings(
                rank,
                settings.real(prefix + ".alpha", Float.MIN_NORMAL, 1e6),
                settings.real(prefix + ".dropout", 0, 0.99),
                targets,
                settings.texts(prefix + ".modulesToSave", MODULES),
                settings.choice(prefix + ".frozen", Precision.class),
                base);
    }

    /**
     * Factor of the adapters' product.
     *
     * @return alpha / rank
     */
    public double scale() {
        return alpha / rank;
    }

    /** Whether a weight of the model has an adapter. */
    boolean adapts(String weight) {
        return targets.stream().anyMatch(target -> weight.endsWith("." + target + "_proj.weight"));
    }

    /** Whether a weight of the model is trained whole. */
    boolean saves(String weight) {
        return HEADS.contains(weight)
                || modulesToSave.stream().anyMatch(module -> ("." + weight).endsWith("." + module + ".weight"));
    }
}
