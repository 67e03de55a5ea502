package org.dnallama.compute.vector;

import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.dnallama.compute.AdamStep;
import org.dnallama.compute.Into;
import org.dnallama.compute.StageDifferences;
import org.jspecify.annotations.Nullable;

/**
 * Rows on the Vector API. Sums are taken lane by lane and then over the lanes in a fixed order, and exp is our own
 * polynomial, so results do not depend on whether the JIT has compiled the method yet.
 */
final class VectorRows implements RowKernels {

    private static final VectorSpecies<Float> LANES = VectorMath.SPECIES;
    private static final int WIDTH = VectorMath.WIDTH;
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();

    private final ScalarRows tail = new ScalarRows();

    @Override
    public float dot(Row a, Row b, int n) {
        int bound = LANES.loopBound(n);
        FloatVector sum = FloatVector.zero(LANES);
        for (int i = 0; i < bound; i += WIDTH) {
            sum = load(a, i).fma(load(b, i), sum);
        }
        float whole = VectorMath.sum(sum);
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
            FloatVector value = VectorMath.exp(load(a, i).sub(shift));
            sum = sum.add(value);
            store(value, a, i);
        }
        float whole = VectorMath.sum(sum);
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
    public void rmsNormBackward(Norm norm, Into into, float scale, float shared, int n) {
        Row dx = norm.dx();
        Row dGain = norm.dGain();
        Row dy = norm.dy();
        Row x = norm.x();
        Row gain = norm.gain();
        int bound = LANES.loopBound(n);
        for (int i = 0; i < bound; i += WIDTH) {
            FloatVector d = load(dy, i).mul(scale);
            FloatVector in = load(x, i);
            FloatVector gradient = d.fma(load(gain, i), in.mul(-shared));
            store(into == Into.ADD ? gradient.add(load(dx, i)) : gradient, dx, i);
            store(d.fma(in, load(dGain, i)), dGain, i);
        }
        if (bound < n) {
            Norm rest = new Norm(dx.plus(bound), dGain.plus(bound), dy.plus(bound), x.plus(bound), gain.plus(bound));
            tail.rmsNormBackward(rest, into, scale, shared, n - bound);
        }
    }

    @Override
    public float tripleDot(Row a, Row b, Row c, int n) {
        int bound = LANES.loopBound(n);
        FloatVector sum = FloatVector.zero(LANES);
        for (int i = 0; i < bound; i += WIDTH) {
            sum = load(a, i).mul(load(b, i)).fma(load(c, i), sum);
        }
        float whole = VectorMath.sum(sum);
        return bound == n ? whole : whole + tail.tripleDot(a.plus(bound), b.plus(bound), c.plus(bound), n - bound);
    }

    @Override
    public void load(Panel target, float factor, Row source, int n) {
        int bound = LANES.loopBound(n);
        for (int i = 0; i < bound; i += WIDTH) {
            load(source, i).mul(factor).intoArray(target.data, target.at + i);
        }
        for (int i = bound; i < n; i++) {
            target.data[target.at + i] = source.get(i) * factor;
        }
    }

    @Override
    public void store(Row target, float factor, Panel source, int n) {
        int bound = LANES.loopBound(n);
        for (int i = 0; i < bound; i += WIDTH) {
            store(FloatVector.fromArray(LANES, source.data, source.at + i).mul(factor), target, i);
        }
        for (int i = bound; i < n; i++) {
            target.put(i, source.data[source.at + i] * factor);
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
            store(x.div(VectorMath.exp(x.neg()).add(1f)).mul(load(up, i)), y, i);
        }
        if (bound < n) {
            tail.swiGlu(y.plus(bound), gate.plus(bound), up.plus(bound), n - bound);
        }
    }

    @Override
    public void swiGluBackward(Row dGate, Row dUp, Row dy, Row gate, Row up, int n) {
        int bound = LANES.loopBound(n);
        FloatVector one = FloatVector.broadcast(LANES, 1f);
        // Two short loops: with all of it in one, constants and values do not fit the registers together.
        for (int i = 0; i < bound; i += WIDTH) {
            store(one.div(VectorMath.exp(load(gate, i).neg()).add(1f)), dGate, i);
        }
        for (int i = 0; i < bound; i += WIDTH) {
            FloatVector x = load(gate, i);
            FloatVector sigmoid = load(dGate, i);
            FloatVector weighted = load(dy, i).mul(sigmoid);
            store(weighted.mul(x), dUp, i);
            store(weighted.mul(load(up, i)).mul(x.fma(one.sub(sigmoid), one)), dGate, i);
        }
        if (bound < n) {
            tail.swiGluBackward(
                    dGate.plus(bound), dUp.plus(bound), dy.plus(bound), gate.plus(bound), up.plus(bound), n - bound);
        }
    }

    @Override
    public void addDifference(Row y, Row x, float factor, Row a, Row b, int n) {
        int bound = LANES.loopBound(n);
        FloatVector f = FloatVector.broadcast(LANES, factor);
        for (int i = 0; i < bound; i += WIDTH) {
            store(f.fma(load(a, i).sub(load(b, i)), load(x, i)), y, i);
        }
        if (bound < n) {
            tail.addDifference(y.plus(bound), x.plus(bound), factor, a.plus(bound), b.plus(bound), n - bound);
        }
    }

    @Override
    public float squaredDistance(Row a, Row b, int n) {
        int bound = LANES.loopBound(n);
        FloatVector sum = FloatVector.zero(LANES);
        for (int i = 0; i < bound; i += WIDTH) {
            FloatVector difference = load(a, i).sub(load(b, i));
            sum = difference.fma(difference, sum);
        }
        float whole = VectorMath.sum(sum);
        return bound == n ? whole : whole + tail.squaredDistance(a.plus(bound), b.plus(bound), n - bound);
    }

    @Override
    public StageDifferences stageDifferences(Row g1, Row g2, Row g3, @Nullable Row den, int n) {
        int bound = LANES.loopBound(n);
        FloatVector squared2 = FloatVector.zero(LANES);
        FloatVector squared3 = FloatVector.zero(LANES);
        FloatVector weighted = FloatVector.zero(LANES);
        FloatVector product = FloatVector.zero(LANES);
        for (int i = 0; i < bound; i += WIDTH) {
            FloatVector middle = load(g2, i);
            FloatVector d = middle.sub(load(g1, i));
            FloatVector e = load(g3, i).sub(middle);
            FloatVector share = den == null ? d : d.div(load(den, i));
            squared2 = d.fma(d, squared2);
            squared3 = e.fma(e, squared3);
            weighted = d.fma(share, weighted);
            product = e.fma(share, product);
        }
        StageDifferences whole = new StageDifferences(
                VectorMath.sum(squared2), VectorMath.sum(squared3), VectorMath.sum(weighted), VectorMath.sum(product));
        if (bound == n) {
            return whole;
        }
        Row rest = den == null ? null : den.plus(bound);
        return whole.plus(tail.stageDifferences(g1.plus(bound), g2.plus(bound), g3.plus(bound), rest, n - bound));
    }

    @Override
    public void adam(Row theta, Row start, Row m, Row v, Row g, AdamStep step, int n) {
        float b1 = (float) step.beta1();
        float b2 = (float) step.beta2();
        float momentRate = (float) (step.learningRate() * step.momentWeight());
        float gradientRate = (float) (step.learningRate() * step.gradientWeight());
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
            FloatVector move = first.mul(momentRate).add(gradient.mul(gradientRate));
            store(load(start, i).mul(keep).sub(move.div(denominator)), theta, i);
        }
        if (bound < n) {
            tail.adam(
                    theta.plus(bound), start.plus(bound), m.plus(bound), v.plus(bound), g.plus(bound), step, n - bound);
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
}
