package org.dnallama.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.dnallama.config.InputException;
import org.dnallama.config.Seeds;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.xml.sax.SAXException;

class ReportTest {

    private static final Path TARGET = Path.of("target", "report");

    @Test
    void theComparisonHoldsTheTableTheCurvesAndTheCostOfKt4() throws IOException {
        List<Evaluation> both =
                Evaluation.named(List.of(evaluation("adamw", 1, 300, 1.2), evaluation("kt4", 4, 300, 1.6)));
        McNemar mcNemar = new McNemar(4, 9);
        PairedComparison paired = new PairedComparison(
                "adamw",
                "kt4",
                Map.of(
                        Metric.MCC,
                        new PairedComparison.Difference(0.05, Optional.of(new ConfidenceInterval(-0.01, 0.1, 9)))),
                mcNemar);
        Report report = Report.comparing(both, List.of(paired), List.of("A <note>."));
        String page = report.html();
        // Kept for a look in a browser.
        Files.createDirectories(TARGET);
        Files.writeString(TARGET.resolve("comparison.html"), page);
        assertThat(page)
                .contains("kt4 - adamw", "+0.0500 <small>[-0.0100, +0.1000]</small>", "0.27 (9 : 4)")
                .contains("<th scope=row>Recall</th><td>undefined</td>");

        assertThat(page).contains("<p>A &lt;note&gt;.</p>").contains("KT4 takes four gradients a step");
        assertThat(occurrences(page, "<figcaption>Confusion matrix")).isEqualTo(2);
        assertThat(page)
                .contains("ROC", "Precision and recall", "Loss by training steps")
                .contains("Loss by gradient evaluations", "Loss by seconds");
        assertThat(page).contains("<th scope=row>Gradient evaluations</th><td>300</td><td>1200</td>");
        for (String optimizer : List.of("adamw", "kt4")) {
            assertThat(occurrences(page, "<title>" + optimizer + ", dev</title>"))
                    .as("loss curves of %s", optimizer)
                    .isEqualTo(3);
        }
        assertThat(page).as("nothing is loaded from elsewhere").doesNotContain("http", "src=", "url(", "<script");
        assertThat(page).as("every number could be drawn").doesNotContain("NaN").doesNotContain("Infinity");
    }

    @Test
    void anOptimizerKeepsItsColourWhateverItsCompany() {
        Evaluation adamw = evaluation("adamw", 1, 50, 1);
        Evaluation kt4 = evaluation("kt4", 4, 50, 1);
        assertThat(Palette.colours(List.of(kt4, adamw, kt4))).containsExactly(1, 0, 1);
        assertThat(Palette.colours(List.of(kt4))).containsExactly(1);
        assertThat(Palette.dashes(List.of(kt4, adamw, kt4))).containsExactly(0, 0, 1);
        assertThat(Evaluation.named(List.of(kt4, adamw, kt4)))
                .extracting(Evaluation::name)
                .containsExactly("kt4 (run-kt4)", "adamw (run-adamw)", "kt4 (run-kt4)");
    }

    @Test
    void oneClassAndNoLogAreSaidInWords() {
        BinaryMetrics metrics = BinaryMetrics.of(new double[] {0.1, 0.2}, new int[] {0, 0}, 0.5);
        Evaluation bare = new Evaluation("bare", "adamw", metrics, new TrainingLog(Map.of()));
        Findings findings = new Findings(
                bare, List.of(Part.all(metrics, Map.of())), 0, Optional.empty(), List.of(), Map.of(), "{}");
        assertThat(Report.of(findings).html())
                .contains("<th scope=row>AUROC</th><td>undefined</td>")
                .contains("There is no training log.")
                .doesNotContain("What it looked at", "In brackets", "ROC</figcaption>");
        assertThat(Report.comparing(List.of(bare), List.of(), List.of()).html())
                .contains("<th scope=row>Training steps</th><td>unknown</td>");
        assertThat(ResultTable.of(List.of(bare)).toText())
                .contains("                           bare\nMCC                   undefined\n")
                .contains("Accuracy                 1.0000\n");
    }

    @Test
    void theReportHoldsAllThatIsKnownAndEachPlotIsAFile() throws IOException {
        Evaluation evaluation = evaluation("adamw", 1, 300, 1.2);
        BinaryMetrics metrics = evaluation.metrics();
        Map<Metric, ConfidenceInterval> intervals = Map.of(Metric.MCC, new ConfidenceInterval(0.7, 0.8, 1000));
        String bases = "GGCTATAAAAGGCCGCGTTCAGTCCTACGGACCATTCGTACAGGCCTAATCG";
        List<Double> slopes = new ArrayList<>();
        RandomGenerator random = new Seeds(3).stream("saliency");
        for (int i = 0; i < bases.length(); i++) {
            slopes.add(random.nextGaussian());
        }
        Map<String, String> provenance = new LinkedHashMap<>();
        provenance.put("Model", "runs/<finetuned>");
        provenance.put("SHA-256", "0123456789abcdef".repeat(4));
        PublishedRows.PublishedRow row =
                new PublishedRows.PublishedRow("DNABERT-2", "117M", Metric.MCC, 0.7417, "Zhou et al. 2023");
        Findings findings = new Findings(
                evaluation,
                List.of(
                        Part.all(metrics, intervals),
                        Part.atDevThreshold(BinaryMetrics.of(metrics.ranked(), 0.43), intervals),
                        new Part("leakFree", "leak-free", metrics, intervals)),
                1000,
                Optional.of(new PublishedRows("prom_core_tata", List.of(row))),
                List.of(new Saliency("test.csv:7", bases, 0.97, slopes)),
                provenance,
                "{\n  \"seed\" : 42\n}");
        Report report = Report.of(findings);
        Files.createDirectories(TARGET.resolve("plots"));
        Files.writeString(TARGET.resolve("evaluation.html"), report.html());
        for (Map.Entry<String, String> plot : report.plots().entrySet()) {
            Files.writeString(TARGET.resolve("plots").resolve(plot.getKey()), plot.getValue());
        }
        assertThat(report.html())
                .contains(" <small>[0.7000, 0.8000]</small></td>", "<td>0.4300</td>", "1000 resamples")
                .contains("Published for prom_core_tata", "<td>0.7417</td><td>Zhou et al. 2023</td>")
                .contains("Confusion matrix: at dev&#39;s threshold")
                .doesNotContain("Confusion matrix: leak-free")
                .contains("runs/&lt;finetuned&gt;", "&quot;seed&quot; : 42")
                .contains(">TATA</text>", ">Inr</text>");
        assertThat(report.html()).as("nothing is loaded from elsewhere").doesNotContain("src=", "url(", "<script");
        assertThat(report.plots().keySet())
                .containsExactly(
                        "roc.svg",
                        "precision-and-recall.svg",
                        "calibration.svg",
                        "confusion-all-rows.svg",
                        "confusion-at-dev-s-threshold.svg",
                        "loss-by-training-steps.svg",
                        "loss-by-gradient-evaluations.svg",
                        "loss-by-seconds.svg",
                        "saliency-1.svg");
        for (String plot : report.plots().values()) {
            assertIsSvg(plot);
        }
    }

    private static void assertIsSvg(String text) {
        try {
            InputStream bytes = new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
            Document document =
                    DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(bytes);
            assertThat(document.getDocumentElement().getTagName()).isEqualTo("svg");
        } catch (ParserConfigurationException | SAXException | IOException e) {
            throw new AssertionError(text, e);
        }
    }

    @Test
    void motifsAreFoundOnTheirPlaces() {
        //                      0123456789
        assertThat(Motif.find("GGTATAAATACC")).containsExactly(new Motif(Motif.Element.TATA, 2, 9));
        assertThat(Motif.find("TATATATAT")).as("overlapping ones too").hasSize(2);
        assertThat(Motif.find("GTCAGTCCG")).containsExactly(new Motif(Motif.Element.INR, 1, 8));
        assertThat(Motif.find("NNNNNNNNNN")).isEmpty();
    }

    @Test
    void theImageShowsBothColours() throws IOException {
        assertThat(CurvesImage.canDraw()).isTrue();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        CurvesImage.write(
                Evaluation.named(List.of(evaluation("adamw", 1, 300, 1.2), evaluation("kt4", 4, 300, 1.6))), out);
        Files.createDirectories(TARGET);
        Files.write(TARGET.resolve("curves.png"), out.toByteArray());
        BufferedImage image = ImageIO.read(new ByteArrayInputStream(out.toByteArray()));
        assertThat(image.getWidth()).isEqualTo(1280);
        assertThat(image.getHeight()).isEqualTo(960);
        int[] pixels = image.getRGB(0, 0, 1280, 960, null, 0, 1280);
        assertThat(pixels).contains(0xff0072b2, 0xffd55e00);
    }

    @Test
    void smoothingStartsAtTheFirstValueAndKeepsAConstant() {
        List<TrainingLog.Point> constant = java.util.stream.LongStream.range(0, 400)
                .mapToObj(i -> new TrainingLog.Point(i, i, i, 0.7))
                .toList();
        // Sums of up to 400 equal terms over their weight: some roundings.
        assertThat(Plots.smoothed(constant))
                .allSatisfy(p -> assertThat(p.value()).isCloseTo(0.7, within(1e-12)));
    }

    @Test
    void ticksAreRoundAndInside() {
        assertThat(SvgPlot.ticks(new Plot.Axis("x", 0, 1)))
                .usingElementComparator((a, b) -> Math.abs(a - b) < 1e-12 ? 0 : Double.compare(a, b))
                .containsExactly(0.0, 0.2, 0.4, 0.6, 0.8, 1.0);
        assertThat(SvgPlot.ticks(new Plot.Axis("x", 0, 1234))).containsExactly(0.0, 500.0, 1000.0);
    }

    @Test
    void aBadLogLineIsNamed() {
        TrainingLog log = TrainingLog.parse(
                "{\"step\":1,\"lossNats\":0.7,\"gradientEvaluations\":4,\"elapsedSeconds\":0.5}\n\n"
                        + "{\"step\":1,\"devLossNats\":0.6,\"devMcc\":0.1,\"elapsedSeconds\":0.6}\n",
                "log");
        assertThat(log.training()).containsExactly(new TrainingLog.Point(1, 4, 0.5, 0.7));
        assertThat(log.heldOut()).containsExactly(new TrainingLog.Point(1, 0, 0.6, 0.6));
        assertThatThrownBy(() -> TrainingLog.parse("{}\n{oops\n", "training.jsonl"))
                .isInstanceOf(InputException.class)
                .hasMessageStartingWith("training.jsonl:2: is no JSON: ");
    }

    private static long occurrences(String text, String part) {
        return Pattern.compile(Pattern.quote(part)).matcher(text).results().count();
    }

    /** Made-up scores and losses that look like real ones. */
    private static Evaluation evaluation(String optimizer, int gradientsPerStep, int steps, double separation) {
        RandomGenerator random = new Seeds(7).stream(optimizer);
        int count = 400;
        double[] scores = new double[count];
        int[] labels = new int[count];
        for (int i = 0; i < count; i++) {
            labels[i] = i % 2;
            scores[i] = 1 / (1 + Math.exp(-separation * (2 * labels[i] - 1) - random.nextGaussian()));
        }
        StringBuilder log = new StringBuilder();
        for (int step = 1; step <= steps; step++) {
            double loss = 0.3 + 0.4 * Math.exp(-step * gradientsPerStep / 250.0);
            String spent = "{\"step\":" + step + ",\"gradientEvaluations\":" + step * gradientsPerStep
                    + ",\"elapsedSeconds\":" + step * gradientsPerStep * 0.11 + ",";
            log.append(spent + "\"lossNats\":" + (loss + 0.08 * random.nextGaussian()) + "}\n");
            if (step % 50 == 0) {
                log.append(spent + "\"devLossNats\":" + (loss + 0.03) + ",\"devMcc\":0.5}\n");
            }
        }
        return new Evaluation(
                "run-" + optimizer,
                optimizer,
                BinaryMetrics.of(scores, labels, 0.5),
                TrainingLog.parse(log.toString(), "log"));
    }
}
