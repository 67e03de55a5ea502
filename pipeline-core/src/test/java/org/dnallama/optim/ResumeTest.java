package org.dnallama.optim;

import static org.assertj.core.api.Assertions.assertThat;

import org.dnallama.model.Parameters;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A run that is stopped and resumed gives the bits of one that is not. */
final class ResumeTest {

    private static final GradientField FIELD =
            Toy.field(x -> new double[] {Math.sin(3 * x[0]) + x[1] * x[2], Math.exp(x[1]) + x[0] * x[2], x[0] * x[1]});

    @ParameterizedTest
    @EnumSource
    void resumedIsUninterrupted(OptimizerSettings.Kind kind) {
        OptimizerSettings settings = new OptimizerSettings(kind, 0.9, 0.999, 1e-8, 0.01, 0.02, Tableau.CLASSIC_4);
        Parameters theta = Toy.parameters(new double[] {0.4, -0.7}, new double[] {1.1});
        Optimizer first = Optimizers.create(settings, theta);
        run(first, theta, 1, 7);

        Parameters resumedTheta = theta.zerosLike();
        resumedTheta.copyFrom(theta);
        Optimizer resumed = Optimizers.create(settings, resumedTheta);
        first.state().forEach((name, moment) -> Toy.moment(resumed, name).copyFrom(moment));
        resumed.resume(first.steps(), first.gradientEvaluations());

        run(first, theta, 8, 14);
        run(resumed, resumedTheta, 8, 14);
        assertThat(Toy.values(resumedTheta)).isEqualTo(Toy.values(theta));
        assertThat(resumed.steps()).isEqualTo(14);
        assertThat(resumed.gradientEvaluations()).isEqualTo(first.gradientEvaluations());
        assertThat(resumed.telemetry()).isEqualTo(first.telemetry());
        first.state()
                .forEach((name, moment) ->
                        assertThat(Toy.values(Toy.moment(resumed, name))).isEqualTo(Toy.values(moment)));
    }

    private static void run(Optimizer optimizer, Parameters theta, int from, int to) {
        for (int step = from; step <= to; step++) {
            optimizer.step(theta, FIELD, 0.1 / step);
        }
    }
}
