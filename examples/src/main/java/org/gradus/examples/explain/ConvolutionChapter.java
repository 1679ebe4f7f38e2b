package org.gradus.examples.explain;

import static org.gradus.examples.explain.Figures.factor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.examples.explain.Meetings.Pair;
import org.gradus.examples.explain.Scene.Mark;
import org.gradus.examples.explain.Scene.Product;
import org.gradus.examples.explain.Scene.Step;

/** A convolution as a chapter: its tensors, and how each element of them comes about. */
final class ConvolutionChapter {
  private static final String FILTER = "filter";
  private static final String CHANNEL = "channel";

  // The places of the grids.
  private static final int X = 0;
  private static final int W = 1;
  private static final int B = 2;
  private static final int Y = 3;
  private static final int TARGET = 4;
  private static final int DY = 5;
  private static final int SPREAD = 6;
  private static final int TURNED = 7;
  private static final int DX = 8;
  private static final int DW = 9;
  private static final int DB = 10;
  private static final int NEXT = 11;

  private final Convolution c;
  private final Letters letters;
  private final List<Grid> grids = new ArrayList<>();

  /** How a document calls its tensors, as HTML. */
  record Letters(
      String x,
      String w,
      String b,
      String y,
      String t,
      String dy,
      String dx,
      String dw,
      String db) {
    static final Letters USUAL = new Letters("x", "w", "b", "y", "t", "dy", "dx", "dw", "db");
  }

  private ConvolutionChapter(Convolution c, Letters letters) {
    this.c = c;
    this.letters = letters;
    addGrids();
  }

  static Chapter of(Chapter.Heading heading, Convolution c, Letters letters) {
    ConvolutionChapter chapter = new ConvolutionChapter(c, letters);
    return new Chapter(
        heading,
        chapter.grids,
        List.of(
            chapter.forward(),
            chapter.errors(),
            chapter.inInput(),
            chapter.inFilters(),
            chapter.inBiases(),
            chapter.step()));
  }

  /** How the scenes work, of each chapter the same, as HTML. */
  static List<String> how() {
    return List.of(
        "A window as large as the filter slides over the input. What it covers is multiplied by the"
            + " filter, element by element, and added up, with the bias.",
        "The loss L is half the sum of all squares of the outputs less what is wanted. So its"
            + " derivative by an output is the output less what is wanted. It is called the error,"
            + " and is all that the way back needs to know of what comes behind.",
        "Forward, an input was multiplied by another weight in each window that it lay in. Each of"
            + " these outputs now sends its error back by that same weight, and all are added up."
            + " The first window met an input by its last weight, the last one by its first: so the"
            + " filter, turned by 180°, slides over the errors. An input that no window has read"
            + " gets 0.",
        "A weight has a part in every output of its filter: for each it was multiplied by one"
            + " input. So each error is multiplied by that input, and all are added up: the errors"
            + " slide, as one large window, over the input.",
        "The bias was added to each output of its filter, once. So its gradient is the sum of these"
            + " errors.",
        "Each weight goes against its gradient, by the gradient times a learning rate η; so does"
            + " the bias.");
  }

  // ---- tensors ---------------------------------------------------------------------------------

  private void addGrids() {
    Geometry g = c.geometry();
    NdArray padded = c.padded();
    NdArray numbers = c.padded(numbered(c.x().shape())); // 0 in the margin
    grids.add(
        Grid.of(
            letters.x + (g.padding() > 0 ? ", the input with its margin" : ", the input"),
            titles(channels(), CHANNEL),
            padded,
            naming(letters.x, 1 - g.padding(), channels(), padded),
            i -> numbers.at(i) == 0));
    String several = g.filters() > 1 ? "s" : "";
    grids.add(ofWeights(letters.w, ", the filter" + several, c.w()));
    grids.add(ofFilters(letters.b, ", the bias" + (g.filters() > 1 ? "es" : ""), c.b()));
    grids.add(ofOutput(letters.y, ", the output", c.y()));
    grids.add(ofOutput(letters.t, ", what is wanted", c.target()));
    grids.add(ofOutput(letters.dy, ", the errors", c.dy()));
    addSpread();
    grids.add(
        Grid.of(
            letters.dx + ", the gradient in the input",
            titles(channels(), CHANNEL),
            c.dx(),
            naming(letters.dx, 1, channels(), c.dx()),
            i -> false));
    grids.add(ofWeights(letters.dw, ", the gradient in the filter" + several, c.dw()));
    grids.add(ofFilters(letters.db, ", the gradient in the bias", c.db()));
    grids.add(ofWeights(letters.w + "′", ", after the step", c.wAfter()));
  }

  private void addSpread() {
    IntFunction<String> errors = i -> grids.get(DY).names().get(i);
    NdArray spread = c.spread(Tensor.constant(c.dy())).value();
    NdArray numbers = c.spread(Tensor.constant(numbered(c.dy().shape()))).value();
    boolean isApart = spread.size() > c.dy().size();
    String between = c.geometry().stride() > 1 ? "between and " : "";
    grids.add(
        Grid.of(
            letters.dy
                + (isApart ? ", the errors with zeros " + between + "around them" : ", the errors"),
            titles(outputs(), FILTER),
            spread,
            i -> numbers.at(i) == 0 ? "0" : errors.apply((int) numbers.at(i) - 1),
            i -> numbers.at(i) == 0));
    NdArray turned = c.turned(Tensor.constant(c.w())).value();
    NdArray origins = c.turned(Tensor.constant(numbered(c.w().shape()))).value();
    grids.add(
        Grid.of(
            letters.w + ", turned by 180°",
            titles(turnedPlanes(origins), FILTER, CHANNEL),
            turned,
            i -> grids.get(W).names().get((int) origins.at(i) - 1),
            i -> false));
  }

  private Grid ofOutput(String letter, String what, NdArray tensor) {
    IntFunction<String> names = naming(letter, 1, outputs(), tensor);
    return Grid.of(letter + what, titles(outputs(), FILTER), tensor, names, i -> false);
  }

  private Grid ofWeights(String letter, String what, NdArray tensor) {
    IntFunction<String> names = naming(letter, 1, filters(), tensor);
    return Grid.of(letter + what, titles(filters(), FILTER, CHANNEL), tensor, names, i -> false);
  }

  /** As in "filter 1, channel 2" of "1,2"; empty for a plane that is alone. */
  private static List<String> titles(List<String> planes, String... kinds) {
    return planes.stream().map(plane -> title(plane, kinds)).toList();
  }

  private static String title(String plane, String... kinds) {
    if (plane.isEmpty()) {
      return plane;
    }
    String[] numbers = plane.split(",", -1);
    List<String> parts = new ArrayList<>();
    for (int i = 0; i < kinds.length; i++) {
      parts.add(kinds[i] + " " + numbers[i]);
    }
    return String.join(", ", parts);
  }

  private static IntFunction<String> naming(
      String letter, int from, List<String> planes, NdArray tensor) {
    return new Grid.Naming(letter, from, planes).of(tensor.shape().dim(-2), tensor.shape().dim(-1));
  }

  /** One number for each filter, in a plane of its own. */
  private Grid ofFilters(String letter, String what, NdArray tensor) {
    NdArray planes = tensor.reshape(tensor.size(), 1, 1);
    IntFunction<String> names =
        i -> c.geometry().isFlat() ? letter : letter + "<sup>" + (i + 1) + "</sup>";
    return Grid.of(letter + what, titles(outputs(), FILTER), planes, names, i -> false);
  }

  private static NdArray numbered(Shape shape) {
    return NdArray.generate(DType.FLOAT64, shape, i -> i + 1);
  }

  private List<String> channels() {
    return planes(c.geometry().channels());
  }

  private List<String> outputs() {
    return planes(c.geometry().filters());
  }

  private List<String> planes(int count) {
    List<String> planes = new ArrayList<>();
    for (int i = 1; i <= count; i++) {
      planes.add(c.geometry().isFlat() ? "" : Integer.toString(i));
    }
    return planes;
  }

  /** Of filter f and the channel c that it reads, as f,c; of a group, channels are those of all. */
  private List<String> filters() {
    Geometry g = c.geometry();
    int read = g.channels() / g.groups();
    List<String> planes = new ArrayList<>();
    for (int f = 0; f < g.filters(); f++) {
      int first = f / (g.filters() / g.groups()) * read;
      for (int channel = 1; channel <= read; channel++) {
        planes.add(g.isFlat() ? "" : (f + 1) + "," + (first + channel));
      }
    }
    return planes;
  }

  private List<String> turnedPlanes(NdArray origins) {
    Geometry g = c.geometry();
    int plane = g.kernel().rows() * g.kernel().columns();
    List<String> planes = new ArrayList<>();
    for (int i = 0; i < origins.size(); i += plane) {
      planes.add(filters().get(((int) origins.at(i) - 1) / plane));
    }
    return planes;
  }

  private static String plural(int count) {
    return count > 1 ? "s" : "";
  }

  // ---- scenes ----------------------------------------------------------------------------------

  private Scene forward() {
    List<List<Pair>> met = Meetings.of(c::forward, c.padded().shape(), c.w().shape());
    int ofFilter = c.y().size() / c.geometry().filters();
    List<Step> steps = new ArrayList<>();
    for (int i = 0; i < met.size(); i++) {
      List<Product> products = products(X, W, met.get(i));
      products.add(single(B, i / ofFilter));
      steps.add(new Step(products, marks(X, met.get(i))));
    }
    String moves =
        c.geometry().stride() > 1
            ? c.geometry().stride() + " elements at a time"
            : "element by element";
    String depth =
        c.geometry().channels() > 1
            ? " All channels that a filter reads are summed up together: the window never slides"
                + " over the depth."
            : "";
    return new Scene(
        "Forward", "The window moves %s.%s".formatted(moves, depth), List.of(X, W, B, Y), Y, steps);
  }

  private Scene errors() {
    List<Step> steps = new ArrayList<>();
    for (int i = 0; i < c.dy().size(); i++) {
      steps.add(new Step(List.of(single(Y, i), less(grids.get(TARGET), "", TARGET, i)), List.of()));
    }
    return new Scene(
        "The error of each output",
        "%s stands for ∂L/∂%s = %s − %s.".formatted(letters.dy, letters.y, letters.y, letters.t),
        List.of(Y, TARGET, DY),
        DY,
        steps);
  }

  private Scene inInput() {
    List<List<Pair>> met = Meetings.of(c::back, Shape.of(spreadDims()), turnedShape());
    Set<Integer> zeros = new HashSet<>(grids.get(SPREAD).zeros());
    List<Step> steps = new ArrayList<>();
    for (List<Pair> pairs : met) {
      List<Pair> ofErrors = pairs.stream().filter(p -> !zeros.contains(p.first())).toList();
      steps.add(new Step(products(SPREAD, TURNED, ofErrors), marks(SPREAD, pairs)));
    }
    int stride = c.geometry().stride();
    String gaps =
        stride > 1
            ? " The window moved by %s places at a time: where it did not stand there is no output, so no error, and a zero fills the gap. So an input meets fewer errors."
                .formatted(stride)
            : "";
    String filters =
        c.geometry().filters() > 1
            ? " Each input has a part in the outputs of several filters, so their errors add up."
            : "";
    return new Scene(
        "The gradient in the input",
        "%s stands for ∂L/∂%s.%s%s".formatted(letters.dx, letters.x, gaps, filters),
        List.of(SPREAD, TURNED, DX),
        DX,
        steps);
  }

  private int[] spreadDims() {
    return c.spread(Tensor.constant(c.dy())).shape().toArray();
  }

  private Shape turnedShape() {
    return c.turned(Tensor.constant(c.w())).shape();
  }

  private Scene inFilters() {
    List<List<Pair>> met = Meetings.of(c::inFilters, c.dy().shape(), c.padded().shape());
    List<Step> steps = new ArrayList<>();
    for (List<Pair> pairs : met) {
      List<Mark> window = pairs.stream().map(pair -> new Mark(X, pair.second())).toList();
      steps.add(new Step(products(DY, X, pairs), window));
    }
    return new Scene(
        "The gradient in the filter" + plural(c.geometry().filters()),
        "%s stands for ∂L/∂%s.".formatted(letters.dw, letters.w),
        List.of(DY, X, DW),
        DW,
        steps);
  }

  private Scene inBiases() {
    int ofFilter = c.dy().size() / c.geometry().filters();
    List<Step> steps = new ArrayList<>();
    for (int f = 0; f < c.geometry().filters(); f++) {
      List<Product> products = new ArrayList<>();
      for (int i = f * ofFilter; i < (f + 1) * ofFilter; i++) {
        products.add(single(DY, i));
      }
      steps.add(new Step(products, List.of()));
    }
    return new Scene(
        "The gradient in the bias",
        "%s stands for ∂L/∂%s.".formatted(letters.db, letters.b),
        List.of(DY, DB),
        DB,
        steps);
  }

  private Scene step() {
    String rate = Figures.text(c.rate());
    List<Step> steps = new ArrayList<>();
    for (int i = 0; i < c.w().size(); i++) {
      steps.add(new Step(List.of(single(W, i), less(grids.get(DW), rate + " ", DW, i)), List.of()));
    }
    return new Scene(
        "A step down",
        "Here η is %s, and the bias goes from %s to %s. The loss was <b>%s</b>, and is <b>%s</b> after the step."
            .formatted(
                rate,
                list(c.b()),
                list(c.bAfter()),
                Figures.text(c.before()),
                Figures.text(c.after())),
        List.of(W, DW, NEXT),
        NEXT,
        steps);
  }

  private static String list(NdArray numbers) {
    return Arrays.stream(numbers.toDoubleArray())
        .mapToObj(Figures::text)
        .collect(Collectors.joining(", "));
  }

  // ---- pieces ----------------------------------------------------------------------------------

  private List<Product> products(int first, int second, List<Pair> pairs) {
    List<Product> products = new ArrayList<>();
    for (Pair pair : pairs) {
      Grid a = grids.get(first);
      Grid b = grids.get(second);
      products.add(
          new Product(
              a.names().get(pair.first()) + " " + b.names().get(pair.second()),
              factor(a.values().get(pair.first())) + " · " + factor(b.values().get(pair.second())),
              List.of(new Mark(first, pair.first()), new Mark(second, pair.second()))));
    }
    return products;
  }

  private Product single(int grid, int cell) {
    Grid of = grids.get(grid);
    return new Product(
        of.names().get(cell), factor(of.values().get(cell)), List.of(new Mark(grid, cell)));
  }

  private static Product less(Grid of, String times, int grid, int cell) {
    return new Product(
        "\u2212 " + times + of.names().get(cell),
        "\u2212 " + times.replace(" ", " · ") + factor(of.values().get(cell)),
        List.of(new Mark(grid, cell)));
  }

  private static List<Mark> marks(int grid, List<Pair> pairs) {
    return pairs.stream().map(pair -> new Mark(grid, pair.first())).toList();
  }
}
