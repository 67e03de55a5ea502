package org.dnallama.training.averaging;

import java.io.Serializable;
import java.util.List;
import org.dnallama.compute.Backend;
import org.dnallama.model.Classifier;
import org.dnallama.model.Head;
import org.dnallama.model.LanguageModel;
import org.dnallama.model.LlamaConfig;
import org.dnallama.model.LlamaLayout;
import org.dnallama.model.Objective;
import org.dnallama.model.Pooling;
import org.dnallama.model.TensorSpec;
import org.dnallama.model.TensorSpec.Decay;
import org.dnallama.train.TrainingSettings;

/**
 * What a worker must know to compute gradients: plain data that goes to the executors within the layer.
 *
 * @param config the model's shape
 * @param head what stands on top
 * @param pooling which states a classifier reads
 * @param training how it is trained
 * @param padId fills short rows
 * @param seed the run's
 */
public record Recipe(LlamaConfig config, Head head, Pooling pooling, TrainingSettings training, int padId, long seed)
        implements Serializable {

    List<List<TensorSpec>> groups() {
        return LlamaLayout.groups(config, head, pooling);
    }

    Objective objective(Backend backend) {
        return head == Head.CLASSIFIER
                ? new Classifier(
                        backend,
                        config,
                        pooling,
                        training.activations(),
                        training.refinements().loss())
                : new LanguageModel(backend, config, training.activations());
    }

    /** Numbers in the tensors that weight decay applies to, or in the others. */
    long count(Decay decay) {
        return groups().stream()
                .flatMap(List::stream)
                .filter(spec -> spec.decay() == decay)
                .mapToLong(TensorSpec::length)
                .sum();
    }

    /** Numbers in all tensors. */
    long count() {
        return count(Decay.DECAYED) + count(Decay.NOT_DECAYED);
    }
}
