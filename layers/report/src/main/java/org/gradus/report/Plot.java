package org.gradus.report;

import java.awt.AWTError;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.knowm.xchart.VectorGraphicsEncoder;
import org.knowm.xchart.VectorGraphicsEncoder.VectorGraphicsFormat;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.XYStyler;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * Curves over epochs as an SVG element, which XChart draws in colours that stand for those of the
 * page: light ones in the dark, dark ones in the light.
 */
final class Plot {
  private static final int WIDTH = 440;
  private static final int HEIGHT = 240;

  /** About the width between the axes. */
  private static final int INNER_WIDTH = 390;

  /** Above, a value cannot be told from infinity by eye, and sizes of axes overflow. */
  private static final double MOST = 1e30;

  /** So many points are marked; more would cover each other. */
  private static final int MOST_MARKED = 40;

  private static final Color PAPER = new Color(1, 1, 1);
  private static final Color GRID = new Color(1, 1, 2);
  private static final Color INK = new Color(1, 1, 3);
  private static final Color MARK = new Color(1, 1, 4);
  private static final Color ONE = new Color(1, 1, 5);
  private static final Color TWO = new Color(1, 1, 6);

  private static final Pattern CLIP = Pattern.compile("clip-?\\d+");
  private static final Pattern LONG_NUMBER = Pattern.compile("-?\\d+\\.\\d{3,}(?:[eE]-?\\d+)?");

  private Plot() {}

  /** A curve. */
  static final class Curve {
    private final int colour;
    private final double[] x;
    private final double[] y;

    /**
     * Of points; the arrays are not copied.
     *
     * @param colour 0 or 1
     * @param x in order
     * @param y as many; what is not finite is a gap
     */
    Curve(int colour, double[] x, double[] y) {
      this.colour = colour;
      this.x = x;
      this.y = y;
    }

    Curve drawable() {
      double[] values = y.clone();
      for (int i = 0; i < values.length; i++) {
        values[i] = isDrawn(values[i]) ? values[i] : Double.NaN;
      }
      return new Curve(colour, x, values);
    }

    /** The points that no line leads to, since what is before and behind is a gap. */
    Optional<Curve> lonely() {
      int[] places =
          IntStream.range(0, y.length)
              .filter(i -> isDrawn(y[i]))
              .filter(i -> i == 0 || !isDrawn(y[i - 1]))
              .filter(i -> i == y.length - 1 || !isDrawn(y[i + 1]))
              .toArray();
      return places.length == 0
          ? Optional.empty()
          : Optional.of(
              new Curve(
                  colour,
                  IntStream.of(places).mapToDouble(i -> x[i]).toArray(),
                  IntStream.of(places).mapToDouble(i -> y[i]).toArray()));
    }

    boolean isMarked() {
      return DoubleStream.of(y).filter(Plot::isDrawn).count() <= MOST_MARKED;
    }
  }

  /** Whether a value has a place in a plot: it is finite, and not so large that it might not be. */
  static boolean isDrawn(double value) {
    return Math.abs(value) < MOST;
  }

  /**
   * The picture; empty if no value is finite.
   *
   * @param number of the plot in its page
   * @param mark a point of a curve, x and y
   * @param words for those who do not see it
   */
  static Optional<String> svg(
      int number, List<Curve> curves, Optional<double[]> mark, String words) {
    List<Curve> drawn = curves.stream().map(Curve::drawable).toList();
    double[] range = range(drawn);
    if (!(range[0] <= range[1])) {
      return Optional.empty();
    }
    String svg = drawn(() -> encoded(chart(drawn, mark, range)));
    return Optional.of(inPage(svg, number, words));
  }

  /**
   * What is drawn; a runtime that cannot do so, for want of fonts, or of the display that it is
   * told to use, gives an error at first, and a LinkageError from then on.
   *
   * @throws IllegalStateException instead
   */
  static String drawn(Supplier<String> picture) {
    try {
      return picture.get();
    } catch (LinkageError | InternalError | AWTError e) {
      throw new IllegalStateException("this Java runtime draws no text: " + e, e);
    }
  }

  /** The least and the largest finite value; not in this order if there is none. */
  private static double[] range(List<Curve> curves) {
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    for (Curve curve : curves) {
      for (double y : curve.y) {
        low = Double.isNaN(y) ? low : Math.min(low, y);
        high = Double.isNaN(y) ? high : Math.max(high, y);
      }
    }
    return new double[] {low, high};
  }

  private static XYChart chart(List<Curve> curves, Optional<double[]> mark, double[] range) {
    XYChart chart = new XYChartBuilder().width(WIDTH).height(HEIGHT).build();
    style(chart.getStyler());
    double largest = Math.max(Math.abs(range[0]), Math.abs(range[1]));
    boolean isFlat = range[1] - range[0] <= 1e-3 * largest; // labels of four digits would be equal
    double room = isFlat ? Math.max(0.2 * largest, 1e-9) : 0.06 * (range[1] - range[0]);
    chart.getStyler().setYAxisMin(range[0] - room);
    chart.getStyler().setYAxisMax(range[1] + room);
    double first = epochs(curves).min().orElseThrow();
    double last = epochs(curves).max().orElseThrow();
    double edge = last > first ? 0.03 * (last - first) : 1;
    chart.getStyler().setXAxisMin(first - edge);
    chart.getStyler().setXAxisMax(last + edge);
    double wholeNumber = 0.8 * INNER_WIDTH / (last - first + 2 * edge);
    chart.getStyler().setXAxisTickMarkSpacingHint((int) Math.max(50, wholeNumber));
    for (Curve curve : curves) {
      Marker marker = curve.isMarked() ? SeriesMarkers.CIRCLE : SeriesMarkers.NONE;
      Color colour = curve.colour == 0 ? ONE : TWO;
      add(chart, "curve " + curve.colour, curve.x, curve.y, colour, marker);
      if (!curve.isMarked()) {
        curve.lonely().ifPresent(points -> addPoints(chart, points, colour));
      }
    }
    mark.filter(point -> isDrawn(point[1]))
        .ifPresent(
            point ->
                add(
                    chart,
                    "mark",
                    new double[] {point[0]},
                    new double[] {point[1]},
                    MARK,
                    SeriesMarkers.DIAMOND));
    return chart;
  }

  private static DoubleStream epochs(List<Curve> curves) {
    return curves.stream().flatMapToDouble(curve -> DoubleStream.of(curve.x));
  }

  private static void addPoints(XYChart chart, Curve points, Color colour) {
    String name = "points " + points.colour;
    add(chart, name, points.x, points.y, colour, SeriesMarkers.CIRCLE)
        .setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Scatter);
  }

  private static XYSeries add(
      XYChart chart, String name, double[] x, double[] y, Color colour, Marker marker) {
    XYSeries series = chart.addSeries(name, x, y);
    series.setLineColor(colour);
    series.setLineWidth(2);
    series.setMarker(marker);
    series.setMarkerColor(colour);
    return series;
  }

  private static void style(XYStyler style) {
    Font font = new Font(Font.SANS_SERIF, Font.PLAIN, 13);
    style.setBaseFont(font);
    style.setAxisTickLabelsFont(font);
    style.setLocale(Locale.ROOT);
    style.setLegendVisible(false);
    style.setChartTitleVisible(false);
    style.setAxisTitlesVisible(false);
    style.setChartPadding(4);
    style.setPlotMargin(0);
    style.setAxisTicksLineVisible(false);
    style.setMarkerSize(7);
    style.setChartBackgroundColor(PAPER);
    style.setPlotBackgroundColor(PAPER);
    style.setPlotBorderColor(GRID);
    style.setPlotGridLinesColor(GRID);
    style.setPlotGridLinesStroke(new BasicStroke(1));
    style.setAxisTickMarksColor(GRID);
    style.setAxisTickLabelsColor(INK);
    style.setChartFontColor(INK);
    style.setYAxisTickMarkSpacingHint(40);
    style.setxAxisTickLabelsFormattingFunction(x -> Figures.value(Math.rint(x)));
    style.setyAxisTickLabelsFormattingFunction(Figures::value);
  }

  private static String encoded(XYChart chart) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      VectorGraphicsEncoder.saveVectorGraphic(chart, bytes, VectorGraphicsFormat.SVG);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  /** An SVG file as an element of the page: scaled, in its colours, with ids of its own. */
  private static String inPage(String file, int number, String words) {
    int start = file.indexOf('>', file.indexOf("<svg")) + 1;
    String body = named(file.substring(start), number);
    body = coloured(rounded(body));
    return "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %s %s\" role=\"img\""
            .formatted(WIDTH, HEIGHT)
        + " aria-label=\"%s\">".formatted(Html.text(words))
        + body;
  }

  /** Paths that clip are called after numbers that differ in each run. */
  private static String named(String body, int number) {
    Map<String, String> names = new LinkedHashMap<>();
    Matcher matcher = CLIP.matcher(body);
    StringBuilder named = new StringBuilder();
    while (matcher.find()) {
      String name = names.computeIfAbsent(matcher.group(), old -> names.size() + "");
      matcher.appendReplacement(named, "plot" + number + "-" + name);
    }
    return matcher.appendTail(named).toString();
  }

  private static String rounded(String body) {
    return LONG_NUMBER
        .matcher(body)
        .replaceAll(
            match ->
                new BigDecimal(match.group())
                    .setScale(2, RoundingMode.HALF_EVEN)
                    .stripTrailingZeros()
                    .toPlainString());
  }

  private static String coloured(String body) {
    return body.replace(rgb(PAPER), "none")
        .replace(rgb(GRID), "var(--line)")
        .replace(rgb(INK), "var(--soft)")
        .replace(rgb(MARK), "var(--mark)")
        .replace(rgb(ONE), "var(--one)")
        .replace(rgb(TWO), "var(--two)");
  }

  private static String rgb(Color colour) {
    return "rgb(%s,%s,%s)".formatted(colour.getRed(), colour.getGreen(), colour.getBlue());
  }
}
