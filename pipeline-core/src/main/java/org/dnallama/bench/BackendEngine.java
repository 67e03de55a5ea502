package org.dnallama.bench;

import java.util.List;
import org.dnallama.compute.AdamStep;
import org.dnallama.compute.Backend;
import org.dnallama.config.Seeds;
import org.dnallama.model.Batch;
import org.dnallama.model.Head;
import org.dnallama.model.LanguageModel;
import org.dnallama.model.LlamaConfig;
import org.dnallama.model.LlamaLayout;
import org.dnallama.model.Parameters;
import org.dnallama.optim.AdamW;
import org.dnallama.optim.OptimizerSettings;
import org.dnallama.train.Lanes;
import org.dnallama.train.LocalGradientField;

/** Training as the product does it: our model and optimizer on a backend. */
final class BackendEngine implements TrainingEngine {

    /** What both sides train with. */
    static final AdamStep CONSTANTS = new AdamStep(3e-4, 0.9, 0.95, 1e-8, 0.1, 1);

    private final Parameters theta;
    private final Lanes<LanguageModel> lanes;
    private final LocalGradientField field;
    private final AdamW optimizer;
    private final List<Batch> batches;
    private long step;

    BackendEngine(Backend backend, LlamaConfig config, List<Batch> batches, int threads) {
        this.batches = batches;
        theta = weights(backend, config);
        lanes = new Lanes<>(threads, () -> new LanguageModel(backend, config));
        field = new LocalGradientField(lanes, theta, 0, new Seeds(1));
        OptimizerSettings settings = new OptimizerSettings(
                OptimizerSettings.Kind.ADAMW,
                CONSTANTS.beta1(),
                CONSTANTS.beta2(),
                CONSTANTS.epsilon(),
                CONSTANTS.weightDecay(),
                0);
        optimizer = new AdamW(settings, theta);
    }

    /** The weights that all engines start from. */
    static Parameters weights(Backend backend, LlamaConfig config) {
        return LlamaLayout.initialize(backend, config, Head.LANGUAGE_MODEL, 0.02, new Seeds(1));
    }

    @Override
    public double step() {
        field.begin(++step, batches);
        return optimizer.step(theta, field, CONSTANTS.learningRate());
    }

    @Override
    public void close() {
        optimizer.close();
        field.close();
        lanes.close();
        theta.close();
    }
}
