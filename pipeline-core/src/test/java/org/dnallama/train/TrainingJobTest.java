package org.dnallama.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import org.dnallama.augment.AugmentedRows;
import org.dnallama.checkpoint.AdapterFolder;
import org.dnallama.checkpoint.LocalStorage;
import org.dnallama.checkpoint.ModelFolder;
import org.dnallama.collective.AllReduce;
import org.dnallama.collective.SingleRank;
import org.dnallama.compute.Backend;
import org.dnallama.compute.Buffer;
import org.dnallama.compute.vector.VectorBackend;
import org.dnallama.config.InputException;
import org.dnallama.config.Seeds;
import org.dnallama.config.TrainingException;
import org.dnallama.model.ActivationMemory;
import org.dnallama.model.Batch;
import org.dnallama.model.Classifier;
import org.dnallama.model.ClassifierLoss;
import org.dnallama.model.DropoutRates;
import org.dnallama.model.Head;
import org.dnallama.model.LlamaConfig;
import org.dnallama.model.LlamaLayout;
import org.dnallama.model.Lora;
import org.dnallama.model.LoraSettings;
import org.dnallama.model.LoraSettings.Precision;
import org.dnallama.model.Parameters;
import org.dnallama.model.Pooling;
import org.dnallama.optim.OptimizerSettings;
import org.dnallama.optim.OptimizerSettings.Kind;
import org.dnallama.optim.Tableau;
import org.dnallama.shard.LabelledSequence;
import org.dnallama.tensorboard.EventReader;
import org.dnallama.tensorboard.ScalarEvent;
import org.dnallama.token.CharacterTokenizer;
import org.dnallama.token.Tokenizer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class TrainingJobTest {

    private static final Tokenizer TOKENIZER = new CharacterTokenizer();
    private static final LlamaConfig SHAPE =
            new LlamaConfig(TOKENIZER.vocabularySize(), 16, 2, 2, 1, 24, 32, 10000, 1e-5, true);
    private static final int STEPS = 12;
    private static final LoraSettings NO_LORA = new LoraSettings(0, 1, 0, List.of(), List.of(), Precision.FLOAT32, "");
    private static final LoraSettings LORA =
            new LoraSettings(4, 16, 0.1, LoraSettings.TARGETS, List.of("embed_tokens"), Precision.BFLOAT16, "the/base");

    private static final Instant NOW = Instant.ofEpochSecond(1_700_000_000);

    @TempDir
    private Path folder;

    /** A sequence is a promoter when it holds TATA. */
    private static Examples promoters(int count, long seed) {
        RandomGenerator random = new Seeds(seed).stream("promoters");
        List<LabelledSequence> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            StringBuilder bases = new StringBuilder();
            for (int b = 0; b < 12; b++) {
                bases.append("ACGT".charAt(random.nextInt(4)));
            }
            bases.replace(4, 8, i % 2 == 1 ? "TATA" : "GCGC");
            rows.add(new LabelledSequence("row" + i, bases.toString(), i % 2));
        }
        return new LabelledExamples(new SequenceEncoder(TOKENIZER, SHAPE), AugmentedRows.plain(rows));
    }

    private static TrainingSettings settings(Kind kind, int lanes, double learningRate) {
        OptimizerSettings optimizer = new OptimizerSettings(kind, 0.9, 0.999, 1e-8, 0.01, 2, Tableau.CLASSIC_4);
        return new TrainingSettings(
                optimizer,
                learningRate,
                0.1,
                0.1,
                16,
                3,
                lanes,
                4,
                1,
                DropoutRates.branches(0.1),
                4,
                new TrainingSettings.Checkpoints(5, 9, 1),
                1,
                false,
                ActivationMemory.KEPT,
                Refinements.NONE);
    }

    private static TrainState train(TrainingSettings settings, long steps, Path output, TrainingListener listener) {
        return train(settings, NO_LORA, steps, output, listener);
    }

    private static TrainState train(
            TrainingSettings settings, LoraSettings lora, long steps, Path output, TrainingListener listener) {
        return train(settings, lora, steps, output, new SingleRank(), listener);
    }

    private static TrainState train(
            TrainingSettings settings,
            LoraSettings lora,
            long steps,
            Path output,
            AllReduce ranks,
            TrainingListener listener) {
        Backend backend = new VectorBackend();
        ModelFolder model = new ModelFolder(SHAPE, Head.CLASSIFIER, Pooling.LAST, TOKENIZER);
        Parameters whole = LlamaLayout.initialize(backend, SHAPE, Head.CLASSIFIER, 0.1, new Seeds(1));
        try (Parameters theta = Lora.adapt(whole, lora, new Seeds(9))) {
            return new TrainingJob(settings, steps, 9, listener, InstantSource.fixed(NOW))
                    .finetune(model, theta, promoters(64, 1), promoters(32, 2), ranks, new LocalStorage(output));
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            names = {"ADAMW", "KT4"})
    void learnsWhatIsPlanted(Kind kind) {
        TrainState state = train(settings(kind, 2, 0.01), 60, folder, TrainingListener.NONE);
        assertThat(state.bestScore()).isGreaterThan(0.8);
        assertThat(state.gradientEvaluations()).isBetween(kind == Kind.KT4 ? 180L : 60L, kind == Kind.KT4 ? 240L : 60L);
    }

    /** Stops the run in the middle, past its checkpoint of step 5, then goes on: the same bits as without the stop. */
    @ParameterizedTest
    @EnumSource(Kind.class)
    void resumedRunEqualsUninterruptedRun(Kind kind) throws Exception {
        assertResumes(settings(kind, 2, 0.01), NO_LORA);
    }

    @Test
    void resumedRunOfAdaptersEqualsUninterruptedRun() throws Exception {
        assertResumes(settings(Kind.KT4, 2, 0.01), LORA);
        assertThat(folder.resolve("broken/adapter/adapter_model.safetensors"))
                .hasSameBinaryContentAs(folder.resolve("whole/adapter/adapter_model.safetensors"));
    }

    @Test
    void resumedRunOfAveragedWeightsEqualsUninterruptedRun() throws Exception {
        Refinements averaged = new Refinements(1, 0.9, 0, ClassifierLoss.PLAIN);
        assertResumes(with(settings(Kind.KT4, 2, 0.01), averaged), NO_LORA);
    }

    @Test
    void averagedWeightsAreWhatIsMeasuredAndLeft() throws Exception {
        TrainingSettings plain = settings(Kind.ADAMW, 2, 0.01);
        train(plain, STEPS, folder.resolve("plain"), TrainingListener.NONE);
        Refinements averaged = new Refinements(1, 0.9, 0, ClassifierLoss.PLAIN);
        train(with(plain, averaged), STEPS, folder.resolve("averaged"), TrainingListener.NONE);
        List<Double> measured = measured("averaged");
        assertThat(measured).hasSameSizeAs(measured("plain")).isNotEqualTo(measured("plain"));
        // The steps themselves are the same.
        assertThat(steps("averaged")).isEqualTo(steps("plain"));
    }

    private List<Double> measured(String run) throws Exception {
        return values(run, "devLossNats");
    }

    private List<Double> steps(String run) throws Exception {
        return values(run, "gradientNorm");
    }

    private List<Double> values(String run, String key) throws Exception {
        List<Double> values = new ArrayList<>();
        for (String line : Files.readAllLines(folder.resolve(run).resolve("metrics.jsonl"))) {
            Matcher value = Pattern.compile("\"" + key + "\":([^,}]*)").matcher(line);
            if (value.find()) {
                values.add(Double.valueOf(value.group(1)));
            }
        }
        return values;
    }

    /** At a learning rate of 0 nothing gets better: the first evaluation, at step 4, stays the best. */
    @Test
    void patienceEndsTraining() {
        Refinements patient = new Refinements(1, 0, 3, ClassifierLoss.PLAIN);
        TrainState state = train(with(settings(Kind.ADAMW, 1, 0), patient), 100, folder, TrainingListener.NONE);
        assertThat(state.bestStep()).isEqualTo(4);
        assertThat(state.step()).isEqualTo(4 + 3 * 4);
    }

    /** Here it is always time for one, and never by the number of steps. */
    @Test
    void checkpointsComeByTheClockTooAndTheLastOnesAreKept() {
        TrainingSettings settings = with(settings(Kind.ADAMW, 1, 0.01), new TrainingSettings.Checkpoints(1000, 0, 3));
        assertThatThrownBy(() -> train(settings, STEPS, folder, new TrainingListener() {
                    @Override
                    public void stepped(long step, Map<String, Double> values) {
                        if (step == 8) {
                            throw new IllegalStateException("power cut");
                        }
                    }
                }))
                .hasMessage("power cut");
        assertThat(folder.resolve("trainer").toFile().list()).containsExactlyInAnyOrder("step-5", "step-6", "step-7");
    }

    private static TrainingSettings with(TrainingSettings s, Refinements refinements) {
        return with(s, s.checkpoints(), refinements);
    }

    private static TrainingSettings with(TrainingSettings s, TrainingSettings.Checkpoints checkpoints) {
        return with(s, checkpoints, s.refinements());
    }

    private static TrainingSettings with(
            TrainingSettings s, TrainingSettings.Checkpoints checkpoints, Refinements refinements) {
        return new TrainingSettings(
                s.optimizer(),
                s.learningRate(),
                s.finalFraction(),
                s.warmupFraction(),
                s.batchSize(),
                s.microBatch(),
                s.lanes(),
                s.branches(),
                s.clipNorm(),
                s.dropout(),
                s.evaluateEvery(),
                checkpoints,
                s.maxSkippedSteps(),
                s.adopt(),
                s.activations(),
                refinements);
    }

    private void assertResumes(TrainingSettings settings, LoraSettings lora) throws Exception {
        Path whole = folder.resolve("whole");
        Path broken = folder.resolve("broken");
        train(settings, lora, STEPS, whole, TrainingListener.NONE);
        TrainingListener crash = new TrainingListener() {
            @Override
            public void stepped(long step, Map<String, Double> values) {
                if (step == 8) {
                    throw new IllegalStateException("power cut");
                }
            }
        };
        assertThatThrownBy(() -> train(settings, lora, STEPS, broken, crash)).hasMessage("power cut");
        List<Long> resumedAt = new ArrayList<>();
        train(settings, lora, STEPS, broken, new TrainingListener() {
            @Override
            public void started(long doneSteps, long steps) {
                resumedAt.add(doneSteps);
            }
        });
        assertThat(resumedAt).containsExactly(5L);
        assertThat(broken.resolve("model.safetensors")).hasSameBinaryContentAs(whole.resolve("model.safetensors"));
        String last = "trainer/step-" + STEPS + "/parameters.safetensors";
        assertThat(broken.resolve(last)).hasSameBinaryContentAs(whole.resolve(last));
        assertThat(Files.readAllLines(broken.resolve("metrics.jsonl")))
                .hasSameSizeAs(Files.readAllLines(whole.resolve("metrics.jsonl")));
        assertThat(timeless(broken)).isEqualTo(timeless(whole));
    }

    /** What TensorBoard shows, without what depends on the clock; each step once. */
    private static List<ScalarEvent> timeless(Path run) throws Exception {
        List<ScalarEvent> events = new ArrayList<>();
        for (ScalarEvent event : EventReader.read(run.resolve("tensorboard/events.out.tfevents.dna-llama"))) {
            assertThat(event.wallTimeSeconds()).isEqualTo((double) NOW.getEpochSecond());
            Map<String, Double> scalars = new TreeMap<>(event.scalars());
            scalars.keySet().removeIf(tag -> tag.contains("Second") || tag.endsWith("Bytes"));
            events.add(new ScalarEvent(event.wallTimeSeconds(), event.step(), scalars));
        }
        assertThat(events.stream().filter(event -> event.scalars().containsKey("step/lossNats")))
                .extracting(ScalarEvent::step)
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, STEPS).boxed().toList());
        return events;
    }

    /** All numbers of the log are in the event file, in float32, and nothing else is. */
    @Test
    void tensorBoardShowsWhatTheLogHolds() throws Exception {
        train(settings(Kind.KT4, 2, 0.01), STEPS, folder, TrainingListener.NONE);
        List<ScalarEvent> events = EventReader.read(folder.resolve("tensorboard/events.out.tfevents.dna-llama"));
        List<String> lines = Files.readAllLines(folder.resolve("metrics.jsonl"));
        assertThat(events).hasSameSizeAs(lines);
        for (int i = 0; i < lines.size(); i++) {
            JsonNode line = new ObjectMapper().readTree(lines.get(i));
            ScalarEvent event = events.get(i);
            assertThat(event.step()).isEqualTo(line.get("step").asLong());
            event.scalars()
                    .forEach((tag, value) -> assertThat(value).as(tag).isEqualTo((float)
                            line.get(tag.substring(tag.indexOf('/') + 1)).asDouble()));
        }
        assertThat(events.get(0).scalars())
                .containsKeys("step/lossNats", "step/z", "step/stageDifference2", "step/fallback")
                .containsKeys("step/computeSeconds", "step/allReduceSeconds", "step/dataWaitSeconds");
        for (String line : lines.subList(0, 4)) {
            JsonNode step = new ObjectMapper().readTree(line);
            assertThat(step.get("residentBytes").asLong())
                    .isGreaterThan(step.get("offHeapBytes").asLong());
            assertThat(step.get("offHeapBytes").asLong()).isPositive();
            assertThat(step.get("computeSeconds").asDouble()).isPositive();
        }
        assertThat(events.get(4).scalars()).containsOnlyKeys("evaluation/devLossNats", "evaluation/devMcc");
    }

    /** The checkpoint is the merged model; its adapter gives the same scores over the base on which it was trained. */
    @Test
    void adaptersLearnAndAreLeftMergedAndApart() {
        TrainState state = train(settings(Kind.ADAMW, 2, 0.01), LORA, 60, folder, TrainingListener.NONE);
        assertThat(state.bestScore()).isGreaterThan(0.8);

        Backend backend = new VectorBackend();
        LocalStorage output = new LocalStorage(folder);
        LoraSettings stored = AdapterFolder.settings(output, Precision.BFLOAT16);
        assertThat(stored.base()).isEqualTo("the/base");
        Parameters base = LlamaLayout.initialize(backend, SHAPE, Head.CLASSIFIER, 0.1, new Seeds(1));
        ModelFolder model = ModelFolder.read(output);
        try (Parameters theta = Lora.adapt(base, stored, new Seeds(0));
                Parameters merged = model.weights(output, backend, Head.CLASSIFIER, new Seeds(0));
                Classifier classifier = new Classifier(backend, SHAPE, model.pooling())) {
            AdapterFolder.read(output, theta);
            Batch batch = promoters(32, 2).inOrder(32).get(0);
            double[] adapted = classifier.probabilities(theta, batch);
            double[] plain = classifier.probabilities(merged, batch);
            // Weights of about 0.1 and sums of 24 of them, in float32: some 1e-7 in the logits.
            assertThat(plain).containsExactly(adapted, within(1e-5));
        }
    }

    @Test
    void sameSeedGivesTheSameBits() throws Exception {
        train(settings(Kind.KT4, 2, 0.01), STEPS, folder.resolve("a"), TrainingListener.NONE);
        train(settings(Kind.KT4, 2, 0.01), STEPS, folder.resolve("b"), TrainingListener.NONE);
        assertThat(folder.resolve("a/model.safetensors")).hasSameBinaryContentAs(folder.resolve("b/model.safetensors"));
    }

    /** One rank whose loss is lost in some steps of AdamW: the number that is summed right after the gradient. */
    private static final class LossyRank implements AllReduce {

        private final Set<Integer> lostSteps;
        private int step;
        private boolean lossIsNext;

        LossyRank(Integer... lostSteps) {
            this.lostSteps = Set.of(lostSteps);
        }

        @Override
        public int rank() {
            return 0;
        }

        @Override
        public int worldSize() {
            return 1;
        }

        @Override
        public Pending begin(Buffer buffer) {
            lossIsNext = true;
            return () -> {};
        }

        @Override
        public void sum(double[] values) {
            if (lossIsNext) {
                lossIsNext = false;
                step++;
                values[0] = lostSteps.contains(step) ? Double.NaN : values[0];
            }
        }

        @Override
        public void close() {}
    }

    private static TrainingSettings skipping(int maxSkippedSteps) {
        TrainingSettings s = settings(Kind.ADAMW, 2, 0.01);
        return new TrainingSettings(
                s.optimizer(),
                0.01,
                0.1,
                0.1,
                16,
                3,
                2,
                4,
                1,
                s.dropout(),
                4,
                s.checkpoints(),
                maxSkippedSteps,
                false,
                s.activations(),
                s.refinements());
    }

    @Test
    void aStepWithoutAFiniteGradientIsSkippedAndCounted() throws Exception {
        TrainState state = train(skipping(2), NO_LORA, STEPS, folder, new LossyRank(5, 8), TrainingListener.NONE);
        assertThat(state.step()).isEqualTo(STEPS);
        assertThat(state.skippedSteps()).isEqualTo(2);
        assertThat(state.gradientEvaluations()).as("failed ones cost too").isEqualTo(STEPS);
        assertThat(folder.resolve("trainer/step-12")).isDirectory();
        List<String> skipped = Files.readAllLines(folder.resolve("metrics.jsonl")).stream()
                .filter(line -> line.contains("skippedSteps"))
                .toList();
        assertThat(skipped).hasSize(2);
        assertThat(skipped.get(1))
                .startsWith("{\"step\":8,")
                .contains("\"skippedSteps\":2")
                .doesNotContain("lossNats");
    }

    @Test
    void tooManySkippedStepsInARowEndTrainingAndKeepTheCheckpointBefore() {
        assertThatThrownBy(() ->
                        train(skipping(3), NO_LORA, STEPS, folder, new LossyRank(9, 10, 11), TrainingListener.NONE))
                .isInstanceOf(TrainingException.class)
                .hasMessageStartingWith("step 11: the loss is NaN")
                .hasMessageContaining("steps skipped in a row: 3 (maxSkippedSteps = 3)")
                .hasMessageContaining("last good checkpoint: step 5");
        assertThat(folder.resolve("trainer")).isDirectoryNotContaining("glob:**step-10");
    }

    @Test
    void anotherOptimizersCheckpointIsRefusedOrAdopted() throws Exception {
        TrainState left = train(settings(Kind.KT4, 2, 0.01), 5, folder, TrainingListener.NONE);
        assertThatThrownBy(() -> train(settings(Kind.ADAMW, 2, 0.01), STEPS, folder, TrainingListener.NONE))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("trainer/step-5: was left by the optimizer kt4, and now it is adamw")
                .hasMessageContaining("training.adopt = true");

        TrainState state = train(adopting(Kind.ADAMW), STEPS, folder, TrainingListener.NONE);
        assertThat(state.gradientEvaluations()).isEqualTo(left.gradientEvaluations() + 7);
        assertThat(Files.readString(folder.resolve("trainer/step-12/state.json")))
                .contains("\"optimizer\":\"adamw\"", "\"momentSteps\":12", "\"moments\":[\"m\",\"v\"]");
    }

    /** Without moments to take over, bias correction starts anew; without moments of its own, there is none. */
    @Test
    void anOptimizerWithoutMomentsLeavesAndAdoptsNone() throws Exception {
        train(settings(Kind.KT4_CLASSIC, 2, 0.01), 5, folder, TrainingListener.NONE);
        train(adopting(Kind.KT4), 7, folder, TrainingListener.NONE);
        assertThat(Files.readString(folder.resolve("trainer/step-7/state.json")))
                .contains("\"momentSteps\":2");
        train(adopting(Kind.KT4_CLASSIC), 9, folder, TrainingListener.NONE);
        assertThat(Files.readString(folder.resolve("trainer/step-9/state.json")))
                .contains("\"moments\":[]");
    }

    private static TrainingSettings adopting(Kind kind) {
        TrainingSettings s = settings(kind, 2, 0.01);
        return new TrainingSettings(
                s.optimizer(),
                0.01,
                0.1,
                0.1,
                16,
                3,
                2,
                4,
                1,
                s.dropout(),
                4,
                s.checkpoints(),
                1,
                true,
                s.activations(),
                s.refinements());
    }

    @Test
    void divergenceNamesStepAndLastGoodCheckpoint() {
        TrainingSettings unbounded = new TrainingSettings(
                new OptimizerSettings(Kind.ADAMW, 0, 0, 1e-30, 1e3, 0, Tableau.CLASSIC_4),
                1e3,
                1,
                0,
                16,
                16,
                1,
                1,
                0,
                DropoutRates.NONE,
                100,
                new TrainingSettings.Checkpoints(2, 9, 1),
                1,
                false,
                ActivationMemory.KEPT,
                Refinements.NONE);
        assertThatThrownBy(() -> train(unbounded, 100, folder, TrainingListener.NONE))
                .isInstanceOf(TrainingException.class)
                .hasMessageStartingWith("step 3: the loss is ")
                .hasMessageContaining("last good checkpoint: none, that of step 2 is where the failed step started")
                .hasMessageContaining("learningRate");
    }
}
