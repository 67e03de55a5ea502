package org.dnallama.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.dnallama.augment.AugmentedRows;
import org.dnallama.augment.Sample;
import org.dnallama.checkpoint.ModelFolder;
import org.dnallama.config.ConfigException;
import org.dnallama.config.InputException;
import org.dnallama.generate.Decoder;
import org.dnallama.generate.Instruction;
import org.dnallama.model.Batch;
import org.dnallama.model.Batches;
import org.dnallama.model.Extensions;
import org.dnallama.model.Parameters;
import org.dnallama.model.TokenRow;
import org.dnallama.shard.LabelledSequence;
import org.dnallama.token.Tokenizer;

/** Labelled sequences as questions and answers; the answer alone is to be predicted. */
public final class InstructionExamples implements Examples {

    private final Instruction instruction;
    private final ModelFolder model;
    private final AugmentedRows rows;

    /**
     * Sequences for a language model.
     *
     * @param instruction how it is asked
     * @param model shape and tokenizer
     * @param rows the sequences
     * @throws ConfigException if the tokenizer knows no text, or the model is not plain
     * @throws InputException if a question with an answer does not fit the model's context
     */
    public InstructionExamples(Instruction instruction, ModelFolder model, AugmentedRows rows) {
        this.instruction = instruction;
        this.model = model;
        this.rows = rows;
        instruction.requireText(model.tokenizer());
        if (!model.config().extensions().isNone()) {
            throw new ConfigException(List.of("finetune.mode = instruction: a model with "
                    + model.config().extensions() + " cannot answer; start from a plain one"));
        }
        int most = model.config().contextLength();
        for (LabelledSequence row : rows.sequences()) {
            int length = row(row.sequence(), row.label()).length;
            if (length > most) {
                throw new InputException(
                        "%s: question and answer have %d tokens, the model's context is %d; shorten the sequence or the prompt"
                                .formatted(row.id(), length, most));
            }
        }
    }

    /** How the model is asked. */
    Instruction instruction() {
        return instruction;
    }

    @Override
    public int size() {
        return rows.sequences().size();
    }

    @Override
    public Batch batch(long position, int[] wanted) {
        Tokenizer tokenizer = model.tokenizer();
        List<TokenRow> read = new ArrayList<>();
        List<int[]> targets = new ArrayList<>();
        for (Sample sample : rows.batch(position, wanted)) {
            int[] row = row(sample.bases(), sample.label());
            int asked = instruction.question(sample.bases(), tokenizer).length;
            int[] next = new int[row.length];
            Arrays.fill(next, -1);
            System.arraycopy(row, asked, next, asked - 1, row.length - asked);
            read.add(TokenRow.plain(row));
            targets.add(next);
        }
        return Batches.tokenTargets(read, tokenizer.padId(), Extensions.NONE, targets);
    }

    private int[] row(String bases, int label) {
        int[] question = instruction.question(bases, model.tokenizer());
        int[] answer = instruction.answers(model.tokenizer()).get(label);
        int[] row = Arrays.copyOf(question, question.length + answer.length);
        System.arraycopy(answer, 0, row, question.length, answer.length);
        return row;
    }

    /** Asks a model all questions, some at a time. */
    HeldOut.Scored score(Parameters theta, int batchSize) {
        List<LabelledSequence> all = rows.sequences();
        double[] scores = new double[all.size()];
        int[] labels = new int[all.size()];
        try (Decoder decoder = new Decoder(model.config(), theta)) {
            for (int at = 0; at < scores.length; at += batchSize) {
                List<LabelledSequence> some = all.subList(at, Math.min(scores.length, at + batchSize));
                double[] probabilities = instruction.probabilities(
                        decoder,
                        model.tokenizer(),
                        some.stream().map(LabelledSequence::sequence).toList());
                System.arraycopy(probabilities, 0, scores, at, probabilities.length);
                for (int i = 0; i < some.size(); i++) {
                    labels[at + i] = some.get(i).label();
                }
            }
        }
        return new HeldOut.Scored(scores, labels);
    }
}
