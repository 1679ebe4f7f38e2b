package org.gradus.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.AWTError;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.gradus.layers.train.Best;
import org.gradus.layers.train.Epoch;
import org.gradus.layers.train.History;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

/** Curves as SVG, and their section. */
class PlotTest {

  private static Optional<String> svg(double... y) {
    double[] x = IntStream.rangeClosed(1, y.length).asDoubleStream().toArray();
    return Plot.svg(3, List.of(new Plot.Curve(0, x, y)), Optional.empty(), "a \"curve\"");
  }

  private static List<Element> of(Document svg, String tag, String colour) {
    List<Element> found = new ArrayList<>();
    for (Element element : Pages.elements(svg, tag)) {
      if (element.getAttribute("style").contains("var(--" + colour + ")")) {
        found.add(element);
      }
    }
    return found;
  }

  @Test
  void aPointIsMarkedAtItsPlace() {
    Document svg = Pages.parsed(svg(3, 1, 2).orElseThrow());
    List<Element> points = of(svg, "ellipse", "one");
    assertEquals(3, points.size());
    assertEquals(2, of(svg, "line", "one").size());
    double[] x =
        points.stream().mapToDouble(p -> Double.parseDouble(p.getAttribute("cx"))).toArray();
    double[] y =
        points.stream().mapToDouble(p -> Double.parseDouble(p.getAttribute("cy"))).toArray();
    assertEquals(x[1] - x[0], x[2] - x[1], 0.02);
    assertTrue(x[0] > 20 && x[2] < 440 && x[0] < x[1]);
    assertEquals((y[1] - y[0]) / 2, y[2] - y[0], 0.02); // downwards: 1 is lowest
    assertTrue(y[0] > 0 && y[1] < 240 && y[0] < y[1]);
  }

  @Test
  void itHasTheColoursOfThePageAndIdsOfItsOwn() {
    String text = svg(3, 1, 2).orElseThrow();
    Document svg = Pages.parsed(text);
    assertFalse(text.contains("rgb("), text);
    assertEquals("0 0 440 240", svg.getDocumentElement().getAttribute("viewBox"));
    assertEquals("a \"curve\"", svg.getDocumentElement().getAttribute("aria-label"));
    List<Element> clips = Pages.elements(svg, "clipPath");
    assertFalse(clips.isEmpty());
    clips.forEach(clip -> assertTrue(clip.getAttribute("id").startsWith("plot3-")));
    assertEquals(text, svg(3, 1, 2).orElseThrow());
  }

  @Test
  void whatIsNotFiniteIsAGap() {
    double infinity = Double.POSITIVE_INFINITY;
    Document svg = Pages.parsed(svg(1, Double.NaN, 2, 3, infinity, -infinity, 1e300).orElseThrow());
    assertEquals(3, of(svg, "ellipse", "one").size());
    assertEquals(1, of(svg, "line", "one").size());
    assertTrue(svg(Double.NaN, infinity).isEmpty());
  }

  /** Whatever is drawn, the picture is well-formed, and no number in it is NaN. */
  @Property(tries = 60)
  void anyValuesAreDrawn(@ForAll @Size(min = 1, max = 6) double[] y) {
    svg(y)
        .ifPresent(
            text -> {
              Pages.parsed(text);
              assertFalse(text.contains("NaN") || text.contains("Infinity"), text);
            });
  }

  @Test
  void valuesOfAnySizeAreDrawn() {
    for (double v : new double[] {0, 1e-320, 1e-12, 3e-7, 1, 1e9, -1e29}) {
      assertTrue(svg(v).isPresent(), "" + v);
      assertTrue(svg(v, v).isPresent(), "" + v);
      assertTrue(svg(v, Math.nextUp(v)).isPresent(), "" + v);
      assertTrue(svg(v, 2 * v, -v).isPresent(), "" + v);
    }
  }

  @Test
  void epochsMayBeInAnyOrder() {
    for (double[] x : new double[][] {{3, 3}, {3, 1, 2}}) {
      double[] y = new double[x.length];
      List<Plot.Curve> curves = List.of(new Plot.Curve(1, x, y));
      Document svg = Pages.parsed(Plot.svg(0, curves, Optional.empty(), "a").orElseThrow());
      assertEquals(x.length, of(svg, "ellipse", "two").size());
    }
  }

  // ---- the section -----------------------------------------------------------------------------

  private static Document section(History history, Optional<Best> best) {
    return Pages.parsed(Html.in("div", Curves.html(new Training(history, best)).orElseThrow()));
  }

  @Test
  void aMeasureAndItsTwinShareAPlot() {
    Best best = new Best(2, 1, Map.of());
    Document page = section(Pages.history(3, 0.5, 1), Optional.of(best));
    List<String> captions =
        Pages.elements(page, "figcaption").stream()
            .map(caption -> caption.getTextContent().replaceAll("\\s+", " ").strip())
            .toList();
    assertEquals(
        List.of(
            "loss loss val_loss best epoch 2",
            "accuracy accuracy best epoch 2",
            "learning rate rate"),
        captions);
    assertEquals(2, of(page, "path", "mark").size());
    List<Element> rows = Pages.elements(page, "tr");
    assertEquals(4, rows.size());
    assertEquals(
        "2 20 0.01 0.5 0.5 1 1.5", rows.get(2).getTextContent().replaceAll("\\s+", " ").strip());
  }

  @Test
  void aBestEpochThatIsNotThereIsNotMarked() {
    Best best = new Best(9, 1, Map.of());
    assertFalse(
        section(Pages.history(3, 0.5), Optional.of(best))
            .getDocumentElement()
            .getTextContent()
            .contains("best"));
  }

  @Test
  void withoutAFiniteValueThereAreWords() {
    Document page = section(Pages.history(Double.NaN), Optional.empty());
    assertEquals(2, Pages.elements(page, "svg").size()); // accuracy and the rate
    assertTrue(page.getDocumentElement().getTextContent().contains("No value is finite"));
    assertTrue(page.getDocumentElement().getTextContent().contains("NaN"));
  }

  @Test
  void withoutEpochsThereIsNone() {
    assertTrue(Curves.html(new Training(Pages.history(), Optional.empty())).isEmpty());
  }

  @Test
  void manyEpochsAreThinned() {
    Training training =
        new Training(
            Pages.history(IntStream.range(0, 1000).mapToDouble(i -> 1).toArray()),
            Optional.of(new Best(778, 1, Map.of())));
    List<Integer> kept = training.thinned(300).stream().map(epoch -> epoch.number()).toList();
    assertEquals(252, kept.size()); // each fourth, the last, and the best
    assertTrue(kept.containsAll(List.of(1, 5, 778, 997, 1000)));
  }

  // ---- long curves -----------------------------------------------------------------------------

  /** Epochs from 1 on, each with the values of one name; null is not measured. */
  private static History history(String name, IntFunction<@Nullable Double> value, int count) {
    return new History(
        IntStream.rangeClosed(1, count)
            .mapToObj(
                n -> {
                  Map<String, Double> values = new LinkedHashMap<>();
                  values.put("loss", 1.0 / n);
                  Double measured = value.apply(n);
                  if (measured != null) {
                    values.put(name, measured);
                  }
                  return new Epoch(n, n, 0.01, values, 1);
                })
            .toList());
  }

  @Test
  void aPointBetweenGapsIsMarkedInALongCurve() {
    double[] y = IntStream.range(0, 60).mapToDouble(i -> i % 7).toArray();
    assertEquals(0, of(Pages.parsed(svg(y).orElseThrow()), "ellipse", "one").size());
    y[20] = Double.NaN;
    y[22] = Double.NaN;
    y[58] = Double.POSITIVE_INFINITY;
    assertEquals(2, of(Pages.parsed(svg(y).orElseThrow()), "ellipse", "one").size());
  }

  @Test
  void whatIsMeasuredInEachSecondEpochIsALine() {
    for (int count : new int[] {40, 60, 1000}) {
      Document page =
          section(history("val_loss", n -> n % 2 == 0 ? 2.0 / n : null, count), Optional.empty());
      int points = count == 1000 ? 251 : count / 2; // each second of 500, and the last
      assertEquals(points - 1, of(page, "line", "two").size());
    }
  }

  /** What is NaN in an epoch stays a gap when a curve is thinned. */
  @Test
  void aGapOutlivesTheThinning() {
    Training training =
        new Training(history("a", n -> n == 500 ? Double.NaN : 1.0, 1000), Optional.empty());
    Line line = Line.of("a", 0);
    List<Epoch> kept = line.thinned(training, 10);
    assertEquals(
        List.of(500),
        kept.stream().filter(epoch -> Double.isNaN(line.at(epoch))).map(Epoch::number).toList());
    assertEquals(11, line.drawn(kept)); // each hundredth of 999, and the last
    assertEquals(List.of(1, 101), kept.subList(0, 2).stream().map(Epoch::number).toList());
  }

  @Test
  void notesAndWordsCountTheEpochs() {
    double[] losses = new double[1000];
    Document page = section(Pages.history(losses), Optional.empty());
    String text = page.getDocumentElement().getTextContent();
    assertTrue(text.contains("Of 1,000 epochs at most 251 are drawn in a curve, evenly."), text);
    assertTrue(text.contains("501 of 1,000 epochs, evenly."), text);
    assertEquals(
        "loss over 1,000 epochs", Pages.elements(page, "svg").get(0).getAttribute("aria-label"));
    assertEquals(502, Pages.elements(page, "tr").size());
  }

  // ---- runtimes --------------------------------------------------------------------------------

  @Test
  void aRuntimeThatCannotDrawIsARefusal() {
    for (Error error :
        List.of(
            new AWTError("no display"),
            new NoClassDefFoundError("no class"),
            new InternalError("no fonts"))) {
      Supplier<String> broken =
          () -> {
            throw error;
          };
      assertEquals(
          "this Java runtime draws no text: " + error,
          assertThrows(IllegalStateException.class, () -> Plot.drawn(broken)).getMessage());
    }
  }
}
