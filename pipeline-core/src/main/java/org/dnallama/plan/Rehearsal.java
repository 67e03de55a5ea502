package org.dnallama.plan;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.dnallama.config.Seeds;
import org.dnallama.model.ActivationMemory;
import org.dnallama.model.Batch;
import org.dnallama.model.Batches;
import org.dnallama.model.Classifier;
import org.dnallama.model.ClassifierLoss;
import org.dnallama.model.Head;
import org.dnallama.model.LanguageModel;
import org.dnallama.model.LlamaConfig;
import org.dnallama.model.LlamaLayout;
import org.dnallama.model.Lora;
import org.dnallama.model.LoraSettings;
import org.dnallama.model.LoraSettings.Precision;
import org.dnallama.model.Objective;
import org.dnallama.model.Parameters;
import org.dnallama.model.Pooling;
import org.dnallama.model.TensorSpec;
import org.dnallama.model.TokenRow;
import org.dnallama.optim.AveragedField;
import org.dnallama.optim.ClippedField;
import org.dnallama.optim.Optimizer;
import org.dnallama.optim.OptimizerSettings;
import org.dnallama.optim.Optimizers;
import org.dnallama.train.Branches;
import org.dnallama.train.Lanes;
import org.dnallama.train.LocalGradientField;
import org.dnallama.train.MicroBatches;
import org.dnallama.train.TrainingSettings;

/**
 * One step of training on a backend that only counts. Its parts are training's own, put together as the trainer does.
 *
 * @param config the model's shape
 * @param head what stands on top
 * @param training how it is trained; the optimizer and what is kept of activations are told to {@link #plan}
 * @param lora its adapters
 * @param tokens in every row
 */
public record Rehearsal(LlamaConfig config, Head head, TrainingSettings training, LoraSettings lora, int tokens) {

    private static final Seeds SEEDS = new Seeds(0);

    /**
     * Counts what a device needs.
     *
     * @param optimizer what moves the parameters
     * @param memory what a forward pass keeps for its backward
     * @return the plan
     */
    public Plan plan(OptimizerSettings optimizer, ActivationMemory memory) {
        CountingBackend backend = new CountingBackend();
        CountingRanks ranks = new CountingRanks();
        List<Batch> batches = batches();
        try (Parameters theta = weights(backend);
                Parameters best = backend.allocating(Use.BEST, theta::zerosLike);
                Lanes<Objective> lanes = backend.allocating(
                        Use.LOGITS, () -> new Lanes<>(training.lanes(), () -> objective(backend, memory)));
                LocalGradientField local = backend.allocating(
                        Use.GRADIENTS,
                        () -> new LocalGradientField(
                                lanes, theta, Branches.of(training, 1), training.dropout(), SEEDS));
                Optimizer moving = backend.allocating(Use.OPTIMIZER, () -> Optimizers.create(optimizer, theta))) {
            ClippedField field = new ClippedField(new AveragedField(local, ranks), training.clipNorm());
            local.begin(new MicroBatches(1, 0, batches));
            backend.allocating(Use.ACTIVATIONS, () -> moving.step(theta, field, training.learningRate()));

            long trained = best.count();
            Map<Use, Long> bytes = bytes(backend, trained);
            double step = perToken(backend.operations(), batches);
            return new Plan(
                    numbers(groups()),
                    trained,
                    bytes,
                    backend.peakBytes(Use.WEIGHTS) - bytesSavedAtRest(),
                    (2 + moving.state().size()) * trained * Float.BYTES,
                    ranks.bytes(),
                    ranks.sums(),
                    lateBytes(best),
                    forwardOperations(backend, theta, batches.get(0)),
                    step);
        }
    }

    private List<List<TensorSpec>> groups() {
        return LlamaLayout.groups(config, head);
    }

    private static long numbers(List<List<TensorSpec>> groups) {
        return groups.stream()
                .flatMap(List::stream)
                .mapToLong(TensorSpec::length)
                .sum();
    }

    /** Weights at rest would be rounded number by number, so they are counted apart: see {@link #resting}. */
    private Parameters weights(CountingBackend backend) {
        LoraSettings wide = new LoraSettings(
                lora.rank(),
                lora.alpha(),
                lora.dropout(),
                lora.targets(),
                lora.modulesToSave(),
                Precision.FLOAT32,
                lora.base());
        return backend.allocating(Use.WEIGHTS, () -> Lora.adapt(new Parameters(backend, groups()), wide, SEEDS));
    }

    private Objective objective(CountingBackend backend, ActivationMemory memory) {
        return head == Head.CLASSIFIER
                ? new Classifier(backend, config, Pooling.LAST, memory, ClassifierLoss.PLAIN)
                : new LanguageModel(backend, config, memory);
    }

    /** A step's micro-batches, of full rows. */
    private List<Batch> batches() {
        List<Batch> batches = new ArrayList<>();
        for (int at = 0; at < training.batchSize(); at += training.microBatch()) {
            int rows = Math.min(training.microBatch(), training.batchSize() - at);
            TokenRow row = TokenRow.unknown(new int[tokens], config.extensions());
            List<TokenRow> texts = java.util.Collections.nCopies(rows, row);
            batches.add(
                    head == Head.CLASSIFIER
                            ? Batches.classifier(texts, 0, config.extensions(), new int[rows])
                            : Batches.tokenTargets(
                                    texts,
                                    0,
                                    config.extensions(),
                                    texts.stream().map(TokenRow::tokens).toList()));
        }
        return batches;
    }

    private Map<Use, Long> bytes(CountingBackend backend, long trained) {
        Map<Use, Long> bytes = new EnumMap<>(Use.class);
        for (Use use : Use.values()) {
            bytes.put(use, backend.bytes(use));
        }
        // One of an optimizer's vectors is the gradient that the first lane writes to.
        bytes.merge(Use.GRADIENTS, trained * Float.BYTES, Long::sum);
        bytes.merge(Use.OPTIMIZER, -trained * Float.BYTES, Long::sum);
        bytes.merge(Use.WEIGHTS, -bytesSavedAtRest(), Long::sum);
        long widest = resting().stream()
                .mapToLong(group -> numbers(List.of(group)))
                .max()
                .orElse(0);
        bytes.merge(Use.ACTIVATIONS, training.lanes() * widest * Float.BYTES, Long::sum);
        return bytes;
    }

    /** Frozen matrices that rest in bfloat16; each lane widens one group at a time. */
    private List<List<TensorSpec>> resting() {
        if (lora.rank() == 0 || lora.frozen() == Precision.FLOAT32) {
            return List.of();
        }
        return groups().stream()
                .filter(group -> group.get(0).name().endsWith("_proj.weight"))
                .toList();
    }

    private long bytesSavedAtRest() {
        return numbers(resting()) * (Float.BYTES - Short.BYTES);
    }

    private double forwardOperations(CountingBackend backend, Parameters theta, Batch batch) {
        long before = backend.operations();
        try (Objective model = objective(backend, ActivationMemory.CHECKPOINTED)) {
            model.loss(theta, batch);
        }
        return perToken(backend.operations() - before, List.of(batch));
    }

    private static long lateBytes(Parameters gradient) {
        return gradient.buckets().stream()
                .filter(bucket -> bucket.block() <= 0)
                .mapToLong(bucket -> bucket.buffer().length() * Float.BYTES)
                .sum();
    }

    private static double perToken(long operations, List<Batch> batches) {
        return (double) operations
                / batches.stream().mapToLong(Batch::tokenCount).sum();
    }
}
