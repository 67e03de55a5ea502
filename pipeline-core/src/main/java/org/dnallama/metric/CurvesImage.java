package org.dnallama.metric;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.font.FontRenderContext;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler.LegendLayout;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** The curves of a comparison as a bitmap, for places that show no HTML. */
public final class CurvesImage {

    private static final int WIDTH = 640;
    private static final int HEIGHT = 480;
    private static final int COLUMNS = 2;
    private static final Color GRID = new Color(0xe1e4e8);
    // More names do not fit below a plot.
    private static final int MOST_IN_A_ROW = 5;
    private static final int BAND_ALPHA = 45;
    private static final Color SOFT = new Color(0x5d646c);

    private CurvesImage() {}

    /**
     * Whether this Java can draw text; a bare container without fonts cannot.
     *
     * @return true if {@link #write} will work
     */
    public static boolean canDraw() {
        try {
            font(12).getStringBounds("x", new FontRenderContext(null, true, true));
            return true;
        } catch (RuntimeException | LinkageError | InternalError e) {
            // Java reports missing fonts in each of these ways, depending on its build.
            return false;
        }
    }

    /**
     * Draws the ROC curves and the loss by steps, gradient evaluations and seconds, as far as there are any.
     *
     * @param evaluations the evaluations
     * @param out gets a PNG file; not closed
     * @throws IOException if it cannot be written
     */
    public static void write(List<Evaluation> evaluations, OutputStream out) throws IOException {
        List<Plot> plots = Stream.of(
                        Plots.roc(evaluations),
                        Plots.loss(evaluations, Plots.Cost.STEPS),
                        Plots.loss(evaluations, Plots.Cost.GRADIENT_EVALUATIONS),
                        Plots.loss(evaluations, Plots.Cost.SECONDS))
                .flatMap(Optional::stream)
                .toList();
        draw(plots, out);
    }

    /**
     * Draws the held-out loss of a study: at equal steps, and at equal gradient evaluations by gradients and seconds.
     *
     * @param study the study
     * @param out gets a PNG file; not closed
     * @throws IOException if it cannot be written
     */
    public static void write(Study study, OutputStream out) throws IOException {
        List<Plot> plots = Stream.of(
                        StudyPlots.lossBySteps(study.equalSteps()),
                        StudyPlots.lossByGradients(study.equalGradients()),
                        StudyPlots.lossBySeconds(study.equalGradients()),
                        CurvaturePlots.of(Course.ofTrials(study.equalGradients()))
                                .get(0))
                .flatMap(Optional::stream)
                .toList();
        draw(plots, out);
    }

    private static void draw(List<Plot> plots, OutputStream out) throws IOException {
        int rows = Math.max(1, (plots.size() + COLUMNS - 1) / COLUMNS);
        BufferedImage image = new BufferedImage(COLUMNS * WIDTH, rows * HEIGHT, BufferedImage.TYPE_INT_RGB);
        Graphics2D canvas = image.createGraphics();
        canvas.setColor(Color.WHITE);
        canvas.fillRect(0, 0, image.getWidth(), image.getHeight());
        for (int i = 0; i < plots.size(); i++) {
            canvas.drawImage(
                    BitmapEncoder.getBufferedImage(chart(plots.get(i))),
                    i % COLUMNS * WIDTH,
                    i / COLUMNS * HEIGHT,
                    null);
        }
        canvas.dispose();
        ImageIO.write(image, "png", out);
    }

    private static XYChart chart(Plot plot) {
        XYChart chart = new XYChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title(plot.title())
                .xAxisTitle(plot.x().label())
                .yAxisTitle(plot.y().label())
                .build();
        chart.getStyler()
                .setChartTitleFont(font(17))
                .setChartBackgroundColor(Color.WHITE)
                .setChartTitleBoxVisible(false)
                .setLegendFont(font(12))
                .setLegendPosition(LegendPosition.OutsideS)
                .setLegendLayout(LegendLayout.Horizontal)
                .setLegendBorderColor(Color.WHITE)
                .setPlotBorderVisible(false);
        chart.getStyler()
                .setAxisTitleFont(font(13))
                .setAxisTickLabelsFont(font(12))
                .setAxisTickLabelsColor(SOFT)
                .setPlotGridLinesColor(GRID)
                .setPlotGridLinesStroke(new BasicStroke(1))
                .setAxisTicksLineVisible(false)
                .setXAxisTickMarkSpacingHint(90)
                .setXAxisMin(plot.x().least())
                .setXAxisMax(plot.x().most())
                .setYAxisMin(plot.y().least())
                .setYAxisMax(plot.y().most());
        for (int i = 0; i < plot.bands().size(); i++) {
            add(chart, "band " + i, plot.bands().get(i));
        }
        if (plot.series().size() > MOST_IN_A_ROW) {
            chart.getStyler().setLegendPosition(LegendPosition.InsideNE).setLegendLayout(LegendLayout.Vertical);
        }
        plot.series().forEach(series -> add(chart, series));
        return chart;
    }

    private static void add(XYChart chart, String name, Plot.Band band) {
        Color colour = Color.decode(Palette.LIGHT.get(band.colour()));
        XYSeries area = chart.addSeries(name, x(band.outline()), y(band.outline()));
        area.setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.PolygonArea).setShowInLegend(false);
        area.setMarker(SeriesMarkers.NONE);
        area.setFillColor(new Color(colour.getRed(), colour.getGreen(), colour.getBlue(), BAND_ALPHA));
        area.setLineColor(new Color(0, true));
    }

    private static List<Double> x(List<Plot.Point> points) {
        return points.stream().map(Plot.Point::x).toList();
    }

    private static List<Double> y(List<Plot.Point> points) {
        return points.stream().map(Plot.Point::y).toList();
    }

    private static void add(XYChart chart, Plot.Series series) {
        float width = switch (series.mark()) {
            case LINE, DOTTED -> 2.4f;
            case PALE -> 1.2f;
            case REFERENCE -> 1f;
        };
        boolean reference = series.mark() == Plot.Mark.REFERENCE;
        Color colour = reference ? SOFT : Color.decode(Palette.LIGHT.get(series.colour()));
        Marker marker = series.mark() == Plot.Mark.DOTTED ? SeriesMarkers.CIRCLE : SeriesMarkers.NONE;
        XYSeries curve = chart.addSeries(series.name(), x(series.points()), y(series.points()));
        curve.setMarkerColor(colour).setMarker(marker);
        curve.setLineColor(colour).setLineStyle(stroke(Palette.DASHES.get(series.dash()), width));
    }

    private static BasicStroke stroke(List<Integer> dashes, float width) {
        if (dashes.isEmpty()) {
            return new BasicStroke(width, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND);
        }
        float[] pattern = new float[dashes.size()];
        for (int i = 0; i < pattern.length; i++) {
            pattern[i] = dashes.get(i);
        }
        return new BasicStroke(width, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 10, pattern, 0);
    }

    private static Font font(int size) {
        return new Font(Font.SANS_SERIF, Font.PLAIN, size);
    }
}
