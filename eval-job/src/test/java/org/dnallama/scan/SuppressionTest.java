package org.dnallama.scan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Suppression as windows come, beside the same written down from its definition. */
class SuppressionTest {

    private static List<Suppression.Candidate> naive(List<Suppression.Candidate> all, double threshold, long distance) {
        List<Suppression.Candidate> left = new ArrayList<>(all);
        left.removeIf(one -> !(one.score() >= threshold));
        left.sort(Comparator.comparingDouble(one -> -one.score())); // stable: of equals the first
        List<Suppression.Candidate> calls = new ArrayList<>();
        while (!left.isEmpty()) {
            Suppression.Candidate best = left.remove(0);
            calls.add(best);
            left.removeIf(one -> Math.abs(one.start() - best.start()) <= distance);
        }
        calls.sort(Comparator.comparingLong(Suppression.Candidate::start));
        return calls;
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 9, 10, 11, 50, 100_000})
    void callsAreThoseOfTheDefinition(long distance) {
        for (int seed = 0; seed < 50; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            List<Suppression.Candidate> windows = new ArrayList<>();
            long start = 0;
            for (int i = 0; i < 300; i++) {
                start += 10L * random.nextInt(1, 4);
                // Few different scores, so that there are equals; some windows are skipped.
                float score = random.nextInt(20) == 0 ? Float.NaN : random.nextInt(11) / 10f;
                windows.add(new Suppression.Candidate(start, score));
            }
            Suppression suppression = new Suppression(0.4, distance);
            windows.forEach(one -> suppression.offer(one.start(), one.score()));
            assertThat(suppression.calls()).as("seed %d", seed).isEqualTo(naive(windows, 0.4f, distance));
        }
    }
}
