package org.gradus.examples.explain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.examples.explain.ConvolutionChapter.Letters;
import org.gradus.examples.explain.Geometry.Extent;
import org.gradus.examples.explain.Scene.Mark;
import org.gradus.examples.explain.Scene.Product;
import org.gradus.examples.explain.Scene.Step;
import org.junit.jupiter.api.Test;

/** What the page shows, beside loops over indices. */
class ConvolutionChapterTest {
  private static final int FORWARD = 0;
  private static final int IN_INPUT = 2;
  private static final int IN_FILTERS = 3;

  private static NdArray drawn(SplittableRandom random, int... dims) {
    return NdArray.generate(DType.FLOAT64, Shape.of(dims), i -> random.nextInt(-4, 5));
  }

  private static Convolution convolution(Geometry g, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    NdArray x = drawn(random, g.inputShape().toArray());
    NdArray w = drawn(random, g.kernelShape().toArray());
    NdArray b = drawn(random, g.filters());
    NdArray output = Convolution.of(g, x, w, b, zeros(g)).y();
    return Convolution.of(g, x, w, b, drawn(random, output.shape().toArray()));
  }

  private static NdArray zeros(Geometry g) {
    int[] dims = {1, g.filters(), out(g, true), out(g, false)};
    return NdArray.zeros(DType.FLOAT64, Shape.of(dims));
  }

  private static int out(Geometry g, boolean rows) {
    int input = rows ? g.input().rows() : g.input().columns();
    int kernel = rows ? g.kernel().rows() : g.kernel().columns();
    return (input + 2 * g.padding() - g.dilation() * (kernel - 1) - 1) / g.stride() + 1;
  }

  private static Chapter chapter(Convolution c) {
    return ConvolutionChapter.of(new Chapter.Heading("id", "title", "text"), c, Letters.USUAL);
  }

  /** Any geometry that is one. */
  @Property(tries = 60)
  void eachProductIsThatOfTheDefinition(
      @ForAll @IntRange(min = 1, max = 6) int rows,
      @ForAll @IntRange(min = 1, max = 6) int columns,
      @ForAll @IntRange(min = 1, max = 3) int kernelRows,
      @ForAll @IntRange(min = 1, max = 3) int kernelColumns,
      @ForAll @IntRange(min = 1, max = 3) int stride,
      @ForAll @IntRange(min = 0, max = 2) int padding,
      @ForAll @IntRange(min = 1, max = 2) int dilation,
      @ForAll @IntRange(min = 1, max = 2) int groups,
      @ForAll @IntRange(min = 1, max = 2) int ofGroup,
      @ForAll @IntRange(min = 1, max = 2) int filtersOfGroup,
      @ForAll long seed) {
    Assume.that(rows + 2 * padding > dilation * (kernelRows - 1));
    Assume.that(columns + 2 * padding > dilation * (kernelColumns - 1));
    Geometry g =
        new Geometry(
            new Extent(rows, columns),
            new Extent(kernelRows, kernelColumns),
            stride,
            padding,
            dilation,
            groups * ofGroup,
            groups * filtersOfGroup,
            groups);
    Convolution c = convolution(g, seed);
    Chapter chapter = chapter(c);
    assertEquals(met(g), shown(chapter, FORWARD));
    assertEquals(met(g), shown(chapter, IN_FILTERS));
    assertEquals(c.dx(), c.back(spread(c), c.turned(Tensor.constant(c.w()))).value());
    for (Scene scene : chapter.scenes()) {
      Grid target = chapter.grids().get(scene.target());
      assertEquals(target.values().size(), scene.steps().size(), scene.title());
      for (int i = 0; i < scene.steps().size(); i++) {
        assertSum(chapter, target.values().get(i), scene.steps().get(i), scene.title());
      }
    }
    assertTrue(c.after() <= c.before());
  }

  private static Tensor spread(Convolution c) {
    return c.spread(Tensor.constant(c.dy()));
  }

  /** All products of the forward pass, each as output, input and weight, by their names. */
  private static Set<String> met(Geometry g) {
    Set<String> met = new TreeSet<>();
    boolean isFlat = g.isFlat();
    int largest = Math.max(g.input().rows(), g.input().columns()) + g.padding();
    int read = g.channels() / g.groups();
    for (int f = 1; f <= g.filters(); f++) {
      int first = (f - 1) / (g.filters() / g.groups()) * read;
      for (int i = 1; i <= out(g, true); i++) {
        for (int j = 1; j <= out(g, false); j++) {
          for (int c = first + 1; c <= first + read; c++) {
            for (int a = 1; a <= g.kernel().rows(); a++) {
              for (int b = 1; b <= g.kernel().columns(); b++) {
                int row = (i - 1) * g.stride() - g.padding() + (a - 1) * g.dilation() + 1;
                int column = (j - 1) * g.stride() - g.padding() + (b - 1) * g.dilation() + 1;
                met.add(
                    name("y", isFlat ? "" : "" + f, i, j, 1, Math.max(out(g, true), out(g, false)))
                        + name("x", isFlat ? "" : "" + c, row, column, 1 - g.padding(), largest)
                        + name("w", isFlat ? "" : f + "," + c, a, b, 1, 3));
              }
            }
          }
        }
      }
    }
    return met;
  }

  private static String name(
      String letter, String above, int row, int column, int from, int largest) {
    String plane = above.isEmpty() ? "" : "<sup>" + above + "</sup>";
    String comma = from < 0 || largest > 9 ? "," : "";
    String place = (row + comma + column).replace('-', '\u2212');
    return letter + plane + "<sub>" + place + "</sub>";
  }

  /** The products of a scene, as output, input and weight: of the target, and of two factors. */
  private static Set<String> shown(Chapter chapter, int number) {
    Scene scene = chapter.scenes().get(number);
    Set<String> shown = new TreeSet<>();
    for (int i = 0; i < scene.steps().size(); i++) {
      for (Product product : scene.steps().get(i).products()) {
        if (product.factors().size() == 2) {
          String target = chapter.grids().get(scene.target()).names().get(i);
          String[] factors = product.symbols().split(" ", -1);
          shown.add(
              number == FORWARD
                  ? target + factors[0] + factors[1]
                  : factors[0].substring(1) + factors[1] + target.substring(1));
        }
      }
    }
    return shown;
  }

  private static void assertSum(Chapter chapter, String value, Step step, String what) {
    double sum = 0;
    for (Product each : step.products()) {
      double product = each.numbers().startsWith("\u2212") ? -1 : 1;
      for (String factor : each.numbers().replaceFirst("^\u2212 ", "").split(" · ", -1)) {
        product *= number(factor.replace("(", "").replace(")", ""));
      }
      sum += product;
      for (Mark mark : each.factors()) {
        Grid of = chapter.grids().get(mark.grid());
        assertTrue(each.symbols().contains(of.names().get(mark.cell())), each::symbols);
        assertTrue(each.numbers().contains(of.values().get(mark.cell())), each::numbers);
      }
    }
    assertEquals(number(value), sum, 1e-6 * (1 + Math.abs(sum)), what);
  }

  private static double number(String text) {
    return Double.parseDouble(text.replace('\u2212', '-'));
  }

  /** The document's own lists, and where its second equation has a misprint. */
  @Test
  void theElementsThatMeetInDx11AndDw11() {
    Chapter padding = Chapters.of(Geometry.single(new Extent(2, 2), new Extent(1, 1), 0)).get(0);
    Step dx11 = padding.scenes().get(IN_INPUT).steps().get(0);
    assertEquals(
        List.of(
            "dy<sub>11</sub> w<sub>22</sub>",
            "dy<sub>12</sub> w<sub>21</sub>",
            "dy<sub>21</sub> w<sub>12</sub>",
            "dy<sub>22</sub> w<sub>11</sub>"),
        dx11.products().stream().map(Product::symbols).toList());
    List<String> dw11 =
        padding.scenes().get(IN_FILTERS).steps().get(0).products().stream()
            .map(Product::symbols)
            .toList();
    assertEquals("dy<sub>11</sub> x<sub>00</sub>", dw11.get(0));
    assertEquals("dy<sub>45</sub> x<sub>34</sub>", dw11.get(19));
    assertEquals("dy<sub>55</sub> x<sub>44</sub>", dw11.get(24));
  }

  @Test
  void theGradientOfTheLastDocument() {
    Chapter step = Chapters.of(Geometry.single(new Extent(2, 2), new Extent(1, 1), 0)).get(3);
    Grid dw = step.grids().get(step.scenes().get(IN_FILTERS).target());
    assertEquals(List.of("0.044606", "0.094061", "0.011262", "0.068288"), rounded(dw));
  }

  private static List<String> rounded(Grid grid) {
    List<String> rounded = new ArrayList<>();
    grid.values().forEach(value -> rounded.add(value.length() > 8 ? value.substring(0, 8) : value));
    return rounded;
  }

  /** A stride of 2 puts one zero between two errors, and the last column is read by nobody. */
  @Test
  void aStrideLeavesGaps() {
    Chapter depth = Chapters.of(Geometry.single(new Extent(2, 2), new Extent(1, 1), 0)).get(2);
    Scene scene = depth.scenes().get(IN_INPUT);
    Grid spread = depth.grids().get(scene.grids().get(0));
    assertEquals(spread.values().size() - 12, spread.zeros().size());
    List<String> firstRow = spread.names().subList(2 * spread.columns(), 3 * spread.columns());
    assertEquals(
        List.of("0", "0", "δ′<sup>1</sup><sub>11</sub>", "0", "δ′<sup>1</sup><sub>12</sub>"),
        firstRow.subList(0, 5));
    Grid dx = depth.grids().get(scene.target());
    for (int i = 5; i < dx.values().size(); i += 6) {
      assertEquals("0", dx.values().get(i));
      assertEquals(List.of(), scene.steps().get(i).products());
    }
  }

  @Test
  void whatIsNoGeometryIsRefusedInWords() {
    assertEquals("0x3, expected at least 1 row and 1 column", refused(() -> new Extent(0, 3)));
    Extent five = new Extent(5, 5);
    Extent three = new Extent(3, 3);
    assertEquals(
        "3 channels, 4 filters and 2 groups, expected at least 1 of each, and groups that divide"
            + " the channels",
        refused(() -> new Geometry(five, three, 1, 0, 1, 3, 4, 2)));
    assertEquals(
        "an output of 213444 numbers or products, expected at most 40000, which a page can show",
        refused(() -> new Geometry(new Extent(156, 156), three, 1, 0, 1, 1, 1, 1)));
    assertTrue(refused(() -> new Geometry(five, three, 0, 0, 1, 1, 1, 1)).contains("stride"));
    assertTrue(refused(() -> new Geometry(three, five, 1, 0, 1, 1, 1, 1)).contains("5"));
    assertTrue(
        refused(() -> new Geometry(new Extent(9999, 9999), three, 1, 0, 1, 99, 1, 1))
            .startsWith("an input of 9898020099 numbers"));
  }

  private static String refused(Runnable call) {
    return String.valueOf(assertThrows(IllegalArgumentException.class, call::run).getMessage());
  }
}
