package org.dnallama.train;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.dnallama.checkpoint.ModelFolder;
import org.dnallama.checkpoint.Storage;
import org.dnallama.compute.Backend;
import org.dnallama.config.InputException;
import org.dnallama.config.Seeds;
import org.dnallama.generate.Decoder;
import org.dnallama.generate.Instruction;
import org.dnallama.model.Classifier;
import org.dnallama.model.Head;
import org.dnallama.model.Parameters;

/** Scores sequences with a fine-tuned checkpoint: a classifier, or a language model that was taught an instruction. */
public final class CheckpointScorer implements AutoCloseable {

    private final Parameters theta;
    private final Function<List<String>, double[]> scores;
    private final Runnable closing;

    /**
     * Loads a checkpoint.
     *
     * @param backend where to compute
     * @param checkpoint its folder
     * @throws InputException if it is no fine-tuned checkpoint
     */
    public CheckpointScorer(Backend backend, Storage checkpoint) {
        ModelFolder model = ModelFolder.read(checkpoint);
        Optional<Instruction> instruction = Instruction.read(checkpoint);
        if (model.head() != Head.CLASSIFIER && instruction.isEmpty()) {
            throw new InputException(checkpoint.describe()
                    + ": is a language model and cannot classify; run finetune first and give its output");
        }
        theta = model.weights(checkpoint, backend, model.head(), new Seeds(0));
        if (instruction.isPresent()) {
            Decoder decoder = new Decoder(model.config(), theta);
            scores = sequences -> instruction.get().probabilities(decoder, model.tokenizer(), sequences);
            closing = decoder::close;
        } else {
            Classifier classifier = new Classifier(backend, model.config(), model.pooling());
            SequenceEncoder encoder = new SequenceEncoder(model.tokenizer(), model.config());
            scores = sequences -> classifier.probabilities(
                    theta,
                    encoder.classifier(sequences.stream().map(encoder::row).toList(), new int[sequences.size()]));
            closing = classifier::close;
        }
    }

    /**
     * Probability that each sequence is a promoter.
     *
     * @param sequences upper-case bases, one batch of them
     * @return one probability a sequence
     */
    public double[] scores(List<String> sequences) {
        return scores.apply(sequences);
    }

    @Override
    public void close() {
        closing.run();
        theta.close();
    }
}
