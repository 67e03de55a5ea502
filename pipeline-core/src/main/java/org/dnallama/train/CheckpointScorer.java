package org.dnallama.train;

import java.util.ArrayList;
import java.util.List;
import org.dnallama.checkpoint.ModelFolder;
import org.dnallama.checkpoint.Storage;
import org.dnallama.compute.Backend;
import org.dnallama.config.InputException;
import org.dnallama.config.Seeds;
import org.dnallama.model.Batches;
import org.dnallama.model.Classifier;
import org.dnallama.model.Head;
import org.dnallama.model.Parameters;

/** Scores sequences with a fine-tuned checkpoint. */
public final class CheckpointScorer implements AutoCloseable {

    private final ModelFolder model;
    private final Parameters theta;
    private final Classifier classifier;

    /**
     * Loads a checkpoint.
     *
     * @param backend where to compute
     * @param checkpoint its folder
     * @throws InputException if it is no fine-tuned checkpoint
     */
    public CheckpointScorer(Backend backend, Storage checkpoint) {
        model = ModelFolder.read(checkpoint);
        if (model.head() != Head.CLASSIFIER) {
            throw new InputException(checkpoint.describe()
                    + ": is a language model and cannot classify; run finetune first and give its output");
        }
        theta = model.weights(checkpoint, backend, Head.CLASSIFIER, new Seeds(0));
        classifier = new Classifier(backend, model.config(), model.pooling());
    }

    /**
     * Probability that each sequence is a promoter.
     *
     * @param sequences upper-case bases, one batch of them
     * @return one probability a sequence
     */
    public double[] scores(List<String> sequences) {
        List<int[]> rows = new ArrayList<>();
        for (String sequence : sequences) {
            rows.add(Examples.document(model.tokenizer().encode(sequence), model.tokenizer()));
        }
        return classifier.probabilities(
                theta, Batches.classifier(rows, model.tokenizer().padId(), new int[rows.size()]));
    }

    @Override
    public void close() {
        classifier.close();
        theta.close();
    }
}
