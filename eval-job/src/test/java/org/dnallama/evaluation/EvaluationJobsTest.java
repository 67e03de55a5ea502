package org.dnallama.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.dnallama.shard.LabelledSequence;
import org.dnallama.spark.Commands;
import org.dnallama.spark.Sessions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@ExtendWith(TwoCores.class)
class EvaluationJobsTest {

    /** Five rows, GC content 1, 3/4, 1/2, 1/4, 0; the third is the one that a threshold of 0.5 gets wrong. */
    private static final String CSV = "sequence,label\nGGCC,1\nGGCA,1\nGCAA,0\ngaaa,0\nAAAA,0\n";

    @TempDir
    private Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @BeforeEach
    void makeInputs() throws IOException {
        Files.writeString(folder.resolve("test.csv"), CSV);
        checkpoint("adamw", 1);
        checkpoint("kt4", 4);
    }

    /** GC content as the score: known, and so are the metrics. */
    private static final class GcScorers implements Scorer.Factory {

        private static final long serialVersionUID = 1L;

        @Override
        public Scorer open(String checkpoint, Configuration hadoop) {
            return new Scorer() {
                @Override
                public double[] scores(List<LabelledSequence> rows) {
                    assertThat(rows).hasSizeBetween(1, 2);
                    return rows.stream()
                            .mapToDouble(row -> row.sequence().startsWith("NN")
                                    ? Double.NaN
                                    : row.sequence()
                                                    .chars()
                                                    .filter(c -> c == 'G' || c == 'C')
                                                    .count()
                                            / (double) row.sequence().length())
                            .toArray();
                }

                @Override
                public void close() {}
            };
        }
    }

    @Test
    void evaluateWritesPredictionsMetricsLogAndReport() throws IOException {
        assertThat(evaluate("adamw")).as(err.toString()).isEqualTo(Commands.DONE);
        Path evaluation = folder.resolve("evaluation-adamw");
        JsonNode metrics = json(evaluation.resolve("metrics.json"));
        // At 0.5: tp 2, fp 1, tn 2, fn 0. MCC = (2*2 - 0) / sqrt(3 * 2 * 3 * 2) = 4/6; all 6 pairs are in order.
        assertThat(metrics.get("mcc").asDouble()).isCloseTo(4.0 / 6, within(1e-15)); // two square roots round
        assertThat(metrics.get("auroc").asDouble()).isEqualTo(1);
        assertThat(metrics.get("f1").asDouble()).isEqualTo(4.0 / 5);
        assertThat(metrics.get("fp").asLong()).isEqualTo(1);
        assertThat(metrics.get("count").asLong()).isEqualTo(5);
        assertThat(metrics.get("optimizer").asText()).isEqualTo("adamw");
        assertThat(out.toString()).contains("MCC                   0.6667\n").contains("report: " + evaluation);
        assertThat(evaluation.resolve("training.jsonl")).hasSameTextualContentAs(folder.resolve("adamw/metrics.jsonl"));
        assertThat(evaluation.resolve("report.html")).content().contains("Confusion matrix: adamw");
        assertThat(evaluation.resolve("_SUCCESS")).exists();
        JsonNode manifest = json(evaluation.resolve("manifest.json"));
        assertThat(manifest.get("model").asText()).isEqualTo(folder + "/adamw");
        assertThat(manifest.at("/inputs/0/fingerprint").asText()).isEqualTo("made-by-adamw");
        assertThat(manifest.at("/inputs/1/sha256").asText()).hasSize(64);
        assertThat(predictions(evaluation))
                .containsExactly(
                        "[test.csv:2,1.0,1]",
                        "[test.csv:3,0.75,1]",
                        "[test.csv:4,0.5,0]",
                        "[test.csv:5,0.25,0]",
                        "[test.csv:6,0.0,0]");
        try (Stream<Path> files = Files.list(evaluation.resolve("predictions"))) {
            assertThat(files.map(Path::toString).filter(name -> name.endsWith(".zstd.parquet")))
                    .hasSize(1);
        }
    }

    @Test
    void aSecondRunDoesNothingAndOtherSettingsNeedOverwrite() throws IOException {
        assertThat(evaluate("adamw")).isEqualTo(Commands.DONE);
        out.reset();
        assertThat(evaluate("adamw")).isEqualTo(Commands.DONE);
        assertThat(out.toString()).contains("is finished already");

        assertThat(evaluate("adamw", "--set", "evaluate.threshold=0.6")).isEqualTo(Commands.INPUT);
        assertThat(err.toString()).contains("give --overwrite to replace it");
        assertThat(evaluate("adamw", "--set", "evaluate.threshold=0.6", "--overwrite"))
                .isEqualTo(Commands.DONE);
        JsonNode metrics = json(folder.resolve("evaluation-adamw/metrics.json"));
        assertThat(metrics.get("mcc").asDouble())
                .as("0.5 is below 0.6, so all is right")
                .isEqualTo(1);
    }

    @Test
    void compareSetsEvaluationsSideBySide() throws IOException {
        assertThat(evaluate("adamw")).isEqualTo(Commands.DONE);
        assertThat(evaluate("kt4", "--set", "evaluate.threshold=0.6")).isEqualTo(Commands.DONE);
        out.reset();
        assertThat(compare()).as(err.toString()).isEqualTo(Commands.DONE);
        assertThat(out.toString())
                .contains("MCC                   0.6667  1.0000\n")
                .contains("Training steps             2       2\n")
                .contains("Gradient evaluations       2       8\n")
                .contains("report: " + folder.resolve("comparison"));
        JsonNode comparison = json(folder.resolve("comparison/comparison.json"));
        assertThat(comparison.at("/evaluations/1/optimizer").asText()).isEqualTo("kt4");
        assertThat(comparison.at("/evaluations/1/trainingSeconds").asDouble()).isEqualTo(8);
        assertThat(folder.resolve("comparison/report.html"))
                .content()
                .contains("KT4 takes four gradients a step")
                .doesNotContain("different data");
        assertThat(folder.resolve("comparison/curves.png")).isNotEmptyFile();
        assertThat(folder.resolve("comparison/_SUCCESS")).exists();
        assertThat(compare()).isEqualTo(Commands.DONE);
        assertThat(out.toString()).contains("is finished already");
    }

    @Test
    void compareSaysWhenTheDataDiffer() throws IOException {
        assertThat(evaluate("adamw")).isEqualTo(Commands.DONE);
        Files.writeString(folder.resolve("test.csv"), CSV + "CCCC,1\n");
        assertThat(evaluate("kt4")).isEqualTo(Commands.DONE);
        assertThat(compare()).isEqualTo(Commands.DONE);
        assertThat(folder.resolve("comparison/report.html")).content().contains("made on different data");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "model=FOLDER/nowhere | 3 | /nowhere: no such folder; run finetune first, or correct evaluate.model",
                "model=FOLDER | 3 | : has no _SUCCESS, so it is not finished; run finetune first",
                "data=FOLDER/no.csv | 3 | /no.csv: no such file; evaluate.data must be a CSV file with the columns",
                "data=FOLDER/label.csv | 3 | FOLDER/label.csv:2: label is 'x'; write 1 for the positive class",
                "data=FOLDER/nan.csv | 3 | : scores nan.csv:3 as NaN; its parameters are no good",
                "threshold=2 | 2 | evaluate.threshold = 2.0: must lie in [0.0, 1.0]",
                "batchSize=many | 2 | evaluate.batchSize = \"many\": must be a whole number",
                "beam=3 | 2 | evaluate.beam: unknown key",
            })
    void badInputIsExplained(String setting, int code, String message) throws IOException {
        Files.writeString(folder.resolve("label.csv"), "sequence,label\nACGT,x\n");
        Files.writeString(folder.resolve("nan.csv"), "sequence,label\nACGT,0\nNNNN,1\n");
        String override = "evaluate." + setting.replace("FOLDER", folder.toString());
        assertThat(evaluate("adamw", "--set", override)).isEqualTo(code);
        assertThat(err.toString()).contains(message.replace("FOLDER", folder.toString()));
        assertThat(folder.resolve("evaluation-adamw")).doesNotExist();
    }

    @Test
    void compareExplainsWhatIsMissing() throws IOException {
        assertThat(compare()).isEqualTo(Commands.INPUT);
        assertThat(err.toString()).contains("evaluation-adamw: no such folder; run evaluate first");
        assertThat(evaluate("adamw")).isEqualTo(Commands.DONE);
        assertThat(evaluate("kt4")).isEqualTo(Commands.DONE);
        Files.delete(folder.resolve("evaluation-kt4/metrics.json"));
        assertThat(compare()).isEqualTo(Commands.INPUT);
        assertThat(err.toString()).contains("evaluation-kt4: has no metrics.json; run evaluate first");
        assertThat(folder.resolve("comparison")).doesNotExist();
    }

    @Test
    void bothCommandsAreThereWithHelp() {
        assertThat(captured(EvaluationMain::run, "evaluate", "--help")).isEqualTo(Commands.DONE);
        assertThat(captured(EvaluationMain::run, "compare", "--help")).isEqualTo(Commands.DONE);
        assertThat(out.toString()).contains("--overwrite", "Examples:", "compare.evaluations=");
        assertThat(captured(EvaluationMain::run, "evaluate")).isEqualTo(Commands.USAGE);
        assertThat(err.toString()).contains("evaluate.model: must be set", "evaluate.output: must be set");
    }

    private void checkpoint(String optimizer, int gradients) throws IOException {
        Path checkpoint = Files.createDirectories(folder.resolve(optimizer));
        Files.writeString(checkpoint.resolve("_SUCCESS"), "");
        Files.writeString(
                checkpoint.resolve("manifest.json"),
                "{\"job\":\"finetune\",\"optimizer\":\"" + optimizer + "\",\"fingerprint\":\"made-by-" + optimizer
                        + "\"}");
        StringBuilder log = new StringBuilder();
        for (int step = 1; step <= 2; step++) {
            String spent = "{\"step\":" + step + ",\"gradientEvaluations\":" + gradients * step + ",\"elapsedSeconds\":"
                    + gradients * step;
            log.append(spent + ",\"lossNats\":0." + (9 - step) + "}\n");
            log.append(spent + ",\"devLossNats\":0." + (9 - step) + ",\"devMcc\":0.1}\n");
        }
        Files.writeString(checkpoint.resolve("metrics.jsonl"), log);
    }

    private int evaluate(String model, String... more) {
        List<String> args = new ArrayList<>();
        set(args, "evaluate.model", folder + "/" + model);
        set(args, "evaluate.data", folder + "/test.csv");
        set(args, "evaluate.output", folder + "/evaluation-" + model);
        set(args, "evaluate.batchSize", "2");
        args.addAll(List.of(more));
        return run(new EvaluateCommand(backend -> new GcScorers()), args.toArray(String[]::new));
    }

    private int compare() {
        List<String> args = new ArrayList<>();
        args.add("--set");
        args.add("compare.evaluations=[\"" + folder + "/evaluation-adamw\",\"" + folder + "/evaluation-kt4\"]");
        set(args, "compare.output", folder + "/comparison");
        return run(new CompareCommand(), args.toArray(String[]::new));
    }

    private static void set(List<String> args, String key, String value) {
        args.add("--set");
        args.add(key + "=\"" + value + "\"");
    }

    private int run(Object command, String... args) {
        return captured(all -> Commands.run(command, all), args);
    }

    private int captured(ToIntFunction<String[]> entry, String... args) {
        PrintStream outBefore = System.out;
        PrintStream errBefore = System.err;
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
        try {
            return entry.applyAsInt(args);
        } finally {
            System.setOut(outBefore);
            System.setErr(errBefore);
        }
    }

    private static List<String> predictions(Path evaluation) {
        try (SparkSession spark = Sessions.open("test")) {
            return spark.read().parquet(evaluation.resolve("predictions").toString()).collectAsList().stream()
                    .map(Row::toString)
                    .toList();
        }
    }

    private static JsonNode json(Path file) throws IOException {
        return new ObjectMapper().readTree(file.toFile());
    }
}
