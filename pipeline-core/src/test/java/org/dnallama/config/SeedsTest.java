package org.dnallama.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class SeedsTest {

    @Test
    void streamsDependOnSeedPurposeAndEveryIndex() {
        Set<Long> keys = new HashSet<>();
        for (long seed = 0; seed < 10; seed++) {
            for (String purpose : new String[] {"shuffle", "dropout", "shuffl"}) {
                for (long i = 0; i < 10; i++) {
                    keys.add(new Seeds(seed).key(purpose, i, 0));
                    keys.add(new Seeds(seed).key(purpose, 0, i + 100));
                }
            }
        }
        assertThat(keys).hasSize(10 * 3 * 20);
        assertThat(new Seeds(4).key("x", 1)).isEqualTo(new Seeds(4).key("x", 1));
    }

    /** The mean of 100,000 fair bits has a standard deviation of .0016; six of them are .01. */
    @Test
    void everyBitOfTheKeysIsFair() {
        int count = 100_000;
        int[] ones = new int[64];
        for (int i = 0; i < count; i++) {
            long key = new Seeds(1).key("bits", i);
            for (int bit = 0; bit < 64; bit++) {
                ones[bit] += (int) (key >>> bit & 1);
            }
        }
        for (int bit = 0; bit < 64; bit++) {
            assertThat((double) ones[bit] / count).as("bit %d", bit).isCloseTo(0.5, within(0.01));
        }
    }
}
