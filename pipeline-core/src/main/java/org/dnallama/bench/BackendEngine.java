package org.dnallama.bench;

import java.util.List;
import org.dnallama.collective.AllReduce;
import org.dnallama.collective.SingleRank;
import org.dnallama.compute.AdamStep;
import org.dnallama.compute.Backend;
import org.dnallama.config.Seeds;
import org.dnallama.model.Batch;
import org.dnallama.model.DropoutRates;
import org.dnallama.model.Head;
import org.dnallama.model.LanguageModel;
import org.dnallama.model.LlamaConfig;
import org.dnallama.model.LlamaLayout;
import org.dnallama.model.Parameters;
import org.dnallama.optim.AveragedField;
import org.dnallama.optim.ClippedField;
import org.dnallama.optim.GradientField;
import org.dnallama.optim.Optimizer;
import org.dnallama.optim.OptimizerSettings;
import org.dnallama.optim.Optimizers;
import org.dnallama.optim.Tableau;
import org.dnallama.train.Branches;
import org.dnallama.train.Lanes;
import org.dnallama.train.LocalGradientField;
import org.dnallama.train.MicroBatches;

/** Training as the product does it: our model and optimizer on a backend. */
final class BackendEngine implements TrainingEngine {

    /** What both sides train with. */
    static final AdamStep CONSTANTS = new AdamStep(3e-4, 0.9, 0.95, 1e-8, 0.1, 1, AdamStep.Momentum.CLASSICAL);

    /** AdamW, which takes gradients as they are. */
    static final Moving ADAMW = new Moving(settings(OptimizerSettings.Kind.ADAMW), 0);

    /**
     * What moves the weights.
     *
     * @param optimizer which, and its constants
     * @param clipNorm most norm of a gradient; 0 leaves gradients alone, and unmeasured
     */
    record Moving(OptimizerSettings optimizer, double clipNorm) {}

    private final Parameters theta;
    private final Lanes<LanguageModel> lanes;
    private final LocalGradientField field;
    private final GradientField clipped;
    private final Optimizer optimizer;
    private final List<Batch> batches;
    private long step;

    /** One process, on some threads. */
    BackendEngine(Backend backend, LlamaConfig config, List<Batch> batches, int threads, Moving moving) {
        this(backend, config, batches, moving, new SingleRank(), threads);
    }

    /** One of several processes, on one thread. */
    BackendEngine(Backend backend, LlamaConfig config, List<Batch> batches, Moving moving, AllReduce ranks) {
        this(backend, config, batches, moving, ranks, 1);
    }

    private BackendEngine(
            Backend backend, LlamaConfig config, List<Batch> batches, Moving moving, AllReduce ranks, int threads) {
        this.batches = batches;
        theta = weights(backend, config);
        lanes = new Lanes<>(threads, () -> new LanguageModel(backend, config));
        field = new LocalGradientField(lanes, theta, new Branches(batches.size(), 1), DropoutRates.NONE, new Seeds(1));
        GradientField averaged = new AveragedField(field, ranks);
        clipped = moving.clipNorm() == 0 ? averaged : new ClippedField(averaged, moving.clipNorm());
        optimizer = Optimizers.create(moving.optimizer(), theta);
    }

    /** An optimizer with the constants, whose guard measures but never fires. */
    static OptimizerSettings settings(OptimizerSettings.Kind kind) {
        return new OptimizerSettings(
                kind,
                CONSTANTS.beta1(),
                CONSTANTS.beta2(),
                CONSTANTS.epsilon(),
                CONSTANTS.weightDecay(),
                Double.MAX_VALUE,
                Tableau.CLASSIC_4);
    }

    /** The weights that all engines start from. */
    static Parameters weights(Backend backend, LlamaConfig config) {
        return LlamaLayout.initialize(backend, config, Head.LANGUAGE_MODEL, 0.02, new Seeds(1));
    }

    @Override
    public double step() {
        field.begin(new MicroBatches(++step, 0, batches));
        return optimizer.step(theta, clipped, CONSTANTS.learningRate());
    }

    @Override
    public void close() {
        optimizer.close();
        field.close();
        lanes.close();
        theta.close();
    }
}
