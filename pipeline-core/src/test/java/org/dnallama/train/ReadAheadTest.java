package org.dnallama.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.dnallama.config.InputException;
import org.dnallama.config.Seeds;
import org.dnallama.model.Batch;
import org.dnallama.shard.MaskedTokens;
import org.dnallama.shard.StoredRows;
import org.dnallama.token.Tokenizer;
import org.junit.jupiter.api.Test;

/** Rows that are read when their turn comes. */
final class ReadAheadTest {

    private static final int ROWS = 403;
    private static final int ROW_TOKENS = 3;
    private static final int BATCH = 16;
    private static final int MICRO_BATCH = 4;
    /** Room for a fourth of the rows, and so four parts of each stripe. */
    private static final int TOKENS = (ROWS * ROW_TOKENS + 3) / 4;
    /** More than two epochs. */
    private static final int STEPS = 60;

    private static final Seeds SEEDS = new Seeds(4);

    /** Shards are tokenized; who asks for more fails. */
    private static final class MustNotEncode implements Tokenizer {

        @Override
        public int[] encode(String bases) {
            throw new AssertionError("tokenizes in training");
        }

        @Override
        public int basesPerToken(int tokenId) {
            throw new AssertionError("tokenizes in training");
        }

        @Override
        public int vocabularySize() {
            return ROWS + 2;
        }

        @Override
        public int padId() {
            return 0;
        }

        @Override
        public int beginId() {
            return ROWS;
        }

        @Override
        public int endId() {
            return ROWS + 1;
        }

        @Override
        public String toJson() {
            return "";
        }
    }

    private static Examples examples(StoredRows stored, long tokens) {
        return new NextTokenExamples(new ReadAhead(stored, tokens), new MustNotEncode(), SoftMaskRule.NONE);
    }

    private static BatchSource source(StoredRows stored, int rank, int worldSize) {
        Stripes stripes = new Stripes(ROWS, BATCH, MICRO_BATCH);
        return new BatchSource(examples(stored, TOKENS), stripes, stripes.ofRank(rank, worldSize), SEEDS);
    }

    /** The numbers of a step's rows. */
    private static List<Integer> rows(BatchSource source, long step) {
        List<Integer> rows = new ArrayList<>();
        for (Batch batch : source.step(step).batches()) {
            for (int row = 0; row < batch.rows(); row++) {
                // Behind the begin token.
                rows.add(batch.tokens()[row * batch.sequenceLength() + 1]);
            }
        }
        return rows;
    }

    private static List<Integer> rows(long step, int worldSize) {
        List<Integer> rows = new ArrayList<>();
        for (int rank = 0; rank < worldSize; rank++) {
            try (BatchSource source = source(new Genome(ROWS, ROW_TOKENS), rank, worldSize)) {
                rows.addAll(rows(source, step));
            }
        }
        return rows;
    }

    /** Also when a run begins there, which is what going on from a checkpoint is. */
    @Test
    void aStepHasTheSameRowsForAnyNumberOfRanksAndFromAnyBeginning() {
        try (BatchSource source = source(new Genome(ROWS, ROW_TOKENS), 0, 1)) {
            for (long step = 1; step <= STEPS; step++) {
                List<Integer> whole = rows(source, step);
                assertThat(whole).hasSize(BATCH);
                assertThat(rows(step, 1)).as("step %d, begun there", step).isEqualTo(whole);
                assertThat(rows(step, 2)).as("step %d of 2 ranks", step).isEqualTo(whole);
                assertThat(rows(step, 4)).as("step %d of 4 ranks", step).isEqualTo(whole);
            }
        }
    }

    @Test
    void everyEpochHasEachRowOnceInAnOrderOfItsOwn() {
        int count = 37;
        RowOrder order = new RowOrder(new Stripes.Range(100, 100 + count), 2, 5, SEEDS);
        List<List<Integer>> epochs = new ArrayList<>();
        for (int epoch = 0; epoch < 3; epoch++) {
            int first = epoch * count;
            epochs.add(IntStream.range(first, first + count)
                    .map(order::row)
                    .boxed()
                    .toList());
            assertThat(epochs.get(epoch))
                    .containsExactlyInAnyOrderElementsOf(
                            IntStream.range(100, 100 + count).boxed().toList());
        }
        assertThat(epochs).doesNotHaveDuplicates();
    }

    /** So that what was trained before there were parts can be trained again. */
    @Test
    void rowsThatAllFitHaveTheOrderThatTheyHaveInMemory() {
        Genome stored = new Genome(ROWS, ROW_TOKENS);
        Examples inMemory =
                new NextTokenExamples(Windows.of(stored.read(0, ROWS)), new MustNotEncode(), SoftMaskRule.NONE);
        try (BatchSource read = new BatchSource(examples(stored, stored.tokens()), BATCH, MICRO_BATCH, SEEDS);
                BatchSource held = new BatchSource(inMemory, BATCH, MICRO_BATCH, SEEDS)) {
            for (long step = 1; step <= STEPS; step++) {
                assertThat(rows(read, step)).isEqualTo(rows(held, step));
            }
        }
    }

    @Test
    void aRankReadsItsOwnRowsOnceAnEpochAndOnePartAhead() {
        Stripes stripes = new Stripes(ROWS, BATCH, MICRO_BATCH);
        for (int rank = 0; rank < 2; rank++) {
            Genome stored = new Genome(ROWS, ROW_TOKENS);
            Stripes.Range own = stripes.rowsOf(rank, 2);
            int steps = 2 * ROWS / BATCH;
            try (BatchSource source = source(stored, rank, 2)) {
                for (long step = 1; step <= steps; step++) {
                    rows(source, step);
                }
            }
            int most = ROWS / BATCH * MICRO_BATCH / 4 + 2;
            assertThat(stored.reads()).allSatisfy(part -> {
                assertThat(part.from()).isGreaterThanOrEqualTo(own.from());
                assertThat(part.to()).isLessThanOrEqualTo(own.to());
                assertThat(part.count()).isLessThanOrEqualTo(most);
            });
            // Two epochs of two stripes in four parts, and what comes next of each stripe; a part that is the last of
            // an epoch and the first of the next is read once.
            assertThat(stored.reads()).hasSizeBetween(2 * 2 * 4 - 2, 2 * (2 * 4 + 1));
        }
    }

    @Test
    void whatCannotBeReadEndsTheStepThatNeedsIt() {
        StoredRows damaged = new StoredRows() {
            @Override
            public int size() {
                return ROWS;
            }

            @Override
            public long tokens() {
                return ROWS;
            }

            @Override
            public List<MaskedTokens> read(int from, int to) {
                throw new InputException("part-00003.parquet: is no readable shard");
            }
        };
        try (BatchSource source = source(damaged, 0, 1)) {
            assertThatThrownBy(() -> source.step(1))
                    .isInstanceOf(InputException.class)
                    .hasMessage("part-00003.parquet: is no readable shard");
        }
    }
}
