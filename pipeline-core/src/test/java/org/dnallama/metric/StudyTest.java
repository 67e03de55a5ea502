package org.dnallama.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StudyTest {

    private static final Path TARGET = Path.of("target", "report");

    // A handful of roundings of numbers near 1.
    private static final double ROUNDING = 1e-12;

    @Test
    void spreadIsMeanSampleDeviationAndRange() {
        Spread spread = Spread.of(List.of(1.0, 2.0, 6.0));
        assertThat(spread.mean()).isEqualTo(3);
        // ((-2)² + (-1)² + 3²) / 2 = 7
        assertThat(spread.sd()).isCloseTo(Math.sqrt(7), within(ROUNDING));
        assertThat(spread.least()).isEqualTo(1);
        assertThat(spread.most()).isEqualTo(6);
        assertThat(Spread.of(List.of(4.0))).isEqualTo(new Spread(1, 4, 0, 4, 4));
    }

    @Test
    void theBootstrapOfThreeSeedsIsWorkedByHand() {
        // 27 resamples of {0, 3, 6}; means 0 and 6 once each, 1 and 5 three times, and so on.
        // 2.5 % of 27 is 0.675, so the lowest mean; 97.5 % is 26.3, so the highest.
        PairedBootstrap three = PairedBootstrap.of(List.of(0.0, 3.0, 6.0));
        assertThat(three.mean()).isEqualTo(3);
        assertThat(three.low()).isEqualTo(0);
        assertThat(three.high()).isEqualTo(6);
        assertThat(three.below()).isZero();
        assertThat(three.smallestSignP()).isEqualTo(0.25);
    }

    @Test
    void theBootstrapOfFiveSeedsIsWorkedByHand() {
        // Differences 0, 0, 0, 0, -5: of 3125 resamples the mean is -k with probability C(5,k) 4^(5-k) / 3125:
        // k = 0: 1024, 1: 1280, 2: 640, 3: 160, 4: 20, 5: 1. Below -2: 181 = 5.8 %; below -3: 21 = 0.7 %.
        PairedBootstrap five = PairedBootstrap.of(List.of(0.0, 0.0, -5.0, 0.0, 0.0));
        assertThat(five.mean()).isEqualTo(-1);
        assertThat(five.low()).isEqualTo(-3);
        assertThat(five.high()).isEqualTo(0);
        assertThat(five.below()).isEqualTo(1);
        assertThat(five.count()).isEqualTo(5);
    }

    @Test
    void manySeedsAreResampledAtRandomAndAlwaysAlike() {
        List<Double> differences =
                IntStream.range(0, 40).mapToObj(i -> i % 2 == 0 ? 1.0 : -1.0).toList();
        PairedBootstrap many = PairedBootstrap.of(differences);
        assertThat(PairedBootstrap.of(differences)).isEqualTo(many);
        // The mean of 40 fair signs: sd 1/sqrt(40) = 0.158; 1.96 sd = 0.31, on a lattice of 0.05 that 10,000 draws hit.
        assertThat(many.low()).isBetween(-0.36, -0.26);
        assertThat(many.high()).isBetween(0.26, 0.36);
    }

    @Test
    void costToATargetIsLinearBetweenMeasurements() {
        StudyRun run = run(1e-3, 1, 2.0, 1.5, 1.1, 1.3, 0.9);
        // Measured at 10, 20, ... seconds. 1.3 lies half way from 1.5 at 20 s to 1.1 at 30 s.
        assertThat(run.costTo(1.3, TrainingLog.Point::elapsedSeconds).orElseThrow())
                .isCloseTo(25, within(ROUNDING));
        assertThat(run.costTo(1.5, TrainingLog.Point::step).orElseThrow()).isEqualTo(20);
        assertThat(run.costTo(2.5, TrainingLog.Point::elapsedSeconds)).hasValue(10);
        assertThat(run.costTo(0.8, TrainingLog.Point::elapsedSeconds)).isEmpty();
        assertThat(run.bestLoss()).isEqualTo(0.9);
    }

    @Test
    void theRateIsChosenByTheFirstSeedAloneAndAnEdgeIsTold() {
        Trial trial =
                trial("adamw", 1, run(0.1, 7, 2, 1), run(0.01, 7, 2, 0.5), run(0.001, 7, 2, 0.7), run(0.01, 8, 2, 9));
        assertThat(trial.learningRate()).hasValue(0.01);
        assertThat(trial.isAtEdge()).isFalse();
        assertThat(trial.confirmed()).extracting(StudyRun::seed).containsExactly(7L, 8L);
        assertThat(trial.loss().orElseThrow().mean()).isEqualTo((0.5 + 2) / 2);
        assertThat(trial("kt4", 4, run(0.1, 7, 1), failed(0.01, 7)).isAtEdge()).isTrue();
    }

    @Test
    void failedRunsAreSaidAndNotAveraged() {
        Trial never = trial("kt4-classic", 4, failed(0.1, 1), failed(1, 1));
        Trial once = trial("kt4", 4, run(0.1, 1, 1), failed(0.1, 2));
        Trial adamw = trial("adamw", 1, run(0.1, 1, 1), run(0.1, 2, 1.5));
        assertThat(never.learningRate()).isEmpty();
        assertThat(once.loss()).isEmpty();
        assertThat(once.minus(adamw)).isEmpty();
        Study study = study(List.of(never, once, adamw), OptionalDouble.empty());
        assertThat(study.target())
                .as("the worst run of the first that never failed")
                .hasValue(1.5);
        assertThat(StudyReport.html(study)).contains("<td>failed</td>", "0.1: failed", "1 of 2");
    }

    @Test
    void gradientsAreCountedInWholeBatches() {
        Trial split = new Trial("kt4-split", "kt4-split", 5, 0.25, List.of(run(0.1, 1, 1)));
        assertThat(split.gradients(new TrainingLog.Point(5, 20, 1, 0))).isEqualTo(5);
    }

    @Test
    void reportTextAndJsonTellOfAllThreeViews() throws IOException {
        Study study = study(
                List.of(
                        trial("adamw", 1, run(0.1, 1, 2, 1.4, 1.0), run(0.1, 2, 2, 1.5, 1.1), run(0.1, 3, 2, 1.5, 1.2)),
                        trial("kt4", 4, run(0.1, 1, 2, 1.2, 0.9), run(0.1, 2, 2, 1.3, 1.0), run(0.1, 3, 2, 1.4, 1.2))),
                OptionalDouble.empty());
        String page = StudyReport.html(study);
        Files.createDirectories(TARGET);
        Files.writeString(TARGET.resolve("study.html"), page);
        assertThat(page)
                .contains("At equal gradient evaluations", "In seconds to a target", "At equal steps")
                .contains("sign test comes down to p = 0.25")
                .contains("<polygon class=\"band c0\"", "<polygon class=\"band c1\"")
                .contains("Curvature z", "Stage differences: kt4", "Fallbacks")
                .contains("1.1000 ± 0.1000")
                .doesNotContain("http", "src=", "url(", "<script", "NaN", "Infinity");
        assertThat(StudyReport.text(study)).contains("At equal steps\n", "Target: a held-out loss of 1.2000 nats");

        JsonNode json = StudyJson.of(study);
        // Differences: -0.1, -0.1, 0.
        JsonNode difference = json.at("/equalGradientEvaluations/1/differences/0");
        assertThat(difference.path("minus").asText()).isEqualTo("adamw");
        assertThat(difference.path("meanNats").asDouble()).isCloseTo(-0.2 / 3, within(ROUNDING));
        assertThat(difference.path("seedsBelowZero").asInt()).isEqualTo(2);
        // To 1.2: adamw 20 + 10 * 0.2 / 0.4 = 25, 20 + 10 * 0.3 / 0.4 = 27.5, 30.
        assertThat(json.at("/equalGradientEvaluations/0/secondsToTarget/mean").asDouble())
                .isCloseTo(27.5, within(ROUNDING));
        assertThat(json.at("/equalGradientEvaluations/0/runsAtTarget").asInt()).isEqualTo(3);

        ByteArrayOutputStream png = new ByteArrayOutputStream();
        CurvesImage.write(study, png);
        Files.write(TARGET.resolve("study.png"), png.toByteArray());
        assertThat(png.size()).isPositive();
    }

    private static Study study(List<Trial> trials, OptionalDouble target) {
        return new Study("a test", new Study.Budget(30, 120, 8, 1, 3, 1), trials, trials, target);
    }

    private static Trial trial(String optimizer, int gradients, StudyRun... runs) {
        List<StudyRun> own = new ArrayList<>();
        for (StudyRun run : runs) {
            String log = IntStream.range(0, run.log().heldOut().size())
                    .mapToObj(i -> line(i, gradients, run.log().heldOut().get(i).value()))
                    .reduce("", String::concat);
            own.add(new StudyRun(run.learningRate(), run.seed(), TrainingLog.parse(log, "log"), run.failure()));
        }
        return new Trial(optimizer, optimizer, 30, 1, own);
    }

    /** Measured after every 10 steps, a second a step. */
    private static StudyRun run(double rate, long seed, double... losses) {
        StringBuilder log = new StringBuilder();
        for (int i = 0; i < losses.length; i++) {
            log.append(line(i, 1, losses[i]));
        }
        return new StudyRun(rate, seed, TrainingLog.parse(log.toString(), "log"), Optional.empty());
    }

    private static StudyRun failed(double rate, long seed) {
        return new StudyRun(rate, seed, TrainingLog.parse("", "log"), Optional.of("step 2: the loss is NaN"));
    }

    private static String line(int i, int gradients, double loss) {
        int step = 10 * (i + 1);
        String curvature = gradients == 1
                ? ""
                : ",\"z\":0.5,\"stageDifference2\":0.1,\"stageDifference3\":0.2,\"fallback\":" + i % 2;
        return "{\"step\":%d,\"gradientEvaluations\":%d,\"elapsedSeconds\":%d,\"validLossNats\":%s%s}\n"
                .formatted(step, step * gradients, step, loss, curvature);
    }
}
