package org.dnallama.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.dnallama.config.Seeds;
import org.junit.jupiter.api.Test;

class DictionaryTest {

    @Test
    void numbersValuesInTheOrderInWhichTheyFirstCome() {
        RandomGenerator random = new Seeds(1).stream("dictionary");
        Dictionary dictionary = new Dictionary();
        Map<Integer, Integer> twin = new LinkedHashMap<>();
        for (int value : List.of(0, -1, Integer.MIN_VALUE, Integer.MAX_VALUE, Float.floatToIntBits(1f))) {
            assertThat(dictionary.numberOf(value)).isEqualTo(numberOf(twin, value));
        }
        // Enough distinct values for it to grow several times, most of them again and again.
        for (int i = 0; i < 50_000; i++) {
            int value = random.nextInt(6000) * (i % 2 == 0 ? 1 : 1 << 19);
            assertThat(dictionary.numberOf(value)).isEqualTo(numberOf(twin, value));
        }
        assertThat(IntStream.range(0, dictionary.size()).map(dictionary::value))
                .containsExactlyElementsOf(twin.keySet());
    }

    private static int numberOf(Map<Integer, Integer> twin, int value) {
        int next = twin.size();
        return twin.computeIfAbsent(value, key -> next);
    }
}
