package org.dnallama.compute.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/** Arithmetic on whole vectors that does not depend on whether the JIT has compiled it yet. */
final class VectorMath {

    static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    static final int WIDTH = SPECIES.length();

    private static final VectorShuffle<Float> HALF = rotation(2);
    private static final VectorShuffle<Float> QUARTER = rotation(4);
    private static final VectorShuffle<Float> EIGHTH = rotation(8);
    private static final VectorShuffle<Float> SIXTEENTH = rotation(16);

    // Adding 1.5 * 2^23 rounds a float to an integer, which then stands in the low bits.
    private static final float ROUNDER = 12582912f;
    private static final float LOG2_E = 1.4426950408889634f;
    // ln 2 in two parts: the first has few enough bits that k * LN2_HIGH is exact.
    private static final float LN2_HIGH = 0.693359375f;
    private static final float LN2_LOW = -2.12194440e-4f;

    private VectorMath() {}

    private static VectorShuffle<Float> rotation(int part) {
        return VectorShuffle.iota(SPECIES, WIDTH / part, 1, true);
    }

    /** Sum of the lanes, half onto half in a fixed order; reduceLanes(ADD) may add in another order once compiled. */
    static float sum(FloatVector v) {
        FloatVector sum = v.add(v.rearrange(HALF));
        sum = WIDTH > 2 ? sum.add(sum.rearrange(QUARTER)) : sum;
        sum = WIDTH > 4 ? sum.add(sum.rearrange(EIGHTH)) : sum;
        sum = WIDTH > 8 ? sum.add(sum.rearrange(SIXTEENTH)) : sum;
        return sum.lane(0);
    }

    /**
     * exp(x) = 2^k exp(r) with |r| at most ln 2 / 2 and exp(r) by its degree-6 Taylor-like polynomial; relative error
     * under 2e-7. Coefficients: Moshier's Cephes library, expf.
     */
    static FloatVector exp(FloatVector x) {
        FloatVector bounded = x.max(-87.3f).min(88f);
        FloatVector shifted = bounded.mul(LOG2_E).add(ROUNDER);
        FloatVector k = shifted.sub(ROUNDER);
        FloatVector r =
                k.fma(FloatVector.broadcast(SPECIES, -LN2_HIGH), bounded).sub(k.mul(LN2_LOW));
        FloatVector p = FloatVector.broadcast(SPECIES, 1.9875691500e-4f);
        p = p.fma(r, FloatVector.broadcast(SPECIES, 1.3981999507e-3f));
        p = p.fma(r, FloatVector.broadcast(SPECIES, 8.3334519073e-3f));
        p = p.fma(r, FloatVector.broadcast(SPECIES, 4.1665795894e-2f));
        p = p.fma(r, FloatVector.broadcast(SPECIES, 1.6666665459e-1f));
        p = p.fma(r, FloatVector.broadcast(SPECIES, 5.0000001201e-1f));
        p = p.fma(r.mul(r), r).add(1f);
        IntVector exponent = shifted.reinterpretAsInts()
                .sub(Float.floatToRawIntBits(ROUNDER) - 127)
                .lanewise(VectorOperators.LSHL, 23);
        return p.mul(exponent.reinterpretAsFloats());
    }

    /**
     * 2^x = 2^k 2^f with |f| at most 1/2, for x of at most 0, down to 2^-126; relative error under 2e-7. Coefficients:
     * Moshier's Cephes library, exp2f.
     */
    static FloatVector exp2OfNegative(FloatVector x) {
        FloatVector bounded = x.max(-126f);
        FloatVector shifted = bounded.add(ROUNDER);
        FloatVector f = bounded.sub(shifted.sub(ROUNDER));
        FloatVector p = FloatVector.broadcast(SPECIES, 1.535336188319500e-4f);
        p = p.fma(f, FloatVector.broadcast(SPECIES, 1.339887440266574e-3f));
        p = p.fma(f, FloatVector.broadcast(SPECIES, 9.618437357674640e-3f));
        p = p.fma(f, FloatVector.broadcast(SPECIES, 5.550332471162809e-2f));
        p = p.fma(f, FloatVector.broadcast(SPECIES, 2.402264791363012e-1f));
        p = p.fma(f, FloatVector.broadcast(SPECIES, 6.931472028550421e-1f));
        p = p.fma(f, FloatVector.broadcast(SPECIES, 1f));
        // The shift leaves k alone of the rounder's bits, where a float has its exponent.
        IntVector exponent = shifted.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23);
        return p.reinterpretAsInts().add(exponent).reinterpretAsFloats();
    }
}
