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
import java.util.Optional;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.dnallama.shard.LabelledSequence;
import org.dnallama.spark.Artefact;
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

                @Override
                public boolean isTooLong(LabelledSequence row) {
                    return row.sequence().length() > 4;
                }

                @Override
                public Optional<double[]> saliency(LabelledSequence row) {
                    return Optional.of(row.sequence()
                            .chars()
                            .mapToDouble(c -> c == 'G' || c == 'C' ? 0.25 : 0)
                            .toArray());
                }
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
        // Squares: 0, 1/16, 1/4, 1/16, 0; bins: 1 right, .75 off .25, .5 off .5, .25 off .25, 0 right; means over 5.
        assertThat(metrics.get("brier").asDouble()).isEqualTo(0.375 / 5);
        assertThat(metrics.get("calibrationError").asDouble()).isEqualTo(1.0 / 5);
        assertThat(metrics.at("/intervals/accuracy/low").asDouble()).isBetween(0.2, 0.6);
        assertThat(metrics.at("/intervals/accuracy/high").asDouble()).isEqualTo(1);
        assertThat(metrics.at("/intervals/accuracy/resamples").asInt()).isEqualTo(1000);
        assertThat(metrics.at("/intervals/mcc/resamples").asInt())
                .as("resamples of one class have no MCC")
                .isBetween(800, 999);
        assertThat(metrics.get("tooLong").asInt()).isZero();
        assertThat(metrics.get("parts")).isEmpty();
        assertThat(out.toString()).containsPattern("MCC +0.6667 \\[").contains("report: " + evaluation);
        assertThat(evaluation.resolve("training.jsonl")).hasSameTextualContentAs(folder.resolve("adamw/metrics.jsonl"));
        assertThat(evaluation.resolve("report.html"))
                .content()
                .contains("Confusion matrix: all rows", "What it looked at", "test.csv:2, score 1.000")
                .contains("SHA-256 " + sha256OfTest());
        assertThat(evaluation.resolve("plots/roc.svg")).exists();
        assertThat(evaluation.resolve("plots/saliency-2.svg")).exists();
        assertThat(json(evaluation.resolve("saliency.json")).at("/1/perBase/3").asDouble())
                .isZero();
        assertThat(evaluation.resolve("_SUCCESS")).exists();
        JsonNode manifest = json(evaluation.resolve("manifest.json"));
        assertThat(manifest.get("model").asText()).isEqualTo(folder + "/adamw");
        assertThat(manifest.at("/inputs/0/fingerprint").asText()).isEqualTo("made-by-adamw");
        assertThat(manifest.at("/inputs/1/sha256").asText()).hasSize(64);
        assertThat(predictions(evaluation))
                .containsExactly(
                        "[test.csv:2,1.0,1,false]",
                        "[test.csv:3,0.75,1,false]",
                        "[test.csv:4,0.5,0,false]",
                        "[test.csv:5,0.25,0,false]",
                        "[test.csv:6,0.0,0,false]");
        try (Stream<Path> files = Files.list(evaluation.resolve("predictions"))) {
            assertThat(files.map(Path::toString).filter(name -> name.endsWith(".zstd.parquet")))
                    .as("one for each task")
                    .hasSize(2);
        }
    }

    private String sha256OfTest() {
        return Artefact.sha256(folder.resolve("test.csv").toString(), new Configuration());
    }

    @Test
    void theSameResultWhateverTheTasks() throws IOException {
        assertThat(evaluate("adamw")).isEqualTo(Commands.DONE);
        String two = Files.readString(folder.resolve("evaluation-adamw/metrics.json"));
        assertThat(evaluate("adamw", "--set", "evaluate.partitions=3", "--overwrite"))
                .isEqualTo(Commands.DONE);
        assertThat(folder.resolve("evaluation-adamw/metrics.json")).hasContent(two);
    }

    @Test
    void devChoosesAThresholdAndLongSequencesAreCounted() throws IOException {
        // On dev 0.75 is of class 1 and 0.5 is not, so that the threshold is between them.
        Files.writeString(folder.resolve("dev.csv"), "sequence,label\nGGCA,1\nGCAA,0\n");
        Files.writeString(folder.resolve("test.csv"), CSV + "GGGGGA,1\n");
        assertThat(evaluate("adamw", "--set", "evaluate.dev=" + folder + "/dev.csv"))
                .as(err.toString())
                .isEqualTo(Commands.DONE);
        JsonNode metrics = json(folder.resolve("evaluation-adamw/metrics.json"));
        assertThat(metrics.at("/parts/devThreshold/threshold").asDouble()).isEqualTo(0.625);
        assertThat(metrics.at("/parts/devThreshold/mcc").asDouble()).isEqualTo(1);
        assertThat(metrics.get("threshold").asDouble()).as("the one asked for").isEqualTo(0.5);
        assertThat(metrics.get("tooLong").asInt()).isEqualTo(1);
        assertThat(out.toString()).contains("all rows").contains("at dev's threshold");
        assertThat(folder.resolve("evaluation-adamw/predictions-dev")).isDirectory();
    }

    @Test
    void devOfOneClassChoosesNoThreshold() throws IOException {
        Files.writeString(folder.resolve("dev.csv"), "sequence,label\nGGCA,1\nGCAA,1\n");
        assertThat(evaluate("adamw", "--set", "evaluate.dev=" + folder + "/dev.csv"))
                .isEqualTo(Commands.DONE);
        assertThat(err.toString()).contains("dev.csv: no threshold can be chosen on it, as MCC is undefined at each");
        assertThat(json(folder.resolve("evaluation-adamw/metrics.json")).get("parts"))
                .isEmpty();
    }

    @Test
    void rowsThatAnAuditFoundElsewhereAreLeftOutOfSubsets() throws IOException {
        // The third row, the one that is wrong, stands in train too; the first has a twin; line 6 is another task's.
        audit(
                sha256OfTest(),
                pair("exact", "core", "train", "train.csv:9", "core", "test", "test.csv:4"),
                pair("containment", "core", "test", "test.csv:4", "chr2.fa", "genome", "chr2"),
                pair("twin", "core", "dev", "dev.csv:3", "core", "test", "test.csv:2"),
                pair("exact", "core", "train", "train.csv:6", "core", "dev", "dev.csv:6"),
                pair("exact", "other", "train", "train.csv:6", "other", "test", "test.csv:6"));
        assertThat(evaluate("adamw", "--set", "evaluate.audit=" + folder + "/audit"))
                .as(err.toString())
                .isEqualTo(Commands.DONE);
        JsonNode parts = json(folder.resolve("evaluation-adamw/metrics.json")).get("parts");
        assertThat(parts.at("/leakFree/count").asInt()).isEqualTo(4);
        assertThat(parts.at("/leakFree/mcc").asDouble()).isEqualTo(1);
        assertThat(parts.at("/twinFree/count").asInt()).isEqualTo(3);
        assertThat(parts.at("/twinFree/tp").asInt()).isEqualTo(1);
        assertThat(folder.resolve("evaluation-adamw/report.html")).content().contains("leak-free", "twin-free");
    }

    @Test
    void anAuditOfOtherRowsIsRefused() throws IOException {
        audit("0000", pair("exact", "core", "train", "train.csv:9", "core", "test", "test.csv:4"));
        assertThat(evaluate("adamw", "--set", "evaluate.audit=" + folder + "/audit"))
                .isEqualTo(Commands.INPUT);
        assertThat(err.toString())
                .contains("/audit: has not looked at " + folder + "/test.csv (no input with the SHA-256 ")
                .contains("run audit on the data set that holds it, or correct evaluate.audit");
        assertThat(folder.resolve("evaluation-adamw")).doesNotExist();
    }

    @Test
    void theRowsOfTrainingAreRefused() throws IOException {
        Files.writeString(
                folder.resolve("adamw/manifest.json"),
                "{\"optimizer\":\"adamw\",\"inputs\":[{\"path\":\"data/train.csv\",\"sha256\":\"" + sha256OfTest()
                        + "\"}]}");
        assertThat(evaluate("adamw")).isEqualTo(Commands.INPUT);
        assertThat(err.toString())
                .contains("/test.csv: is the file that " + folder + "/adamw was trained on (data/train.csv, the same")
                .contains("give rows that training has not seen in evaluate.data");
    }

    @Test
    void shardsScoreAsTheirFileDoes() throws IOException {
        assertThat(evaluate("adamw")).isEqualTo(Commands.DONE);
        String fromFile = Files.readString(folder.resolve("evaluation-adamw/metrics.json"));
        shards(
                RowFactory.create("core", "test.csv:2", "GGCC", 1),
                RowFactory.create("core", "test.csv:3", "GGCA", 1),
                RowFactory.create("core", "test.csv:4", "GCAA", 0),
                RowFactory.create("core", "test.csv:5", "GAAA", 0),
                RowFactory.create("core", "test.csv:6", "AAAA", 0));
        assertThat(evaluate("adamw", "--set", "evaluate.data=" + folder + "/shards", "--overwrite"))
                .as(err.toString())
                .isEqualTo(Commands.DONE);
        assertThat(folder.resolve("evaluation-adamw/metrics.json")).hasContent(fromFile);
    }

    @Test
    void badShardsAreExplained() throws IOException {
        shards(RowFactory.create("core", "test.csv:2", "GGCC", 2));
        String data = "evaluate.data=" + folder + "/shards";
        assertThat(evaluate("adamw", "--set", data)).isEqualTo(Commands.INPUT);
        assertThat(err.toString())
                .contains("/shards: row test.csv:2 is of class 2; a two-class model takes 0 and 1 only");
        shards(RowFactory.create("core", "test.csv:2", "GGCC", 1), RowFactory.create("other", "test.csv:2", "GGCC", 1));
        assertThat(evaluate("adamw", "--set", data)).isEqualTo(Commands.INPUT);
        assertThat(err.toString()).contains("/shards: holds the data sets core, other, whose splits may overlap");
        assertThat(evaluate("adamw", "--set", "evaluate.dev=" + folder + "/shards"))
                .isEqualTo(Commands.INPUT);
        assertThat(err.toString()).contains("/shards: has no rows in split=dev; import a data set that has dev");
        Files.delete(folder.resolve("shards/_SUCCESS"));
        assertThat(evaluate("adamw", "--set", data)).isEqualTo(Commands.INPUT);
        assertThat(err.toString()).contains("/shards: has no _SUCCESS; give the output of a finished import-gue");
    }

    /** As import-gue writes them, as far as it matters here. */
    private void shards(Row... rows) throws IOException {
        StructType columns = new StructType()
                .add("task", DataTypes.StringType)
                .add("id", DataTypes.StringType)
                .add("sequence", DataTypes.StringType)
                .add("label", DataTypes.IntegerType);
        Path shards = Files.createDirectories(folder.resolve("shards"));
        try (SparkSession spark = Sessions.open("test")) {
            spark.createDataFrame(List.of(rows), columns)
                    .write()
                    .mode("overwrite")
                    .parquet(shards.resolve("split=test").toString());
        }
        Files.writeString(shards.resolve("manifest.json"), "{}");
        Files.writeString(shards.resolve("_SUCCESS"), "");
    }

    @Test
    void anotherTokenizerIsRefused() throws IOException {
        Files.writeString(folder.resolve("adamw/tokenizer.json"), "{}");
        Files.writeString(
                folder.resolve("adamw/manifest.json"), "{\"optimizer\":\"adamw\",\"tokenizerSha256\":\"0123\"}");
        assertThat(evaluate("adamw")).isEqualTo(Commands.INPUT);
        assertThat(err.toString())
                .contains("/adamw/tokenizer.json: is not the tokenizer that the checkpoint was trained with, whose"
                        + " SHA-256 is 0123; put that one back, or run finetune anew");
    }

    @Test
    void anAdapterAloneIsRefused() throws IOException {
        Path adapter = Files.createDirectories(folder.resolve("lora"));
        Files.writeString(adapter.resolve("adapter_config.json"), "{}");
        assertThat(evaluate("lora")).isEqualTo(Commands.INPUT);
        assertThat(err.toString())
                .contains("/lora: is an adapter without its base; merge them with export --adapter, or give the");
    }

    private static Row pair(String kind, String taskA, String splitA, String a, String taskB, String splitB, String b) {
        return RowFactory.create(kind, taskA, splitA, a, taskB, splitB, b);
    }

    /** As the job audit writes it, as far as it matters here. */
    private void audit(String sha256, Row... pairs) throws IOException {
        Path audit = Files.createDirectories(folder.resolve("audit"));
        StructType columns = new StructType();
        for (String name : List.of("kind", "task_a", "split_a", "row_a", "task_b", "split_b", "row_b")) {
            columns = columns.add(name, DataTypes.StringType);
        }
        try (SparkSession spark = Sessions.open("test")) {
            spark.createDataFrame(List.of(pairs), columns)
                    .write()
                    .parquet(audit.resolve("pairs").toString());
        }
        Files.writeString(
                audit.resolve("manifest.json"),
                "{\"inputs\":[{\"path\":\"file:/data/core/test.csv\",\"sha256\":\"" + sha256 + "\"}]}");
        Files.writeString(audit.resolve("_SUCCESS"), "");
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
        // The third row is right by the second alone.
        assertThat(comparison.at("/paired/0/mcNemar/onlySecondRight").asInt()).isEqualTo(1);
        assertThat(comparison.at("/paired/0/mcNemar/p").asDouble()).isEqualTo(1);
        assertThat(comparison.at("/paired/0/differences/accuracy/difference").asDouble())
                .isCloseTo(0.2, within(1e-15));
        // Where that row is not drawn, both are equally good: (4/5)^5 = 33 % of the resamples.
        assertThat(comparison.at("/paired/0/differences/accuracy/low").asDouble())
                .isZero();
        assertThat(comparison.at("/paired/0/differences/accuracy/high").asDouble())
                .isBetween(0.4, 0.8);
        assertThat(comparison.at("/paired/0/differences/auroc/difference").asDouble())
                .isZero();
        assertThat(out.toString()).contains("kt4 - adamw").contains("McNemar's p");
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
                "audit=FOLDER/no | 3 | /no: no such folder; run audit first, or correct evaluate.audit",
                "published.file=FOLDER/no | 2 | evaluate.published.task: must be set, to a text",
                "dev=FOLDER/no.csv | 3 | /no.csv: no such file; evaluate.dev must be a CSV file with the columns",
                "data=FOLDER/empty.csv | 3 | empty.csv:2: has no row; give at least one line",
                "tooLong=cut | 2 | evaluate.tooLong = cut: must be one of refuse, crop, window",
                "resamples=-1 | 2 | evaluate.resamples = -1: must be at least 0",
                "threshold=2 | 2 | evaluate.threshold = 2.0: must lie in [0.0, 1.0]",
                "batchSize=many | 2 | evaluate.batchSize = \"many\": must be a whole number",
                "beam=3 | 2 | evaluate.beam: unknown key",
            })
    void badInputIsExplained(String setting, int code, String message) throws IOException {
        Files.writeString(folder.resolve("label.csv"), "sequence,label\nACGT,x\n");
        Files.writeString(folder.resolve("nan.csv"), "sequence,label\nACGT,0\nNNNN,1\n");
        Files.writeString(folder.resolve("empty.csv"), "sequence,label\n");
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
            return spark
                    .read()
                    .parquet(evaluation.resolve("predictions").toString())
                    .orderBy("id")
                    .collectAsList()
                    .stream()
                    .map(Row::toString)
                    .toList();
        }
    }

    private static JsonNode json(Path file) throws IOException {
        return new ObjectMapper().readTree(file.toFile());
    }
}
