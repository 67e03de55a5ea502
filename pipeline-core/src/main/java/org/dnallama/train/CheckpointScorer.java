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
    private final ModelFolder model;
    private final Optional<Instruction> instruction;
    private final Function<List<String>, double[]> scores;
    private final Function<String, Optional<double[]>> saliency;
    private final Runnable closing;

    /**
     * Loads a checkpoint.
     *
     * @param backend where to compute
     * @param checkpoint its folder
     * @throws InputException if it is no fine-tuned checkpoint
     */
    public CheckpointScorer(Backend backend, Storage checkpoint) {
        model = ModelFolder.read(checkpoint);
        instruction = Instruction.read(checkpoint);
        if (model.head() != Head.CLASSIFIER && instruction.isEmpty()) {
            throw new InputException(checkpoint.describe()
                    + ": is a language model and cannot classify; run finetune first and give its output");
        }
        theta = model.weights(checkpoint, backend, model.head(), new Seeds(0));
        if (instruction.isPresent()) {
            Decoder decoder = new Decoder(model.config(), theta);
            scores = sequences -> instruction.get().probabilities(decoder, model.tokenizer(), sequences);
            saliency = bases -> Optional.empty();
            closing = decoder::close;
        } else {
            Classifier classifier = new Classifier(backend, model.config(), model.pooling());
            SequenceEncoder encoder = new SequenceEncoder(model.tokenizer(), model.config());
            scores = sequences -> classifier.probabilities(
                    theta,
                    encoder.classifier(sequences.stream().map(encoder::row).toList(), new int[sequences.size()]));
            saliency = bases -> Optional.of(encoder.perBase(
                    bases, classifier.saliency(theta, encoder.classifier(List.of(encoder.row(bases)), new int[1]))));
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

    /**
     * What each base adds to a sequence's score, to first order.
     *
     * @param bases upper-case bases
     * @return of {@link Classifier#saliency}, shared out evenly among a token's bases; empty if the model answers a
     *     question instead
     */
    public Optional<double[]> saliency(String bases) {
        return saliency.apply(bases);
    }

    /**
     * Tokens that the model reads for a sequence, with those around it.
     *
     * @param bases upper-case bases
     * @return their number: begin and end included, or the prompt and the longest answer
     */
    public int tokens(String bases) {
        if (instruction.isEmpty()) {
            return Examples.document(model.tokenizer().encode(bases), model.tokenizer()).length;
        }
        int answer = instruction.get().answers(model.tokenizer()).stream()
                .mapToInt(tokens -> tokens.length)
                .max()
                .orElseThrow();
        return instruction.get().question(bases, model.tokenizer()).length + answer;
    }

    /**
     * What is around a sequence, for messages.
     *
     * @return such as {@code begin and end}
     */
    public String around() {
        return instruction.isEmpty() ? "begin and end" : "prompt and answer";
    }

    /**
     * Most tokens that the model reads at once.
     *
     * @return its context
     */
    public int contextLength() {
        return model.config().contextLength();
    }

    /**
     * Whether a sequence can be read at once.
     *
     * @param bases upper-case bases
     * @return false if {@link #scores} would refuse it
     */
    public boolean fits(String bases) {
        return tokens(bases) <= contextLength();
    }

    @Override
    public void close() {
        closing.run();
        theta.close();
    }
}
