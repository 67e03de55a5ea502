package org.dnallama.bench;

import org.dnallama.compute.Backend;
import org.dnallama.compute.vector.VectorBackend;
import org.dnallama.model.Batch;
import org.dnallama.model.LlamaConfig;
import org.dnallama.model.Parameters;

/** Training by LibTorch: eager operations, autograd, its AdamW. */
final class LibTorchEngine implements TrainingEngine {

    private final LibTorchLlama model;
    private final LibTorchAdamW optimizer;
    private final Batch batch;

    LibTorchEngine(LlamaConfig config, Batch batch) {
        LibTorchLlama.useOneThread();
        this.batch = batch;
        Backend backend = new VectorBackend();
        try (Parameters theta = BackendEngine.weights(backend, config)) {
            model = new LibTorchLlama(config, theta, LibTorchLlama.Precision.FLOAT32);
        }
        optimizer = new LibTorchAdamW(model, BackendEngine.CONSTANTS);
    }

    @Override
    public double step() {
        double loss = model.lossAndGradient(batch);
        optimizer.step();
        return loss;
    }

    @Override
    public void close() {
        optimizer.close();
        model.close();
    }
}
