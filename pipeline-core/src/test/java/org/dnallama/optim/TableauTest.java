package org.dnallama.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class TableauTest {

    /** A ratio of whole numbers. */
    private record Ratio(BigInteger over, BigInteger under) {

        static final Ratio ZERO = of(0, 1);

        Ratio {
            BigInteger common = over.gcd(under).multiply(BigInteger.valueOf(under.signum()));
            over = over.divide(common);
            under = under.divide(common);
        }

        static Ratio of(long over, long under) {
            return new Ratio(BigInteger.valueOf(over), BigInteger.valueOf(under));
        }

        Ratio plus(Ratio o) {
            return new Ratio(over.multiply(o.under).add(o.over.multiply(under)), under.multiply(o.under));
        }

        Ratio times(Ratio o) {
            return new Ratio(over.multiply(o.over), under.multiply(o.under));
        }
    }

    static Stream<Tableau> tableaux() {
        return Tableau.byName().values().stream();
    }

    private static Ratio a(Tableau tableau, int stage, int earlier) {
        return Ratio.of(tableau.a().get(stage - 1).get(earlier), tableau.aUnits());
    }

    /** One number for each stage: the sum over earlier stages of a[i][j] x[j]. */
    private static List<Ratio> timesA(Tableau tableau, List<Ratio> x) {
        return each(tableau, i -> {
            Ratio sum = Ratio.ZERO;
            for (int j = 0; j < i; j++) {
                sum = sum.plus(a(tableau, i, j).times(x.get(j)));
            }
            return sum;
        });
    }

    private static List<Ratio> each(Tableau tableau, IntFunction<Ratio> number) {
        List<Ratio> numbers = new ArrayList<>();
        for (int i = 0; i < tableau.stages(); i++) {
            numbers.add(number.apply(i));
        }
        return numbers;
    }

    private static List<Ratio> product(List<Ratio> x, List<Ratio> y) {
        List<Ratio> products = new ArrayList<>();
        for (int i = 0; i < x.size(); i++) {
            products.add(x.get(i).times(y.get(i)));
        }
        return products;
    }

    private static Ratio step(Tableau tableau, List<Ratio> x) {
        Ratio sum = Ratio.ZERO;
        for (int i = 0; i < x.size(); i++) {
            sum = sum.plus(Ratio.of(tableau.b().get(i), tableau.bUnits()).times(x.get(i)));
        }
        return sum;
    }

    /**
     * Butcher's conditions, one for each rooted tree: left sides, by order, and what they must be for that order to
     * hold. All four orders are tried, so the method is of the order that it claims and of no higher one.
     */
    @ParameterizedTest
    @MethodSource("tableaux")
    void isOfItsOrderAndNoHigher(Tableau tableau) {
        List<Ratio> one = each(tableau, i -> Ratio.of(1, 1));
        List<Ratio> c = timesA(tableau, one);
        List<Ratio> ac = timesA(tableau, c);
        List<Ratio> cc = product(c, c);
        List<List<Ratio>> left = List.of(
                List.of(step(tableau, one)),
                List.of(step(tableau, c)),
                List.of(step(tableau, cc), step(tableau, ac)),
                List.of(
                        step(tableau, product(cc, c)),
                        step(tableau, product(c, ac)),
                        step(tableau, timesA(tableau, cc)),
                        step(tableau, timesA(tableau, ac))));
        List<List<Ratio>> right = List.of(
                List.of(Ratio.of(1, 1)),
                List.of(Ratio.of(1, 2)),
                List.of(Ratio.of(1, 3), Ratio.of(1, 6)),
                List.of(Ratio.of(1, 4), Ratio.of(1, 8), Ratio.of(1, 12), Ratio.of(1, 24)));
        int order = 0;
        while (order < 4 && left.get(order).equals(right.get(order))) {
            order++;
        }
        assertThat(order).isEqualTo(tableau.order());
    }

    /** Coefficients of the growth in one step of dx/dt = -z x: the sum of (-z)^k b A^(k-1) 1. */
    private static List<Ratio> stabilityPolynomial(Tableau tableau) {
        List<Ratio> coefficients = new ArrayList<>(List.of(Ratio.of(1, 1)));
        List<Ratio> power = each(tableau, i -> Ratio.of(1, 1));
        for (int k = 1; k <= tableau.stages(); k++) {
            coefficients.add(step(tableau, power).times(Ratio.of(k % 2 == 0 ? 1 : -1, 1)));
            power = timesA(tableau, power);
        }
        return coefficients;
    }

    @Test
    void chebyshevsStabilityPolynomialIsT4() {
        // T4(x) = 8 x^4 - 8 x^2 + 1 at x = 1 - z/16: bounded by 1 for z from 0 to 32.
        assertThat(stabilityPolynomial(Tableau.CHEBYSHEV_4))
                .containsExactly(
                        Ratio.of(1, 1), Ratio.of(-1, 1), Ratio.of(5, 32), Ratio.of(-1, 128), Ratio.of(1, 8192));
    }

    @Test
    void theMethodsOfOrder4GrowAsTheExponentialDoes() {
        List<Ratio> taylor = List.of(Ratio.of(1, 1), Ratio.of(-1, 1), Ratio.of(1, 2), Ratio.of(-1, 6), Ratio.of(1, 24));
        assertThat(stabilityPolynomial(Tableau.CLASSIC_4)).isEqualTo(taylor);
        assertThat(stabilityPolynomial(Tableau.THREE_EIGHTHS_4)).isEqualTo(taylor);
    }

    @Test
    void microBatchesGoByWeightWhereThatComesOutEven() {
        assertThat(Tableau.CLASSIC_4.portions(12))
                .containsExactly(
                        new BatchPortion(0, 1, 6),
                        new BatchPortion(1, 3, 6),
                        new BatchPortion(3, 5, 6),
                        new BatchPortion(5, 6, 6));
        assertThat(Tableau.CLASSIC_4.portions(8))
                .containsExactly(
                        new BatchPortion(0, 1, 4),
                        new BatchPortion(1, 2, 4),
                        new BatchPortion(2, 3, 4),
                        new BatchPortion(3, 4, 4));
        assertThat(Tableau.HEUN_2.portions(4)).hasSize(2);
        assertThatThrownBy(() -> Tableau.CLASSIC_4.portions(5))
                .hasMessage("5 micro-batches cannot be dealt to the stages of classic-4: take a multiple of 4 or 6");
    }

    @Test
    void aRankDealsItsPartAsOneRankDealsAllOrNotAtAll() {
        assertThat(Tableau.CLASSIC_4.dealsAlike(8, 4)).isTrue();
        assertThat(Tableau.CLASSIC_4.dealsAlike(12, 6)).isTrue();
        assertThat(Tableau.CLASSIC_4.dealsAlike(4, 2)).as("too few").isFalse();
        assertThat(Tableau.CLASSIC_4.dealsAlike(12, 4))
                .as("by weight, and evenly")
                .isFalse();
        assertThat(Tableau.THREE_EIGHTHS_4.dealsAlike(8, 4))
                .as("by weight, and evenly")
                .isFalse();
    }

    @Test
    void numbersThatAreNoExplicitMethodAreRefused() {
        assertThatThrownBy(() -> new Tableau("odd", 1, 1, List.of(List.of(1, 1)), 2, List.of(1, 1)))
                .hasMessageContaining("no tableau of an explicit method: odd");
        assertThatThrownBy(() -> new Tableau("odd", 1, 1, List.of(List.of(1)), 3, List.of(1, 1)))
                .hasMessageContaining("odd");
        assertThatThrownBy(() -> new Tableau("odd", 1, 1, List.of(List.of(0)), 2, List.of(1, 1)))
                .hasMessageContaining("odd");
    }
}
