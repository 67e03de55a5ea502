package org.dnallama.model;

import java.io.Serializable;

/**
 * LLaMA-3.1's change of the rotary frequencies for contexts longer than those of pre-training. With the wavelength w =
 * 2 pi / f and the original context L: f stays where w &lt; L / high; becomes f / factor where w &gt; L / low; and
 * between, with s = (L / w - low) / (high - low), becomes (1 - s) f / factor + s f.
 *
 * @param factor how much slower the slowest rotations turn; at least 1
 * @param lowFrequencyFactor low: wavelengths above L / low are stretched in full
 * @param highFrequencyFactor high: wavelengths below L / high stay; more than low
 * @param originalContextLength L, in tokens
 * @see <a href="https://arxiv.org/abs/2407.21783">Llama Team 2024</a>
 */
public record RopeScaling(
        double factor, double lowFrequencyFactor, double highFrequencyFactor, int originalContextLength)
        implements Serializable {

    /** Frequencies as they are. */
    public static final RopeScaling NONE = new RopeScaling(1, 1, 4, 8192);

    /** Rejects values for which the formula has no meaning. */
    public RopeScaling {
        if (!(factor >= 1 && Double.isFinite(factor))) {
            throw new IllegalArgumentException("factor = %s must be at least 1".formatted(factor));
        }
        if (!(lowFrequencyFactor > 0
                && highFrequencyFactor > lowFrequencyFactor
                && Double.isFinite(highFrequencyFactor))) {
            throw new IllegalArgumentException("low_freq_factor = %s must be above 0 and below high_freq_factor = %s"
                    .formatted(lowFrequencyFactor, highFrequencyFactor));
        }
        if (originalContextLength < 1) {
            throw new IllegalArgumentException(
                    "original_max_position_embeddings = %d must be at least 1".formatted(originalContextLength));
        }
    }

    /**
     * A rotary frequency after scaling.
     *
     * @param frequency in radians a token
     * @return in radians a token
     */
    public double scaled(double frequency) {
        // Turns that the rotation makes within the original context: L / w.
        double turns = originalContextLength * frequency / (2 * Math.PI);
        if (factor == 1 || turns > highFrequencyFactor) {
            return frequency;
        }
        if (turns < lowFrequencyFactor) {
            return frequency / factor;
        }
        double kept = (turns - lowFrequencyFactor) / (highFrequencyFactor - lowFrequencyFactor);
        return (1 - kept) * frequency / factor + kept * frequency;
    }
}
