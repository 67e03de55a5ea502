package org.dnallama.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

/** The simulator against cases worked by hand. */
final class SimulationTest {

    private static final double ROUNDING = 1e-9;
    private static final long BUCKET = 64L << 20;

    private static Workload workload(long evaluations, long bytes) {
        return new Workload("w", 1000, 10, 1, evaluations, bytes, bytes / BUCKET, BUCKET, 8_000_000_000L);
    }

    /** Ring: 2 x 3 x (0.001 + 0.25); tree: 2 x (2 x 0.001 + 1). */
    @Test
    void longMessagesGoRoundARing() {
        Network network = new Network("n", 1e-3, 1e6);
        assertThat(network.allReduceSeconds(1e6, 1, 4)).isCloseTo(1.506, within(ROUNDING));
        assertThat(network.allReduceSeconds(1e6, 1, 1)).isZero();
        assertThat(Network.bytesSent(1e6, 4)).isEqualTo(1.5e6);
    }

    /** Ring: 2 x 1023 x 0.001 and more; tree: 2 x (10 x 0.001 + 0.0001). */
    @Test
    void shortMessagesAmongManyGoUpAndDownATree() {
        assertThat(new Network("n", 1e-3, 1e6).allReduceSeconds(100, 1, 1024)).isCloseTo(0.0202, within(ROUNDING));
    }

    /** A bucket takes 1 s on 2 ranks: of 2 s for two, 1 s hides under the backward pass, four times in a step. */
    @Test
    void sumsHideUnderTheBackwardPass() {
        Network network = new Network("n", 0, BUCKET);
        Reliability never = new Reliability(1e-12, 1e18, 0);
        Forecast forecast = Forecast.of(workload(4, 2 * BUCKET), network, never, 2);
        assertThat(forecast.stepSeconds()).isCloseTo(14, within(ROUNDING));
        assertThat(forecast.efficiency()).isCloseTo(10.0 / 14, within(ROUNDING));
        assertThat(forecast.bytesSent()).isEqualTo(8.0 * BUCKET);
        assertThat(forecast.tokensPerSecond()).isCloseTo(2000 / 14.0, within(1e-3));
        // Three buckets: 2 s show; one: it is the last and all of it shows.
        assertThat(Forecast.of(workload(1, 3 * BUCKET), network, never, 2).stepSeconds())
                .isCloseTo(12, within(ROUNDING));
        assertThat(Forecast.of(workload(1, BUCKET), network, never, 2).stepSeconds())
                .isCloseTo(11, within(ROUNDING));
    }

    /** d = 8 s, M = 100 s, x = 0.04: 40 (1 + 0.2 / 3 + 0.04 / 9) - 8; then 8 / 42.844 + (10 + 21.422) / 100. */
    @Test
    void checkpointsComeAtDalysInterval() {
        Reliability reliability = new Reliability(18, 1e9, 10);
        Workload workload = workload(1, BUCKET);
        assertThat(reliability.secondsBetweenFailures(2)).isEqualTo(100);
        assertThat(reliability.intervalSeconds(workload, 2)).isCloseTo(34.844444444, within(1e-8));
        assertThat(reliability.lostPart(workload, 2)).isCloseTo(0.500944, within(1e-6));
        assertThat(reliability.intervalSeconds(workload, 200))
                .as("failures come faster than checkpoints")
                .isEqualTo(1);
        assertThat(reliability.lostPart(workload, 200)).isEqualTo(1);
    }

    /** No other interval loses less, by the model's own account: the formula is an expansion, so to a thousandth. */
    @Test
    void dalysIntervalIsTheBest() {
        Reliability reliability = new Reliability(0.02, 1e9, 60);
        Workload workload = workload(1, BUCKET);
        double between = reliability.secondsBetweenFailures(8);
        double least = 1;
        for (double interval = 1; interval < between; interval *= 1.01) {
            double cycle = interval + 8;
            least = Math.min(least, 8 / cycle + (60 + cycle / 2) / between);
        }
        assertThat(reliability.lostPart(workload, 8)).isCloseTo(least, within(1e-3 * least));
    }
}
