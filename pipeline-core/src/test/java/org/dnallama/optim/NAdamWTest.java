package org.dnallama.optim;

import static org.assertj.core.api.Assertions.assertThat;

import org.dnallama.model.Parameters;
import org.junit.jupiter.api.Test;

/**
 * PyTorch's NAdam with decoupled weight decay, whose momentum mu[t] = beta1 (1 - 0.96^(0.004 t) / 2) is kept at beta1
 * here: its momentum_decay taken to infinity.
 */
final class NAdamWTest {

    private static final double[] START = {1, -2, 0.5};

    private static double[] gradient(double[] x) {
        return new double[] {Math.sin(3 * x[0]) + x[1], Math.exp(x[1]) + x[0] * x[2], x[2] - x[0]};
    }

    @Test
    void followsPyTorchsFormulaWithAConstantMomentum() {
        OptimizerSettings settings = Toy.with(0.1, 0).withKind(OptimizerSettings.Kind.NADAMW);
        Parameters theta = Toy.parameters(START);
        try (Optimizer optimizer = Optimizers.create(settings, theta)) {
            double[] expected = START.clone();
            double[] m = new double[3];
            double[] v = new double[3];
            double muProduct = 1;
            for (int t = 1; t <= 50; t++) {
                double lr = 0.1 / t;
                optimizer.step(theta, Toy.field(NAdamWTest::gradient), lr);

                // torch/optim/nadam.py, _single_tensor_nadam, line by line.
                double[] grad = gradient(expected);
                double mu = 0.9;
                double muNext = 0.9;
                muProduct *= mu;
                double biasCorrection2 = 1 - Math.pow(0.999, t);
                for (int i = 0; i < 3; i++) {
                    expected[i] *= 1 - lr * 0.1;
                    m[i] += (grad[i] - m[i]) * (1 - 0.9);
                    v[i] = v[i] * 0.999 + grad[i] * grad[i] * (1 - 0.999);
                    double denominator = Math.sqrt(v[i] / biasCorrection2) + 1e-8;
                    expected[i] += grad[i] / denominator * (-lr * (1 - mu) / (1 - muProduct));
                    expected[i] += m[i] / denominator * (-lr * muNext / (1 - muProduct * muNext));
                }
                // The same formula in another order of operations, through 50 steps in numbers of size 1.
                assertThat(Toy.distance(Toy.values(theta), expected)).isLessThan(1e-13);
            }
            assertThat(optimizer.gradientEvaluations()).isEqualTo(50);
        }
    }
}
