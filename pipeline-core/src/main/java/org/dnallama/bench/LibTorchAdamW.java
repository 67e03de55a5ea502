package org.dnallama.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.AdamW;
import org.bytedeco.pytorch.AdamWOptions;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.dnallama.compute.AdamStep;
import org.dnallama.model.TensorSpec.Decay;

/** LibTorch's own AdamW over a {@link LibTorchLlama}: matrices decay, gains do not. */
public final class LibTorchAdamW implements AutoCloseable {

    private final List<AdamW> groups = new ArrayList<>();

    /**
     * Moments at zero.
     *
     * @param model whose weights it moves
     * @param constants its coefficients; the step is not read
     */
    public LibTorchAdamW(LibTorchLlama model, AdamStep constants) {
        for (Decay decay : Decay.values()) {
            TensorVector members = new TensorVector();
            for (Map.Entry<String, Tensor> weight : model.weights().entrySet()) {
                if (model.spec(weight.getKey()).decay() == decay) {
                    members.push_back(weight.getValue());
                }
            }
            groups.add(new AdamW(members, options(decay == Decay.DECAYED ? constants : constants.withoutDecay())));
        }
    }

    private static AdamWOptions options(AdamStep constants) {
        AdamWOptions options = new AdamWOptions(constants.learningRate());
        // The pair of betas lies in memory with the second first: a property of the C++ library's std::tuple.
        options.betas().put(0, constants.beta2());
        options.betas().put(1, constants.beta1());
        options.eps().put(constants.epsilon());
        options.weight_decay().put(constants.weightDecay());
        return options;
    }

    /** Moves the weights by their gradients and forgets those. */
    public void step() {
        for (AdamW group : groups) {
            group.step();
            group.zero_grad(true);
        }
    }

    @Override
    public void close() {
        groups.forEach(AdamW::close);
    }
}
