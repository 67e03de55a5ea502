package org.dnallama.compute.vector;

import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.dnallama.compute.AdamStep;

/**
 * Rows on the Vector API. Sums are taken lane by lane and then over the lanes in a fixed order, and exp is our own
 * polynomial, so results do not depend on whether the JIT has compiled the method yet.
 */
final class VectorRows implements RowKernels {

    private static final VectorSpecies<Float> LANES = FloatVector.SPECIES_PREFERRED;
    private static final int WIDTH = LANES.length();
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();

    private final ScalarRows tail = new ScalarRows();

    @Override
    public float dot(Row a, Row b, int n) {
        int bound = LANES.loopBound(n);
        FloatVector sum = FloatVector.zero(LANES);
        for (int i = 0; i < bound; i += WIDTH) {
            sum = load(a, i).fma(load(b, i), sum);
        }
        float whole = sum(sum);
        return bound == n ? whole : whole + tail.dot(a.plus(bound), b.plus(bound), n - bound);
    }

    @Override
    public float max(Row a, int n) {
        int bound = LANES.loopBound(n);
        float max = Float.NEGATIVE_INFINITY;
        if (bound > 0) {
            FloatVector most = load(a, 0);
            for (int i = WIDTH; i < bound; i += WIDTH) {
                most = most.max(load(a, i));
            }
            max = most.reduceLanes(VectorOperators.MAX);
        }
        return bound == n ? max : Math.max(max, tail.max(a.plus(bound), n - bound));
    }

    @Override
    public float expShifted(Row a, float shift, int n) {
        int bound = LANES.loopBound(n);
        FloatVector sum = FloatVector.zero(LANES);
        for (int i = 0; i < bound; i += WIDTH) {
            FloatVector value = exp(load(a, i).sub(shift));
            sum = sum.add(value);
            store(value, a, i);
        }
        float whole = sum(sum);
        return bound == n ? whole : whole + tail.expShifted(a.plus(bound), shift, n - bound);
    }

    @Override
    public void scale(Row a, float factor, int n) {
        int bound = LANES.loopBound(n);
        for (int i = 0; i < bound; i += WIDTH) {
            store(load(a, i).mul(factor), a, i);
        }
        if (bound < n) {
            tail.scale(a.plus(bound), factor, n - bound);
        }
    }

    @Override
    public void addScaled(Row y, float factor, Row x, int n) {
        int bound = LANES.loopBound(n);
        FloatVector f = FloatVector.broadcast(LANES, factor);
        for (int i = 0; i < bound; i += WIDTH) {
            store(f.fma(load(x, i), load(y, i)), y, i);
        }
        if (bound < n) {
            tail.addScaled(y.plus(bound), factor, x.plus(bound), n - bound);
        }
    }

    @Override
    public void scaledProduct(Row y, float factor, Row x, Row gain, int n) {
        int bound = LANES.loopBound(n);
        for (int i = 0; i < bound; i += WIDTH) {
            store(load(x, i).mul(factor).mul(load(gain, i)), y, i);
        }
        if (bound < n) {
            tail.scaledProduct(y.plus(bound), factor, x.plus(bound), gain.plus(bound), n - bound);
        }
    }

    @Override
    public void addScaledProduct(Row y, float factor, Row a, Row b, int n) {
        int bound = LANES.loopBound(n);
        for (int i = 0; i < bound; i += WIDTH) {
            store(load(a, i).mul(factor).fma(load(b, i), load(y, i)), y, i);
        }
        if (bound < n) {
            tail.addScaledProduct(y.plus(bound), factor, a.plus(bound), b.plus(bound), n - bound);
        }
    }

    @Override
    public float tripleDot(Row a, Row b, Row c, int n) {
        int bound = LANES.loopBound(n);
        FloatVector sum = FloatVector.zero(LANES);
        for (int i = 0; i < bound; i += WIDTH) {
            sum = load(a, i).mul(load(b, i)).fma(load(c, i), sum);
        }
        float whole = sum(sum);
        return bound == n ? whole : whole + tail.tripleDot(a.plus(bound), b.plus(bound), c.plus(bound), n - bound);
    }

    @Override
    public void softmaxBackward(Row d, Row p, float mean, float factor, int n) {
        int bound = LANES.loopBound(n);
        for (int i = 0; i < bound; i += WIDTH) {
            store(load(d, i).sub(mean).mul(load(p, i)).mul(factor), d, i);
        }
        if (bound < n) {
            tail.softmaxBackward(d.plus(bound), p.plus(bound), mean, factor, n - bound);
        }
    }

    @Override
    public void rotate(Row x0, Row x1, Row cos, Row sin, float sign, int n) {
        int bound = LANES.loopBound(n);
        for (int i = 0; i < bound; i += WIDTH) {
            FloatVector c = load(cos, i);
            FloatVector s = load(sin, i).mul(sign);
            FloatVector a = load(x0, i);
            FloatVector b = load(x1, i);
            store(a.mul(c).sub(b.mul(s)), x0, i);
            store(b.mul(c).add(a.mul(s)), x1, i);
        }
        if (bound < n) {
            tail.rotate(x0.plus(bound), x1.plus(bound), cos.plus(bound), sin.plus(bound), sign, n - bound);
        }
    }

    @Override
    public void swiGlu(Row y, Row gate, Row up, int n) {
        int bound = LANES.loopBound(n);
        for (int i = 0; i < bound; i += WIDTH) {
            FloatVector x = load(gate, i);
            store(x.div(exp(x.neg()).add(1f)).mul(load(up, i)), y, i);
        }
        if (bound < n) {
            tail.swiGlu(y.plus(bound), gate.plus(bound), up.plus(bound), n - bound);
        }
    }

    @Override
    public void swiGluBackward(Row dGate, Row dUp, Row dy, Row gate, Row up, int n) {
        int bound = LANES.loopBound(n);
        FloatVector one = FloatVector.broadcast(LANES, 1f);
        for (int i = 0; i < bound; i += WIDTH) {
            FloatVector x = load(gate, i);
            FloatVector d = load(dy, i);
            FloatVector upward = load(up, i);
            FloatVector sigmoid = one.div(exp(x.neg()).add(1f));
            store(d.mul(x).mul(sigmoid), dUp, i);
            store(d.mul(upward).mul(sigmoid).mul(x.fma(one.sub(sigmoid), one)), dGate, i);
        }
        if (bound < n) {
            tail.swiGluBackward(
                    dGate.plus(bound), dUp.plus(bound), dy.plus(bound), gate.plus(bound), up.plus(bound), n - bound);
        }
    }

    @Override
    public void adamW(Row theta, Row m, Row v, Row g, AdamStep step, int n) {
        float b1 = (float) step.beta1();
        float b2 = (float) step.beta2();
        float rate = (float) (step.learningRate() / step.correction1());
        float root = (float) (1 / Math.sqrt(step.correction2()));
        float keep = (float) (1 - step.learningRate() * step.weightDecay());
        int bound = LANES.loopBound(n);
        for (int i = 0; i < bound; i += WIDTH) {
            FloatVector gradient = load(g, i);
            FloatVector first = load(m, i).mul(b1).add(gradient.mul(1 - b1));
            FloatVector second = load(v, i).mul(b2).add(gradient.mul(gradient).mul(1 - b2));
            store(first, m, i);
            store(second, v, i);
            FloatVector denominator = second.sqrt().mul(root).add((float) step.epsilon());
            store(load(theta, i).mul(keep).sub(first.mul(rate).div(denominator)), theta, i);
        }
        if (bound < n) {
            tail.adamW(theta.plus(bound), m.plus(bound), v.plus(bound), g.plus(bound), step, n - bound);
        }
    }

    @Override
    public void adamDenominator(Row den, Row v, Row g, AdamStep step, int n) {
        float b2 = (float) step.beta2();
        float inverse = (float) (1 / step.correction2());
        int bound = LANES.loopBound(n);
        for (int i = 0; i < bound; i += WIDTH) {
            FloatVector gradient = load(g, i);
            FloatVector second = load(v, i).mul(b2).add(gradient.mul(gradient).mul(1 - b2));
            store(second.mul(inverse).sqrt().add((float) step.epsilon()), den, i);
        }
        if (bound < n) {
            tail.adamDenominator(den.plus(bound), v.plus(bound), g.plus(bound), step, n - bound);
        }
    }

    @Override
    public void placeStage(Stage stage, Row den, double distance, AdamStep step, int n) {
        float b1 = (float) step.beta1();
        float far = (float) distance;
        float most = (float) (step.mostMove() * step.correction1());
        int bound = LANES.loopBound(n);
        for (int i = 0; i < bound; i += WIDTH) {
            FloatVector direction =
                    load(stage.m(), i).mul(b1).add(load(stage.g(), i).mul(1 - b1));
            FloatVector move = direction.div(load(den, i)).min(most).max(-most);
            store(load(stage.start(), i).sub(move.mul(far)), stage.theta(), i);
        }
        if (bound < n) {
            Stage rest = new Stage(
                    stage.theta().plus(bound),
                    stage.start().plus(bound),
                    stage.m().plus(bound),
                    stage.g().plus(bound));
            tail.placeStage(rest, den.plus(bound), distance, step, n - bound);
        }
    }

    private static FloatVector load(Row row, int i) {
        return FloatVector.fromByteBuffer(LANES, row.bytes(), (row.start() + i) << 2, ORDER);
    }

    private static void store(FloatVector value, Row row, int i) {
        value.intoByteBuffer(row.bytes(), (row.start() + i) << 2, ORDER);
    }

    /** Pairwise in a fixed order; reduceLanes(ADD) may add in another order once compiled. */
    private static float sum(FloatVector v) {
        float[] lanes = v.toArray();
        for (int half = WIDTH / 2; half > 0; half >>= 1) {
            for (int i = 0; i < half; i++) {
                lanes[i] += lanes[i + half];
            }
        }
        return lanes[0];
    }

    // Adding 1.5 * 2^23 rounds a float to an integer, which then stands in the low bits.
    private static final float ROUNDER = 12582912f;
    private static final float LOG2_E = 1.4426950408889634f;
    // ln 2 in two parts: the first has few enough bits that k * LN2_HIGH is exact.
    private static final float LN2_HIGH = 0.693359375f;
    private static final float LN2_LOW = -2.12194440e-4f;

    /**
     * exp(x) = 2^k exp(r) with |r| at most ln 2 / 2 and exp(r) by its degree-6 Taylor-like polynomial; relative error
     * under 2e-7. Coefficients: Moshier's Cephes library, expf.
     */
    private static FloatVector exp(FloatVector x) {
        FloatVector bounded = x.max(-87.3f).min(88f);
        FloatVector shifted = bounded.mul(LOG2_E).add(ROUNDER);
        FloatVector k = shifted.sub(ROUNDER);
        FloatVector r = k.fma(FloatVector.broadcast(LANES, -LN2_HIGH), bounded).sub(k.mul(LN2_LOW));
        FloatVector p = FloatVector.broadcast(LANES, 1.9875691500e-4f);
        p = p.fma(r, FloatVector.broadcast(LANES, 1.3981999507e-3f));
        p = p.fma(r, FloatVector.broadcast(LANES, 8.3334519073e-3f));
        p = p.fma(r, FloatVector.broadcast(LANES, 4.1665795894e-2f));
        p = p.fma(r, FloatVector.broadcast(LANES, 1.6666665459e-1f));
        p = p.fma(r, FloatVector.broadcast(LANES, 5.0000001201e-1f));
        p = p.fma(r.mul(r), r).add(1f);
        IntVector exponent = shifted.reinterpretAsInts()
                .sub(Float.floatToRawIntBits(ROUNDER) - 127)
                .lanewise(VectorOperators.LSHL, 23);
        return p.mul(exponent.reinterpretAsFloats());
    }
}
