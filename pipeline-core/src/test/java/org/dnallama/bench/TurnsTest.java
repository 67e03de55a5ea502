package org.dnallama.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleSupplier;
import org.junit.jupiter.api.Test;

final class TurnsTest {

    private static DoubleSupplier saying(double... values) {
        Iterator<Double> left = java.util.Arrays.stream(values).boxed().iterator();
        return left::next;
    }

    @Test
    void contestantsAlternateAndMediansIgnoreAnOutlier() {
        Map<String, DoubleSupplier> contestants = new LinkedHashMap<>();
        contestants.put("ours", saying(1, 2, 900, 1, 1));
        contestants.put("theirs", saying(3, 6, 3, 3, 3));
        List<String> order = new ArrayList<>();
        Turns turns = Turns.take(5, contestants, order::add);

        assertThat(order.subList(0, 4)).containsExactly("ours", "theirs", "ours", "theirs");
        assertThat(turns.median("ours")).isEqualTo(1);
        // The second turn met a machine half as fast: both took twice the time, and the ratio does not notice.
        assertThat(turns.ratio("theirs", "ours")).isEqualTo(3);
    }

    @Test
    void anEvenNumberOfTurnsTakesTheMiddleOfTwo() {
        Turns turns = Turns.take(2, Map.of("it", saying(1, 2)), name -> {});
        assertThat(turns.median("it")).isCloseTo(1.5, within(1e-12));
        assertThatThrownBy(() -> turns.median("that"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("that")
                .hasMessageContaining("it");
    }
}
