package org.dnallama.generate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.dnallama.checkpoint.Storage;
import org.dnallama.config.ConfigException;
import org.dnallama.config.InputException;
import org.dnallama.config.Settings;
import org.dnallama.token.Tokenizer;

/**
 * How a language model is asked for a sequence's class, in training and afterwards: a prompt, and the answers that
 * there are. It lies beside the checkpoint as {@code instruction.json}.
 *
 * @param prompt text in which {@value #PLACE} stands for the bases
 * @param negative answer for class 0
 * @param positive answer for class 1
 */
public record Instruction(String prompt, String negative, String positive) implements java.io.Serializable {

    /** Where the bases go in a prompt. */
    public static final String PLACE = "{sequence}";

    private static final String FILE = "instruction.json";
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * Reads {@code finetune.instruction.*}; errors are noted in the settings.
     *
     * @param settings the configuration
     * @return the instruction, to be used only after {@link Settings#check()}
     */
    public static Instruction read(Settings settings) {
        String key = "finetune.instruction";
        Instruction read = new Instruction(
                settings.text(key + ".prompt"), settings.text(key + ".negative"), settings.text(key + ".positive"));
        settings.require(
                read.prompt.split(java.util.regex.Pattern.quote(PLACE), -1).length == 2,
                key + ".prompt = '" + read.prompt + "': must have " + PLACE + " once, where the bases go");
        settings.require(
                !read.negative.isEmpty() && !read.positive.isEmpty() && !read.negative.equals(read.positive),
                "%s.negative = '%s', positive = '%s': must be two different answers"
                        .formatted(key, read.negative, read.positive));
        return read;
    }

    /**
     * Reads the file.
     *
     * @param checkpoint the checkpoint's folder
     * @return the instruction, if the checkpoint has one
     * @throws InputException if the file is no such JSON
     */
    public static Optional<Instruction> read(Storage checkpoint) {
        try {
            if (!checkpoint.exists(FILE)) {
                return Optional.empty();
            }
            try (InputStream in = checkpoint.open(FILE)) {
                JsonNode json = JSON.readTree(in);
                return Optional.of(new Instruction(
                        json.required("prompt").asText(),
                        json.required("negative").asText(),
                        json.required("positive").asText()));
            }
        } catch (IOException | IllegalArgumentException e) {
            throw new InputException(
                    checkpoint.describe() + "/" + FILE + ": cannot be read: " + e.getMessage() + "; fine-tune anew", e);
        }
    }

    /**
     * Writes the file.
     *
     * @param checkpoint the checkpoint's folder
     * @throws IOException if it cannot be written
     */
    public void write(Storage checkpoint) throws IOException {
        ObjectNode json = JSON.createObjectNode();
        json.put("prompt", prompt).put("negative", negative).put("positive", positive);
        try (OutputStream out = checkpoint.create(FILE)) {
            out.write(json.toPrettyString().getBytes(StandardCharsets.UTF_8));
        }
    }

    /**
     * What is asked.
     *
     * @param bases the sequence
     * @param tokenizer the model's
     * @return begin and the prompt's tokens
     */
    public int[] question(String bases, Tokenizer tokenizer) {
        int[] tokens = tokenizer.encode(prompt.replace(PLACE, bases));
        int[] question = new int[tokens.length + 1];
        question[0] = tokenizer.beginId();
        System.arraycopy(tokens, 0, question, 1, tokens.length);
        return question;
    }

    /**
     * What may be answered.
     *
     * @param tokenizer the model's
     * @return tokens of the answer for class 0 and of that for class 1, each with the end token
     */
    public List<int[]> answers(Tokenizer tokenizer) {
        return List.of(answer(negative, tokenizer), answer(positive, tokenizer));
    }

    private static int[] answer(String text, Tokenizer tokenizer) {
        int[] tokens = tokenizer.encode(text);
        int[] answer = Arrays.copyOf(tokens, tokens.length + 1);
        answer[tokens.length] = tokenizer.endId();
        return answer;
    }

    /**
     * Checks that a tokenizer knows the answers' letters.
     *
     * @param tokenizer the model's
     * @throws ConfigException if it knows bases only
     */
    public void requireText(Tokenizer tokenizer) {
        if (!reads(negative, tokenizer) || !reads(positive, tokenizer)) {
            throw new ConfigException(List.of("finetune.mode = instruction: the model's tokenizer knows no text; ingest"
                    + " with ingest.tokenizer.kind = byte, or with LLaMA-3's tokenizer, or set finetune.mode ="
                    + " classifier"));
        }
    }

    /** A tokenizer of bases takes every other letter for the same unknown one, so another text looks alike to it. */
    private static boolean reads(String text, Tokenizer tokenizer) {
        StringBuilder other = new StringBuilder();
        text.chars().forEach(letter -> other.append((char) (letter + 1)));
        return !Arrays.equals(tokenizer.encode(text), tokenizer.encode(other.toString()));
    }

    /**
     * Asks a model.
     *
     * @param decoder the model
     * @param tokenizer the model's
     * @param sequences bases of each sequence, at least one
     * @return for each the probability of class 1 among the two
     * @throws InputException if a question with an answer does not fit the model's context
     */
    public double[] probabilities(Decoder decoder, Tokenizer tokenizer, List<String> sequences) {
        AnswerChoice choice = new AnswerChoice(decoder, answers(tokenizer), AnswerChoice.Score.SUM);
        return choice
                .choose(sequences.stream()
                        .map(bases -> question(bases, tokenizer))
                        .toList())
                .stream()
                .mapToDouble(each -> each.probabilities().get(1))
                .toArray();
    }
}
