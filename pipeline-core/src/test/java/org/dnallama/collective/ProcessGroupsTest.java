package org.dnallama.collective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.random.RandomGenerator;
import org.dnallama.compute.Buffer;
import org.dnallama.compute.vector.VectorBackend;
import org.dnallama.config.ConfigException;
import org.dnallama.config.Seeds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(300)
final class ProcessGroupsTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int NUMBERS = 100_003;

    private final VectorBackend backend = new VectorBackend();

    /** A rank's numbers, of very different sizes, so that another order of adding gives other bits. */
    private static float[] numbers(int rank) {
        RandomGenerator random = new Seeds(5).stream("numbers", rank);
        float[] numbers = new float[NUMBERS];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = (float) Math.scalb(random.nextDouble(-1, 1), random.nextInt(20));
        }
        return numbers;
    }

    private float[] sum(AllReduce ranks) {
        try (Buffer whole = backend.allocate(NUMBERS + 7L)) {
            // A slice, so that a sum that ignored its offset would be seen.
            Buffer slice = whole.slice(7, NUMBERS);
            backend.write(slice, numbers(ranks.rank()));
            ranks.begin(slice).await();
            float[] sums = new float[NUMBERS];
            backend.read(slice, sums);
            float[] before = new float[7];
            backend.read(whole.slice(0, 7), before);
            assertThat(before).containsOnly(0f);
            return sums;
        }
    }

    /** (0 + 1) + (2 + 3), bit for bit. */
    @ParameterizedTest
    @ValueSource(ints = {2, 4})
    void ranksAreAddedInTheOrderOfATree(int worldSize) throws Exception {
        List<float[]> sums = new ArrayList<>();
        for (int rank = 0; rank < worldSize; rank++) {
            sums.add(numbers(rank));
        }
        while (sums.size() > 1) {
            List<float[]> halved = new ArrayList<>();
            for (int i = 0; i < sums.size(); i += 2) {
                halved.add(added(sums.get(i), sums.get(i + 1)));
            }
            sums = halved;
        }
        for (float[] found : RankThreads.run(worldSize, PATIENCE, this::sum)) {
            assertThat(found).isEqualTo(sums.get(0));
        }
    }

    private static float[] added(float[] a, float[] b) {
        float[] sums = new float[a.length];
        for (int i = 0; i < a.length; i++) {
            sums[i] = a[i] + b[i];
        }
        return sums;
    }

    @Test
    void anyNumberOfRanksGetsOneSum() throws Exception {
        List<float[]> found = RankThreads.run(3, PATIENCE, this::sum);
        assertThat(found.get(1)).isEqualTo(found.get(0));
        assertThat(found.get(2)).isEqualTo(found.get(0));
        float[] first = numbers(0);
        float[] second = numbers(1);
        float[] third = numbers(2);
        for (int i = 0; i < NUMBERS; i++) {
            double exact = (double) first[i] + second[i] + third[i];
            // Two roundings of numbers below 2^21.
            assertThat(Math.abs(found.get(0)[i] - exact)).isLessThan(Math.scalb(1.0, 21 - 23));
        }
    }

    @Test
    void doublesAreSummedAsDoubles() throws Exception {
        for (double sum : RankThreads.run(4, PATIENCE, ranks -> ranks.sum(ranks.rank() == 2 ? 1e-9 : 1.0))) {
            assertThat(sum).isEqualTo((1.0 + 1.0) + (1e-9 + 1.0));
        }
    }

    /** A rank that throws leaves the group, and so frees the others long before their own patience ends. */
    @Test
    void aRankThatThrowsFreesItsPeers() {
        long start = System.nanoTime();
        assertThatThrownBy(() -> RankThreads.run(2, Duration.ofSeconds(60), ranks -> {
                    if (ranks.rank() == 1) {
                        throw new IllegalStateException("a bug");
                    }
                    return sum(ranks);
                }))
                .cause()
                .isInstanceOf(PeerLostException.class)
                .hasMessageStartingWith("rank 0 of 2 waited for a sum: ");
        assertThat((System.nanoTime() - start) / 1e9).isLessThan(10);
    }

    @Test
    void aRankThatHangsCountsAsLost() {
        assertThatThrownBy(() -> RankThreads.run(2, Duration.ofSeconds(2), ranks -> {
                    if (ranks.rank() == 1) {
                        Thread.sleep(6000);
                        return 0;
                    }
                    return sum(ranks);
                }))
                .cause()
                .isInstanceOf(PeerLostException.class)
                .hasMessageContaining("rank 0 of 2 waited for a sum: ")
                .hasMessageContaining("Timed out waiting 2000ms");
    }

    /** This build's LibTorch is the one for the CPU. */
    @Test
    void sumsBetweenGpusNeedAnotherBuild() {
        Meeting meeting = new Meeting(0, 2, "127.0.0.1", PATIENCE, OptionalInt.of(0), mine -> {
            throw new AssertionError("nobody is met");
        });
        assertThatThrownBy(() -> Collectives.NCCL.join(meeting))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("cluster.collective = nccl: LibTorch finds no GPU here; build with"
                        + " mvn -P torch-gpu and run on executors with an NVIDIA GPU, or set it to gloo");
    }

    /** It has found host, port and place of the meeting, as anyone may who reads the store, but not the secret. */
    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4})
    void aStrangerIsNotAdmitted(int worldSize) {
        RankThreads.Hearing guess =
                (rank, text) -> rank == 1 && !text.isEmpty() ? text.replaceFirst("[0-9a-f]+$", "0123abcd") : text;
        assertThatThrownBy(() -> RankThreads.run(worldSize, PATIENCE, AllReduce::rank, guess))
                .cause()
                .isInstanceOf(PeerLostException.class)
                .hasMessage(
                        "rank 0 of " + worldSize + " met a stranger: who answers as rank 1 does not know the secret of"
                                + " this meeting; keep strangers from the ports of executors");
    }

    @Test
    void proofsDifferByRankAndSecretAndTellNothing() {
        assertThat(new Proofs("a").of(0)).isEqualTo(new Proofs("a").of(0)).isBetween(0.0, 0x1p48);
        assertThat(new Proofs("a").of(1)).isNotEqualTo(new Proofs("a").of(0));
        assertThat(new Proofs("b").of(0)).isNotEqualTo(new Proofs("a").of(0));
        assertThat(new Proofs("swordfish").toString()).doesNotContain("swordfish");
    }

    /**
     * Gradients are to be had at the address of the executor alone; the store, of which there is one, is everywhere.
     */
    @Test
    void sumsListenOnTheAddressThatIsGiven() throws Exception {
        List<String> listening = RankThreads.run(2, PATIENCE, ranks -> ListeningSockets.addresses())
                .get(0);
        assertThat(listening).contains("127.0.0.1").hasSizeGreaterThanOrEqualTo(3);
        assertThat(listening.stream().filter(address -> !address.equals("127.0.0.1")))
                .hasSizeLessThanOrEqualTo(1);
    }
}
