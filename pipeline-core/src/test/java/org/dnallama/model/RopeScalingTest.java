package org.dnallama.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RopeScalingTest {

    /** LLaMA 3.1 8B: 32 heads of 128. */
    private static final LlamaConfig LLAMA_31_8B = new LlamaConfig(
            1, 4096, 1, 32, 8, 1, 131072, 500000, new RopeScaling(8, 1, 4, 8192), 1e-5, false, Extensions.NONE);

    /** LLaMA 3.2 1B: 32 heads of 64. */
    private static final LlamaConfig LLAMA_32_1B = new LlamaConfig(
            1, 2048, 1, 32, 8, 1, 131072, 500000, new RopeScaling(32, 1, 4, 8192), 1e-5, true, Extensions.NONE);

    /**
     * Worked with 50 decimal digits from the rule in wavelengths, as its authors publish it: w = 2 pi / f; f if w &lt;
     * 2048; f / factor if w &gt; 8192; else (1 - s) f / factor + s f with s = (8192 / w - 1) / 3. Pairs 29 to 34 (8B)
     * and 15 to 17 (1B) lie between.
     */
    @ParameterizedTest
    @CsvSource({
        "0, 1", "8, 1.93922744748685760e-01", "24, 7.29266473721710932e-03",
        "29, 2.16657076350335867e-03", "30, 1.37189356776113813e-03", "31, 8.56751412919632077e-04",
        "32, 5.24846160992954681e-04", "33, 3.12693750384065116e-04", "34, 1.78507812767996410e-04",
        "35, 9.55621235396468327e-05", "40, 3.42810219595259124e-05", "56, 1.28917317215155745e-06"
    })
    void frequenciesOfLlama31(int pair, double expected) {
        assertThat(LLAMA_31_8B.ropeFrequency(pair)).isCloseTo(expected, within(1e-13 * expected));
    }

    @ParameterizedTest
    @CsvSource({
        "0, 1",
        "8, 3.76060309308639332e-02",
        "15, 1.29054792820926375e-03",
        "16, 4.29556796559368208e-04",
        "17, 9.70828780262767289e-05",
        "18, 1.94616381848311246e-05",
        "24, 1.66196746779530885e-06"
    })
    void frequenciesOfLlama32(int pair, double expected) {
        assertThat(LLAMA_32_1B.ropeFrequency(pair)).isCloseTo(expected, within(1e-13 * expected));
    }

    @Test
    void withoutScalingFrequenciesAreTheBasesPowers() {
        LlamaConfig plain = new LlamaConfig(1, 128, 1, 1, 1, 1, 16, 500000, 1e-5, false);
        // 500000^(-1/2), and 500000^(-1/4)
        assertThat(plain.ropeFrequency(32)).isCloseTo(1.41421356237309503e-03, within(1e-16));
        assertThat(plain.ropeFrequency(16)).isCloseTo(3.76060309308639332e-02, within(1e-15));
    }

    @Test
    void valuesWithoutMeaningAreRejected() {
        assertThatThrownBy(() -> new RopeScaling(0.5, 1, 4, 8192)).hasMessage("factor = 0.5 must be at least 1");
        assertThatThrownBy(() -> new RopeScaling(8, 4, 4, 8192))
                .hasMessage("low_freq_factor = 4.0 must be above 0 and below high_freq_factor = 4.0");
        assertThatThrownBy(() -> new RopeScaling(8, 1, 4, 0))
                .hasMessage("original_max_position_embeddings = 0 must be at least 1");
    }
}
