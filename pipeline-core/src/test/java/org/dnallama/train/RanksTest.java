package org.dnallama.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.dnallama.checkpoint.LocalStorage;
import org.dnallama.checkpoint.ModelFolder;
import org.dnallama.collective.AllReduce;
import org.dnallama.collective.RankThreads;
import org.dnallama.compute.Backend;
import org.dnallama.compute.Buffer;
import org.dnallama.compute.vector.VectorBackend;
import org.dnallama.config.Seeds;
import org.dnallama.model.ActivationMemory;
import org.dnallama.model.ClassifierLoss;
import org.dnallama.model.DropoutRates;
import org.dnallama.model.Head;
import org.dnallama.model.LlamaConfig;
import org.dnallama.model.LlamaLayout;
import org.dnallama.model.Parameters;
import org.dnallama.model.Pooling;
import org.dnallama.optim.OptimizerSettings;
import org.dnallama.optim.OptimizerSettings.Kind;
import org.dnallama.optim.Tableau;
import org.dnallama.shard.MaskedTokens;
import org.dnallama.shard.StoredRows;
import org.dnallama.token.CharacterTokenizer;
import org.dnallama.token.Tokenizer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** However many ranks and lanes share a step, training ends with the same bits. */
@Timeout(300)
final class RanksTest {

    private static final Tokenizer TOKENIZER = new CharacterTokenizer();
    private static final LlamaConfig SHAPE =
            new LlamaConfig(TOKENIZER.vocabularySize(), 16, 2, 2, 1, 24, 64, 10000, 1e-5, true);
    private static final int STEPS = 6;

    @TempDir
    private Path folder;

    /** Rows of unequal length, so that ranks have unequal numbers of targets. */
    private static List<MaskedTokens> rows(int count, long seed) {
        RandomGenerator random = new Seeds(seed).stream("rows");
        List<MaskedTokens> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            StringBuilder bases = new StringBuilder();
            random.ints(random.nextInt(5, 50), 0, 4).forEach(base -> bases.append("ACGT".charAt(base)));
            rows.add(MaskedTokens.plain(TOKENIZER.encode(bases.toString())));
        }
        return rows;
    }

    private static StoredRows stored(List<MaskedTokens> rows) {
        return new StoredRows() {
            @Override
            public int size() {
                return rows.size();
            }

            @Override
            public long tokens() {
                return rows.stream().mapToLong(row -> row.tokens().length).sum();
            }

            @Override
            public List<MaskedTokens> read(int from, int to) {
                return rows.subList(from, to);
            }
        };
    }

    private static TrainingSettings settings(Kind kind, int lanes) {
        OptimizerSettings optimizer = new OptimizerSettings(kind, 0.9, 0.999, 1e-8, 0.01, 0, Tableau.CLASSIC_4);
        return new TrainingSettings(
                optimizer,
                0.01,
                0.1,
                0.1,
                16,
                2,
                lanes,
                4,
                1,
                DropoutRates.branches(0.1),
                3,
                new TrainingSettings.Checkpoints(4, 9, 2),
                1,
                false,
                ActivationMemory.KEPT,
                new Refinements(1, 0.9, 0, ClassifierLoss.PLAIN));
    }

    private TrainState train(Kind kind, int lanes, AllReduce ranks, Path output) {
        Backend backend = new VectorBackend();
        // Three parts of each stripe, and more than two epochs.
        Examples train = new NextTokenExamples(new ReadAhead(stored(rows(41, 1)), 500), TOKENIZER, SoftMaskRule.NONE);
        Examples valid = new NextTokenExamples(Windows.of(rows(9, 2)), TOKENIZER, SoftMaskRule.NONE);
        assertThat(train.parts()).isEqualTo(3);
        ModelFolder model = new ModelFolder(SHAPE, Head.LANGUAGE_MODEL, Pooling.LAST, TOKENIZER);
        try (Parameters theta = LlamaLayout.initialize(backend, SHAPE, Head.LANGUAGE_MODEL, 0.1, new Seeds(1))) {
            return new TrainingJob(settings(kind, lanes), STEPS, 9, TrainingListener.NONE, InstantSource.system())
                    .pretrain(model, theta, train, valid, ranks, new LocalStorage(output));
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            names = {"ADAMW", "KT4"})
    void theNumberOfRanksAndLanesTouchesNoBit(Kind kind) throws Exception {
        Path one = folder.resolve("1x1");
        RankThreads.run(1, Duration.ofSeconds(30), ranks -> train(kind, 1, ranks, one));
        for (int[] share : new int[][] {{1, 2}, {2, 1}, {2, 2}, {4, 1}}) {
            Path output = folder.resolve(share[0] + "x" + share[1]);
            List<TrainState> states =
                    RankThreads.run(share[0], Duration.ofSeconds(30), ranks -> train(kind, share[1], ranks, output));
            assertThat(output.resolve("model.safetensors"))
                    .as(share[0] + " ranks of " + share[1] + " lanes")
                    .hasSameBinaryContentAs(one.resolve("model.safetensors"));
            assertThat(losses(output)).isEqualTo(losses(one));
            assertThat(states)
                    .extracting(TrainState::bestScore)
                    .containsOnly(states.get(0).bestScore());
        }
    }

    /** Each step's loss, as it is logged. */
    private static List<String> losses(Path output) throws Exception {
        List<String> losses = new ArrayList<>();
        for (String line : Files.readAllLines(output.resolve("metrics.jsonl"))) {
            losses.add(line.replaceAll(".*\"((?:validL|l)ossNats\":[^,}]+).*", "$1"));
        }
        return losses;
    }

    /** What each rank did, and all of them together. */
    @Test
    void theLogHoldsTheFiguresOfEachRank() throws Exception {
        Path output = folder.resolve("figures");
        RankThreads.run(2, Duration.ofSeconds(30), ranks -> train(Kind.ADAMW, 1, ranks, output));
        int steps = 0;
        for (String line : Files.readAllLines(output.resolve("metrics.jsonl"))) {
            JsonNode values = new ObjectMapper().readTree(line);
            if (!values.has("lossNats")) {
                continue;
            }
            steps++;
            double tokens = 0;
            for (String rank : List.of("rank0.", "rank1.")) {
                double seconds = 0;
                for (String part : List.of("computeSeconds", "allReduceSeconds", "dataWaitSeconds")) {
                    assertThat(values.get(rank + part).asDouble()).isNotNegative();
                    seconds += values.get(rank + part).asDouble();
                }
                tokens += values.get(rank + "rankTokensPerSecond").asDouble() * seconds;
                assertThat(values.get(rank + "residentBytes").asLong()).isPositive();
            }
            // A step's own clock begins before and ends after the parts of it, so it shows somewhat fewer.
            double together = values.get("tokensPerSecond").asDouble();
            double seconds = values.get("computeSeconds").asDouble()
                    + values.get("allReduceSeconds").asDouble()
                    + values.get("dataWaitSeconds").asDouble();
            assertThat(together * seconds).isGreaterThan(0).isLessThanOrEqualTo(tokens * (1 + 1e-9));
            // 16 rows of 5 to 50 tokens, and two ranks have more than one of them has.
            assertThat(Math.rint(tokens)).isBetween(16.0 * 5, 16.0 * 52);
            assertThat(tokens).isCloseTo(Math.rint(tokens), within(1e-6));
            assertThat(values.get("rankTokensPerSecond").asDouble())
                    .isEqualTo(values.get("rank0.rankTokensPerSecond").asDouble());
        }
        assertThat(steps).isEqualTo(STEPS);
    }

    /** Ranks that count how often all buckets were summed. */
    private record Counting(AllReduce ranks, AtomicInteger buckets) implements AllReduce {

        @Override
        public int rank() {
            return ranks.rank();
        }

        @Override
        public int worldSize() {
            return ranks.worldSize();
        }

        @Override
        public Pending begin(Buffer buffer) {
            buckets.incrementAndGet();
            return ranks.begin(buffer);
        }

        @Override
        public void sum(double[] values) {
            ranks.sum(values);
        }

        @Override
        public void close() {
            ranks.close();
        }
    }

    @Test
    void kt4SumsItsGradientFourTimesAStepAndAdamWOnce() throws Exception {
        for (Map.Entry<Kind, Integer> sweeps :
                Map.of(Kind.KT4, 4, Kind.ADAMW, 1).entrySet()) {
            Path output = folder.resolve(sweeps.getKey().label());
            List<Integer> counts = RankThreads.run(2, Duration.ofSeconds(30), ranks -> {
                AtomicInteger buckets = new AtomicInteger();
                train(sweeps.getKey(), 1, new Counting(ranks, buckets), output);
                return buckets.get();
            });
            try (Parameters theta =
                    new Parameters(new VectorBackend(), LlamaLayout.groups(SHAPE, Head.LANGUAGE_MODEL))) {
                assertThat(counts)
                        .containsOnly(
                                STEPS * sweeps.getValue() * theta.buckets().size());
            }
        }
    }
}
