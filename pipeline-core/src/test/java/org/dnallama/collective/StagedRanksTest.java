package org.dnallama.collective;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.dnallama.compute.Backend;
import org.dnallama.compute.Buffer;
import org.dnallama.compute.nd4j.Nd4jBackend;
import org.dnallama.compute.vector.VectorBackend;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** ND4J's memory stands for a GPU's. */
@Timeout(60)
final class StagedRanksTest {

    private final Backend there = Nd4jBackend.open();

    private List<float[]> sums(AllReduce ranks) {
        try (AllReduce staged = new StagedRanks(ranks, there, new VectorBackend());
                Buffer first = there.allocate(3);
                Buffer second = there.allocate(2)) {
            there.write(first, new float[] {1 + staged.rank(), 2, 3});
            there.write(second, new float[] {10, 20 * staged.rank()});
            AllReduce.Pending one = staged.begin(first);
            AllReduce.Pending other = staged.begin(second);
            one.await();
            other.await();
            float[] sumOfFirst = new float[3];
            float[] sumOfSecond = new float[2];
            there.read(first, sumOfFirst);
            there.read(second, sumOfSecond);
            return List.of(sumOfFirst, sumOfSecond);
        }
    }

    @Test
    void sumsComeBackToWhereTheNumbersWere() throws Exception {
        for (List<float[]> found : RankThreads.run(2, Duration.ofSeconds(30), this::sums)) {
            assertThat(found.get(0)).containsExactly(3, 4, 6);
            assertThat(found.get(1)).containsExactly(20, 20);
        }
    }

    @Test
    void aGroupReachesWhatLiesOnTheHost() throws Exception {
        try (Buffer buffer = new VectorBackend().allocate(1)) {
            assertThat(RankThreads.run(2, Duration.ofSeconds(30), ranks -> ranks.reaches(buffer)))
                    .containsOnly(true);
        }
    }
}
