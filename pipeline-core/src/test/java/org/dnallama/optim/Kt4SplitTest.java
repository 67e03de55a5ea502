package org.dnallama.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.dnallama.model.Parameters;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

final class Kt4SplitTest {

    private static final OptimizerSettings SPLIT = Toy.with(0.1, 2).withKind(OptimizerSettings.Kind.KT4_SPLIT);

    /** Parabolas around a place of its own for each micro-batch; a portion's is their mean. */
    private record Valleys(double[] places, List<BatchPortion> asked) implements GradientField {

        Valleys(double... places) {
            this(places, new ArrayList<>());
        }

        @Override
        public int microBatches() {
            return places.length;
        }

        @Override
        public double evaluate(Parameters theta, BatchPortion portion, Parameters gradient) {
            asked.add(portion);
            int from = places.length * portion.from() / portion.of();
            int to = places.length * portion.to() / portion.of();
            double sum = 0;
            for (int i = from; i < to; i++) {
                sum += Toy.values(theta)[0] - places[i];
            }
            Toy.set(gradient, sum / (to - from));
            return from;
        }
    }

    @Test
    void eachStageSeesItsOwnMicroBatchesAndTheLossIsTheFirstStages() {
        Valleys field = new Valleys(1, 2, 3, 4, 5, 6);
        Parameters theta = Toy.parameters(10);
        Kt4 optimizer = new Kt4(SPLIT, theta);
        assertThat(optimizer.step(theta, field, 0.01)).isZero();
        assertThat(field.asked).isEqualTo(Tableau.CLASSIC_4.portions(6));
        assertThat(optimizer.gradientEvaluations()).isEqualTo(4);
        assertThat(optimizer.telemetry())
                .containsOnlyKeys("z", "stageDifference2", "stageDifference3", "stageDifference4");
    }

    /** With the learning rate at 0 all stages lie at one place, so their mean is the whole batch's gradient. */
    @Test
    void withoutMovesItIsTheGradientOfTheWholeBatch() {
        double[] places = {1, 2, 4, 8, 16, 32};
        Parameters theta = Toy.parameters(10);
        Kt4 split = new Kt4(SPLIT, theta);
        AdamW whole = new AdamW(SPLIT, theta);
        split.step(theta, new Valleys(places), 0);
        whole.step(theta, new Valleys(places), 0);
        assertThat(Toy.values(Toy.moment(split, "m"))[0])
                .isCloseTo(Toy.values(Toy.moment(whole, "m"))[0], within(1e-15));
    }

    /** Micro-batches that are all alike leave nothing of the split: it is kt4 without its guard, bit for bit. */
    @Test
    void onEqualMicroBatchesItIsKt4() {
        Parameters moved = Toy.parameters(10);
        Parameters expected = Toy.parameters(10);
        Kt4 split = new Kt4(SPLIT, moved);
        Kt4 kt4 = new Kt4(Toy.with(0.1, 0), expected);
        for (int step = 1; step <= 20; step++) {
            split.step(moved, new Valleys(3, 3, 3, 3), 2.0 / step);
            kt4.step(expected, new Valleys(3), 2.0 / step);
            assertThat(Toy.values(moved)).isEqualTo(Toy.values(expected));
        }
    }

    @Test
    void aBatchThatCannotBeDealtIsRefused() {
        Parameters theta = Toy.parameters(10);
        assertThatThrownBy(() -> new Kt4(SPLIT, theta).step(theta, new Valleys(1, 2, 3), 0.1))
                .hasMessageContaining("3 micro-batches cannot be dealt to the stages of classic-4");
    }

    /** No more vectors than the definition lists: m, v; theta0, den and a gradient for each of four stages. */
    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "KT4_CLASSIC")
    void holdsTheVectorsOfItsDefinition(OptimizerSettings.Kind kind) {
        Parameters like = Toy.parameters(new double[10], new double[3]);
        long before = Toy.allocatedNumbers(like);
        Optimizers.create(SPLIT.withKind(kind), like);
        boolean adam = kind == OptimizerSettings.Kind.ADAMW || kind == OptimizerSettings.Kind.NADAMW;
        assertThat((Toy.allocatedNumbers(like) - before) / 13).isEqualTo(adam ? 3 : 8);
    }

    @Test
    void kt4ClassicHoldsItsStartAndItsSlopes() {
        Parameters like = Toy.parameters(new double[10], new double[3]);
        long before = Toy.allocatedNumbers(like);
        Optimizers.create(SPLIT.withKind(OptimizerSettings.Kind.KT4_CLASSIC), like);
        assertThat((Toy.allocatedNumbers(like) - before) / 13).isEqualTo(5);
    }
}
