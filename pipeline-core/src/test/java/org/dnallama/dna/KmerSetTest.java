package org.dnallama.dna;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class KmerSetTest {

    private final KmerSet held = new KmerSet(5, List.of("AACCGGATNA", "TTTTT"));

    @Test
    void findsSharedKmersOnBothStrands() {
        assertThat(held.touches("GGAACCGTT")).as("AACCG").isTrue();
        assertThat(held.touches("GGCGGTTGG"))
                .as("CGGTT, the reverse complement of AACCG")
                .isTrue();
        assertThat(held.touches("CAAAAAC"))
                .as("AAAAA, the reverse complement of TTTTT")
                .isTrue();
    }

    @Test
    void shorterOverlapsAndUnknownBasesShareNothing() {
        assertThat(held.touches("TTAACCTT")).as("four bases in common").isFalse();
        assertThat(held.touches("GGATNA")).as("no five known bases").isFalse();
        assertThat(new KmerSet(5, List.of()).touches("AACCGGAT")).isFalse();
    }
}
