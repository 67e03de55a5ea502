package org.dnallama.compute.vector;

import org.dnallama.compute.AdamStep;
import org.dnallama.compute.Into;
import org.dnallama.compute.StageDifferences;
import org.jspecify.annotations.Nullable;

/**
 * Plain Java rows: the fallback where the Vector API is absent, and the tail of every vectorised row. Uses
 * {@link StrictMath#exp}, because {@link Math#exp} may give other bits once compiled.
 */
final class ScalarRows implements RowKernels {

    @Override
    public float dot(Row a, Row b, int n) {
        float sum = 0;
        for (int i = 0; i < n; i++) {
            sum = Math.fma(a.get(i), b.get(i), sum);
        }
        return sum;
    }

    @Override
    public float max(Row a, int n) {
        float max = Float.NEGATIVE_INFINITY;
        for (int i = 0; i < n; i++) {
            max = Math.max(max, a.get(i));
        }
        return max;
    }

    @Override
    public float expShifted(Row a, float shift, int n) {
        float sum = 0;
        for (int i = 0; i < n; i++) {
            float value = exp(a.get(i) - shift);
            a.put(i, value);
            sum += value;
        }
        return sum;
    }

    @Override
    public void scale(Row a, float factor, int n) {
        for (int i = 0; i < n; i++) {
            a.put(i, a.get(i) * factor);
        }
    }

    @Override
    public void addScaled(Row y, float factor, Row x, int n) {
        for (int i = 0; i < n; i++) {
            y.put(i, Math.fma(factor, x.get(i), y.get(i)));
        }
    }

    @Override
    public void addScaledProduct(Row y, float factor, Row a, Row b, int n) {
        for (int i = 0; i < n; i++) {
            y.put(i, Math.fma(a.get(i) * factor, b.get(i), y.get(i)));
        }
    }

    @Override
    public void scaledProduct(Row y, float factor, Row x, Row gain, int n) {
        for (int i = 0; i < n; i++) {
            y.put(i, x.get(i) * factor * gain.get(i));
        }
    }

    @Override
    public void rmsNormBackward(Norm norm, Into into, float scale, float shared, int n) {
        for (int i = 0; i < n; i++) {
            float d = norm.dy().get(i) * scale;
            float x = norm.x().get(i);
            float gradient = Math.fma(d, norm.gain().get(i), -shared * x);
            norm.dx().put(i, into == Into.ADD ? norm.dx().get(i) + gradient : gradient);
            norm.dGain().put(i, Math.fma(d, x, norm.dGain().get(i)));
        }
    }

    @Override
    public float tripleDot(Row a, Row b, Row c, int n) {
        float sum = 0;
        for (int i = 0; i < n; i++) {
            sum = Math.fma(a.get(i) * b.get(i), c.get(i), sum);
        }
        return sum;
    }

    @Override
    public void load(Panel target, float factor, Row source, int n) {
        for (int i = 0; i < n; i++) {
            target.data[target.at + i] = source.get(i) * factor;
        }
    }

    @Override
    public void store(Row target, float factor, Panel source, int n) {
        for (int i = 0; i < n; i++) {
            target.put(i, source.data[source.at + i] * factor);
        }
    }

    @Override
    public void rotate(Row x0, Row x1, Row cos, Row sin, float sign, int n) {
        for (int i = 0; i < n; i++) {
            float c = cos.get(i);
            float s = sin.get(i) * sign;
            float a = x0.get(i);
            float b = x1.get(i);
            x0.put(i, a * c - b * s);
            x1.put(i, b * c + a * s);
        }
    }

    @Override
    public void swiGlu(Row y, Row gate, Row up, int n) {
        for (int i = 0; i < n; i++) {
            float x = gate.get(i);
            y.put(i, x / (1 + exp(-x)) * up.get(i));
        }
    }

    @Override
    public void swiGluBackward(Row dGate, Row dUp, Row dy, Row gate, Row up, int n) {
        for (int i = 0; i < n; i++) {
            float x = gate.get(i);
            float d = dy.get(i);
            float sigmoid = 1 / (1 + exp(-x));
            float upward = up.get(i);
            dUp.put(i, d * x * sigmoid);
            dGate.put(i, d * upward * sigmoid * Math.fma(x, 1 - sigmoid, 1f));
        }
    }

    @Override
    public void addDifference(Row y, Row x, float factor, Row a, Row b, int n) {
        for (int i = 0; i < n; i++) {
            y.put(i, Math.fma(factor, a.get(i) - b.get(i), x.get(i)));
        }
    }

    @Override
    public float squaredDistance(Row a, Row b, int n) {
        float sum = 0;
        for (int i = 0; i < n; i++) {
            float difference = a.get(i) - b.get(i);
            sum = Math.fma(difference, difference, sum);
        }
        return sum;
    }

    @Override
    public StageDifferences stageDifferences(Row g1, Row g2, Row g3, @Nullable Row den, int n) {
        float squared2 = 0;
        float squared3 = 0;
        float weighted = 0;
        float product = 0;
        for (int i = 0; i < n; i++) {
            float d = g2.get(i) - g1.get(i);
            float e = g3.get(i) - g2.get(i);
            float share = den == null ? d : d / den.get(i);
            squared2 = Math.fma(d, d, squared2);
            squared3 = Math.fma(e, e, squared3);
            weighted = Math.fma(d, share, weighted);
            product = Math.fma(e, share, product);
        }
        return new StageDifferences(squared2, squared3, weighted, product);
    }

    @Override
    public void adam(Row theta, Row start, Row m, Row v, Row g, AdamStep step, int n) {
        float b1 = (float) step.beta1();
        float b2 = (float) step.beta2();
        float momentRate = (float) (step.learningRate() * step.momentWeight());
        float gradientRate = (float) (step.learningRate() * step.gradientWeight());
        float root = (float) (1 / Math.sqrt(step.correction2()));
        float keep = (float) (1 - step.learningRate() * step.weightDecay());
        for (int i = 0; i < n; i++) {
            float gradient = g.get(i);
            float first = m.get(i) * b1 + gradient * (1 - b1);
            float second = v.get(i) * b2 + gradient * gradient * (1 - b2);
            float move = first * momentRate + gradient * gradientRate;
            m.put(i, first);
            v.put(i, second);
            theta.put(i, start.get(i) * keep - move / ((float) Math.sqrt(second) * root + (float) step.epsilon()));
        }
    }

    @Override
    public void adamDenominator(Row den, Row v, Row g, AdamStep step, int n) {
        float b2 = (float) step.beta2();
        float inverse = (float) (1 / step.correction2());
        for (int i = 0; i < n; i++) {
            float second = v.get(i) * b2 + g.get(i) * g.get(i) * (1 - b2);
            den.put(i, (float) Math.sqrt(second * inverse) + (float) step.epsilon());
        }
    }

    @Override
    public void placeStage(Stage stage, Row den, double distance, AdamStep step, int n) {
        float b1 = (float) step.beta1();
        float far = (float) distance;
        float most = (float) (step.mostMove() * step.correction1());
        for (int i = 0; i < n; i++) {
            float move = (stage.m().get(i) * b1 + stage.g().get(i) * (1 - b1)) / den.get(i);
            float clamped = Math.max(-most, Math.min(most, move));
            stage.theta().put(i, stage.start().get(i) - clamped * far);
        }
    }

    private static float exp(float x) {
        return (float) StrictMath.exp(x);
    }
}
