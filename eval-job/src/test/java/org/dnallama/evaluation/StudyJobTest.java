package org.dnallama.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.dnallama.checkpoint.ModelFolder;
import org.dnallama.compute.Backend;
import org.dnallama.compute.Backends;
import org.dnallama.config.Seeds;
import org.dnallama.model.Head;
import org.dnallama.model.LlamaConfig;
import org.dnallama.model.LlamaLayout;
import org.dnallama.model.Parameters;
import org.dnallama.model.Pooling;
import org.dnallama.spark.Commands;
import org.dnallama.spark.HadoopStorage;
import org.dnallama.spark.Sessions;
import org.dnallama.token.CharacterTokenizer;
import org.dnallama.token.Tokenizer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Studies of a model that is as small as can be, as a user runs them. */
@ExtendWith(TwoCores.class)
class StudyJobTest {

    private static final String OPTIMIZERS = "compare.study.optimizers=[adamw, kt4, \"adamw batchSize=2\"]";

    @TempDir
    private Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @BeforeEach
    void makeInputs() throws IOException {
        Files.createDirectories(folder.resolve("data"));
        Files.writeString(folder.resolve("data/train.csv"), csv(24));
        Files.writeString(folder.resolve("data/dev.csv"), csv(10));
        Tokenizer tokenizer = new CharacterTokenizer();
        LlamaConfig shape = new LlamaConfig(tokenizer.vocabularySize(), 8, 1, 2, 1, 12, 16, 10000, 1e-5, true);
        Backend backend = Backends.VECTOR.open();
        HadoopStorage model = new HadoopStorage(folder + "/model", new Configuration());
        try (Parameters theta = LlamaLayout.initialize(backend, shape, Head.LANGUAGE_MODEL, 0.1, new Seeds(1))) {
            new ModelFolder(shape, Head.LANGUAGE_MODEL, Pooling.LAST, tokenizer).write(model, theta);
        }
    }

    @Test
    void everyTrialGetsTheSameBudgetAndAllThreeViewsAreReported() throws IOException {
        assertThat(compare("study", OPTIMIZERS)).as(err.toString()).isEqualTo(Commands.DONE);
        JsonNode json = json("study");
        assertThat(json.at("/budget/gradientEvaluations").asLong()).isEqualTo(24);
        // 24 gradients of 8 rows: 24 steps of AdamW, 6 of KT4, 96 of AdamW with a quarter of the rows.
        assertThat(values(json, "equalGradientEvaluations", "name"))
                .containsExactly("adamw", "kt4", "adamw batchSize=2");
        assertThat(values(json, "equalGradientEvaluations", "steps")).containsExactly("24", "6", "96");
        assertThat(values(json, "equalSteps", "name")).containsExactly("adamw", "kt4");
        assertThat(values(json, "equalSteps", "steps")).containsExactly("6", "6");
        for (JsonNode trial : json.path("equalGradientEvaluations")) {
            // Two rates with the first seed, the better one with the other.
            assertThat(trial.path("runs")).as(trial.path("name").asText()).hasSize(3);
            for (JsonNode run : trial.path("runs")) {
                assertThat(run.path("lossNats").asDouble()).isPositive();
                // KT4's guard may save a gradient here and there.
                assertThat(run.path("gradientEvaluations").asDouble()).isBetween(18.0, 24.0);
            }
            assertThat(trial.at("/lossNats/count").asInt()).isEqualTo(2);
            assertThat(trial.at("/mcc/count").asInt()).isEqualTo(2);
        }
        assertThat(json.at("/equalGradientEvaluations/0/runsAtTarget").asInt())
                .as("by construction all of AdamW's runs come to the target")
                .isEqualTo(2);
        assertThat(folder.resolve("study/report.html")).content().contains("At equal steps", "Curvature z");
        assertThat(folder.resolve("study/curves.png")).isNotEmptyFile();
        assertThat(out.toString()).contains("At equal gradient evaluations\n", "report: " + folder.resolve("study"));
        try (Stream<Path> files = Files.list(folder.resolve("study-runs/kt4-6-steps-rate-0.01-seed-1"))) {
            assertThat(files.map(file -> file.getFileName().toString()).filter(name -> !name.endsWith(".crc")))
                    .as("the log is kept, the weights are not")
                    .containsExactlyInAnyOrder("_SUCCESS", "manifest.json", "metrics.jsonl");
        }
        assertThat(compare("study", OPTIMIZERS)).isEqualTo(Commands.DONE);
        assertThat(out.toString()).contains("is finished already");
    }

    @Test
    void whatIsFinishedIsKeptWhenAStudyGoesOnOrGrows() throws IOException {
        assertThat(compare("study")).as(err.toString()).isEqualTo(Commands.DONE);
        JsonNode first = withoutSeconds(json("study"));
        Path runs = folder.resolve("study-runs");
        Path lost = runs.resolve("kt4-6-steps-rate-0.01-seed-1");
        delete(lost);
        delete(folder.resolve("study"));
        Map<String, Long> before = changes(runs);
        assertThat(compare("study")).as(err.toString()).isEqualTo(Commands.DONE);
        assertThat(changes(runs)).containsAllEntriesOf(before).hasSizeGreaterThan(before.size());
        assertThat(lost.resolve("_SUCCESS")).exists();
        assertThat(withoutSeconds(json("study")))
                .as("run again, it comes out the same")
                .isEqualTo(first);

        Map<String, Long> small = changes(runs);
        assertThat(compare("study", "compare.study.seeds=[1,2,3]")).isEqualTo(Commands.INPUT);
        assertThat(err.toString()).contains("give --overwrite to replace it");
        assertThat(compare("study", "compare.study.seeds=[1,2,3]", "--overwrite"))
                .isEqualTo(Commands.DONE);
        assertThat(changes(runs)).containsAllEntriesOf(small);
        assertThat(json("study")
                        .at("/equalGradientEvaluations/1/lossNats/count")
                        .asInt())
                .isEqualTo(3);
    }

    @Test
    void twoStudiesAgreeButForSeconds() throws IOException {
        assertThat(compare("one")).isEqualTo(Commands.DONE);
        assertThat(compare("two")).isEqualTo(Commands.DONE);
        assertThat(withoutSeconds(json("two"))).isEqualTo(withoutSeconds(json("one")));
    }

    @Test
    void aRunThatDivergesIsAResult() throws IOException {
        String optimizers = "compare.study.optimizers=[adamw, \"kt4-classic learningRates=[0.1,1e3]\"]";
        assertThat(compare("study", optimizers, "finetune.training.clipNorm=0", "finetune.training.maxSkippedSteps=1"))
                .as(err.toString())
                .isEqualTo(Commands.DONE);
        JsonNode runs = json("study").at("/equalGradientEvaluations/1/runs");
        assertThat(runs.at("/0/lossNats").isNumber()).isTrue();
        assertThat(runs.at("/1/failure").asText()).contains("try a smaller learningRate (now 1000.0)");
        assertThat(folder.resolve("study/report.html")).content().contains("1000: failed");
    }

    @Test
    void languageModelsAreStudiedToo() throws IOException {
        Tokenizer tokenizer = new CharacterTokenizer();
        Path shards = folder.resolve("shards");
        StructType columns =
                new StructType().add("tokens", DataTypes.createArrayType(DataTypes.IntegerType, false), false);
        try (SparkSession spark = Sessions.open("test")) {
            for (String split : List.of("train", "valid")) {
                List<Row> rows = Stream.of("ACGTACGTACGT", "CGTACGTACGTA", "GTACGTACGTAC", "TACGTACGTACG")
                        .map(window -> RowFactory.create((Object) tokenizer.encode(window)))
                        .toList();
                spark.createDataFrame(rows, columns).coalesce(1).write().parquet(shards + "/split=" + split);
            }
        }
        Files.writeString(shards.resolve("tokenizer.json"), tokenizer.toJson());
        Files.writeString(shards.resolve("manifest.json"), "{\"job\": \"ingest\", \"fingerprint\": \"shards\"}");
        Files.writeString(shards.resolve("_SUCCESS"), "");
        assertThat(compare(
                        "study",
                        "compare.study.task=pretrain",
                        "compare.study.optimizers=[nadamw, kt4-split]",
                        "pretrain.training.batchSize=4",
                        "pretrain.training.microBatch=1",
                        "pretrain.training.lanes=1",
                        "model.dim=8",
                        "model.heads=2",
                        "model.layers=1",
                        "model.hiddenDim=12",
                        "pretrain.shards=\"" + shards + "\""))
                .as(err.toString())
                .isEqualTo(Commands.DONE);
        // A step of kt4-split costs one gradient of the whole batch, though it asks for four of its parts.
        for (JsonNode trial : json("study").path("equalGradientEvaluations")) {
            assertThat(trial.path("steps").asInt()).isEqualTo(6);
            assertThat(trial.at("/runs/0/gradientEvaluations").asDouble()).isEqualTo(6);
            assertThat(trial.path("mcc").isNull()).isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "compare.study.optimizers=[sgd] | 2 | optimizer = sgd: must be one of adamw, ",
                "compare.study.optimizers=[sgd] | 2 | (compare.study.optimizers: 1)",
                "compare.study.optimizers=[] | 2 | compare.study.optimizers = []: must name at least one",
                "compare.study.optimizers=[adamw, adamw] | 2 | must not name \"adamw\" twice",
                "compare.study.optimizers=['kt4 fast'] | 2 | has \"kt4 fast\": after the name come pairs key=value",
                "compare.study.optimizers=['kt4 beam=3'] | 2 | finetune.training.beam: unknown key",
                "compare.study.learningRates=[] | 2 | compare.study.learningRates = []: must name at least one",
                "compare.study.learningRates=[-1] | 2 | compare.study.learningRates has -1.0: must lie in [0.0, 1000.0]",
                "compare.study.seeds=[1,1] | 2 | compare.study.seeds = [1, 1]: must not name one twice",
                "compare.study.steps=0 | 2 | compare.study.steps = 0: must be at least 1",
                "compare.study.task=null | 2 | compare: must have study.task (pretrain or finetune), or evaluations",
                "compare.study.task=scan | 2 | compare.study.task = scan: must be one of pretrain, finetune",
                "compare.evaluations=[a] | 2 | compare: has both study.task and evaluations",
                "finetune.from=FOLDER/none | 3 | /none: no such file or folder; correct finetune.from",
                "finetune.data=FOLDER/none | 3 | /train.csv: no such file or folder; correct finetune.data",
            })
    void badInputIsExplained(String setting, int code, String message) {
        assertThat(compare("study", setting.replace("FOLDER", folder.toString()).replace('\'', '"')))
                .isEqualTo(code);
        assertThat(err.toString()).contains(message);
        assertThat(folder.resolve("study")).doesNotExist();
        assertThat(folder.resolve("study-runs")).doesNotExist();
    }

    private int compare(String name, String... more) {
        List<String> args = new ArrayList<>();
        List<String> settings = new ArrayList<>(List.of(
                "compare.study.task=finetune",
                "compare.study.optimizers=[adamw, kt4]",
                "compare.study.learningRates=[0.01, 0.03]",
                "compare.study.seeds=[1, 2]",
                "compare.study.steps=6",
                "compare.study.measurements=3",
                "finetune.training.batchSize=8",
                "finetune.training.microBatch=4",
                "finetune.training.lanes=1",
                "finetune.data=\"" + folder + "/data\"",
                "finetune.from=\"" + folder + "/model\"",
                "compare.output=\"" + folder + "/" + name + "\""));
        for (String argument : more) {
            if (argument.startsWith("--")) {
                args.add(argument);
            } else {
                settings.add(argument);
            }
        }
        settings.forEach(setting -> args.addAll(List.of("--set", setting)));
        PrintStream outBefore = System.out;
        PrintStream errBefore = System.err;
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
        try {
            return Commands.run(new CompareCommand(), args.toArray(String[]::new));
        } finally {
            System.setOut(outBefore);
            System.setErr(errBefore);
        }
    }

    /** Promoters hold TATA where others hold GCGC. */
    private static String csv(int rows) {
        StringBuilder csv = new StringBuilder("sequence,label\n");
        for (int i = 0; i < rows; i++) {
            csv.append("ACGT".charAt(i % 4)).append(i % 2 == 0 ? "TATA" : "GCGC");
            csv.append("ACGT".charAt(i / 4 % 4)).append(',').append(1 - i % 2).append('\n');
        }
        return csv.toString();
    }

    private JsonNode json(String study) throws IOException {
        return new ObjectMapper()
                .readTree(folder.resolve(study + "/comparison.json").toFile());
    }

    private static List<String> values(JsonNode json, String view, String key) {
        List<String> values = new ArrayList<>();
        json.path(view).forEach(trial -> values.add(trial.path(key).asText()));
        return values;
    }

    private static JsonNode withoutSeconds(JsonNode json) {
        for (JsonNode node : json.findParents("trainingSeconds")) {
            ((ObjectNode) node).remove(List.of("trainingSeconds", "secondsToTarget"));
        }
        return json;
    }

    private static Map<String, Long> changes(Path folder) throws IOException {
        Map<String, Long> files = new TreeMap<>();
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                files.put(
                        folder.relativize(file).toString(),
                        Files.getLastModifiedTime(file).toMillis());
            }
        }
        return files;
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path file : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
