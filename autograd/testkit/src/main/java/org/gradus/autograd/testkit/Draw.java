package org.gradus.autograd.testkit;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Nulls;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.array.ShapeException;
import org.gradus.autograd.ops.ConvGeometry;
import org.gradus.autograd.ops.PoolGeometry;
import org.gradus.autograd.ops.Window;

/**
 * Arbitraries of what ops take: small shapes, axes, geometries, and arrays of numbers. Within the
 * large cases of {@link OpContract}, shapes and geometries are large.
 */
public final class Draw {
  private Draw() {}

  /** Shapes of ranks {@code minRank} to {@code maxRank} with small extents, seldom 0. */
  public static Arbitrary<Shape> shapes(int minRank, int maxRank) {
    requireOrder("shapes: ranks", 0, minRank, maxRank);
    Arbitrary<Integer> extent =
        Arbitraries.frequencyOf(
            Tuple.of(20, Arbitraries.integers().between(1, 3)), Tuple.of(1, Arbitraries.just(0)));
    Arbitrary<Shape> small =
        extent
            .list()
            .ofMinSize(minRank)
            .ofMaxSize(maxRank)
            .map(dims -> Shape.of(dims.stream().mapToInt(d -> d).toArray()));
    return Size.sized(small, elements -> large(minRank, maxRank, elements));
  }

  /**
   * Shapes of no fewer elements, and not many more, most of them along one axis, or, of an even
   * number, along two.
   */
  private static Arbitrary<Shape> large(int minRank, int maxRank, int elements) {
    int longAxes = Math.min(maxRank, elements % 2 == 0 ? 2 : 1);
    return Combinators.combine(
            Arbitraries.integers()
                .between(1, 3)
                .list()
                .ofMinSize(Math.max(minRank, longAxes))
                .ofMaxSize(maxRank),
            Arbitraries.integers().between(0, Math.max(0, maxRank - 1)))
        .as((dims, axis) -> lengthened(dims, axis, longAxes, elements));
  }

  private static Shape lengthened(List<Integer> drawn, int axis, int longAxes, int elements) {
    int[] dims = drawn.stream().mapToInt(dim -> dim).toArray();
    for (int k = 0; k < longAxes; k++) {
      dims[(axis + k) % dims.length] = 1;
    }
    int others = Shape.of(dims).size();
    for (int k = 0; k < longAxes; k++) {
      double left = (double) elements / others;
      int extent = (int) Math.ceil(k + 1 < longAxes ? Math.sqrt(left) : left);
      dims[(axis + k) % dims.length] = extent;
      others *= extent;
    }
    return Shape.of(dims);
  }

  private static void requireOrder(String what, int lowest, int least, int most) {
    if (least < lowest || least > most) {
      throw new IllegalArgumentException(
          "%s from %s to %s, expected the smaller number first, and at least %s"
              .formatted(what, least, most, lowest));
    }
  }

  /**
   * Whole numbers, for extents that do not come from a shape; in a large case, about half of them
   * are larger than the most.
   *
   * @param least the smallest
   * @param most the largest in cases that are not large
   */
  public static Arbitrary<Integer> extents(int least, int most) {
    requireOrder("extents:", 0, least, most);
    return Size.sized(
        Arbitraries.integers().between(least, most),
        elements ->
            Arbitraries.oneOf(
                Arbitraries.integers().between(least, most),
                Arbitraries.integers().between(most + 1, most + 1 + side(elements))));
  }

  /** The side of a square of about so many elements. */
  private static int side(int elements) {
    return (int) Math.ceil(Math.sqrt(elements));
  }

  /**
   * Shapes [C, H, W] of one image, seldom square.
   *
   * @param channels of each of them
   * @param least the smallest height and width
   * @param most the largest
   */
  public static Arbitrary<Shape> images(int channels, int least, int most) {
    requireOrder("images:", 1, least, most);
    Arbitrary<Integer> side = Arbitraries.integers().between(least, most);
    return Combinators.combine(side, side).as((h, w) -> Shape.of(channels, h, w));
  }

  /** Pairs of shapes that broadcast to a common one. */
  public static Arbitrary<List<Shape>> broadcastable() {
    return shapes(0, 3)
        .flatMap(common -> Combinators.combine(within(common), within(common)).as(List::of));
  }

  /**
   * All ways in which a number of shapes broadcast to a common one of rank 0 to 3: on each axis,
   * the common extent is 2, 3 or 2, or 0, and each shape has that extent, or 1, or has no such axis
   * nor any before it. Extents of 0 are left out where there are three axes and more than two
   * shapes.
   */
  public static List<List<Shape>> broadcasts(int shapes) {
    if (shapes < 1) {
      throw new IllegalArgumentException(
          "broadcasts: %s shapes, expected at least 1".formatted(shapes));
    }
    return Broadcasts.of(shapes);
  }

  /** Shapes that broadcast to the common one: some extents made 1, some left out on the left. */
  public static Arbitrary<Shape> within(Shape common) {
    Nulls.refuse("within: common", common);
    return Combinators.combine(
            Arbitraries.of(true, false).list().ofSize(common.rank()),
            Arbitraries.integers().between(0, common.rank()))
        .as(
            (ones, dropped) -> {
              int[] dims = new int[common.rank() - dropped];
              for (int axis = dropped; axis < common.rank(); axis++) {
                dims[axis - dropped] = ones.get(axis) ? 1 : common.dim(axis);
              }
              return Shape.of(dims);
            });
  }

  /** Some axes of a shape, each from either end. */
  public static Arbitrary<List<Integer>> axes(Shape shape) {
    return Arbitraries.of(-1, 0, 1)
        .list()
        .ofSize(Nulls.given("axes: shape", shape).rank())
        .map(
            kinds -> {
              List<Integer> axes = new ArrayList<>();
              for (int axis = 0; axis < kinds.size(); axis++) {
                if (kinds.get(axis) != 0) {
                  axes.add(kinds.get(axis) > 0 ? axis : axis - kinds.size());
                }
              }
              return axes;
            });
  }

  /** An axis of a shape of rank 1 or higher, from either end. */
  public static Arbitrary<Integer> axis(Shape shape) {
    int rank = Nulls.given("axis: shape", shape).rank();
    if (rank == 0) {
      throw new ShapeException("axis", "there is no axis in []");
    }
    return Arbitraries.integers().between(-rank, rank - 1);
  }

  /**
   * Windows of 1 to 3 taps over small inputs; about half of them leave a remainder.
   *
   * @param maxInput the most inputs, unless a window needs more to fit
   */
  public static Arbitrary<Window> windows(int maxInput) {
    return Size.sized(
        windows(1, maxInput, 3), elements -> windows(side(elements), side(elements) + 3, 5));
  }

  private static Arbitrary<Window> windows(int minInput, int maxInput, int taps) {
    return Combinators.combine(
            Arbitraries.integers().between(minInput, maxInput),
            Arbitraries.integers().between(1, taps),
            Arbitraries.integers().between(1, 3),
            Arbitraries.integers().between(0, 2),
            Arbitraries.integers().between(0, 2),
            Arbitraries.integers().between(1, 2))
        .as(Draw::fitting);
  }

  /** The window with these numbers, its input enlarged until it fits. */
  private static Window fitting(
      int input, int kernel, int stride, int padBefore, int padAfter, int dilation) {
    int span = dilation * (kernel - 1) + 1;
    int enough = Math.max(input, span - padBefore - padAfter);
    return new Window(enough, kernel, stride, padBefore, padAfter, dilation);
  }

  /**
   * Convolutions of small images, with batch, channels and filters: x, w, y and the geometry.
   *
   * @param maxInput the largest height and width of an image, unless a window needs more to fit
   */
  public static Arbitrary<ConvCase> convolutions(int maxInput) {
    Arbitrary<Integer> few = Arbitraries.integers().between(1, 2);
    return Size.sized(
        convolutions(few, windows(maxInput)),
        elements ->
            Arbitraries.of(1, 3, 17)
                .flatMap(
                    most -> {
                      int side = side(elements / most);
                      Arbitrary<Integer> channels = Arbitraries.of(1, most);
                      return convolutions(channels, windows(side, side + 3, 5));
                    }));
  }

  private static Arbitrary<ConvCase> convolutions(
      Arbitrary<Integer> channelsOfGroups, Arbitrary<Window> windows) {
    return Combinators.combine(
            Arbitraries.integers().between(1, 2),
            Arbitraries.integers().between(1, 2),
            channelsOfGroups,
            channelsOfGroups,
            windows,
            windows)
        .as(
            (batch, groups, channels, filters, rows, columns) ->
                new ConvCase(
                    new ConvGeometry(rows, columns, groups),
                    Shape.of(batch, groups * channels, rows.input(), columns.input()),
                    Shape.of(groups * filters, channels, rows.kernel(), columns.kernel()),
                    Shape.of(batch, groups * filters, rows.output(), columns.output())));
  }

  /**
   * The shapes of a convolution.
   *
   * @param geometry from the sizes of x and w to those of y
   * @param x [N, C, H, W]
   * @param w [F, C / groups, KH, KW]
   * @param y [N, F, OH, OW]
   */
  public record ConvCase(ConvGeometry geometry, Shape x, Shape w, Shape y) {
    /** Refuses null. */
    public ConvCase {
      Nulls.refuse("conv case: geometry, x, w, y", geometry, x, w, y);
    }
  }

  /**
   * Pooling geometries whose windows always touch the image; some of them hang over the end.
   *
   * @param maxInput the largest height and width of an image, unless a window needs more to fit
   */
  public static Arbitrary<PoolGeometry> pools(int maxInput) {
    Arbitrary<Window> windows =
        Combinators.combine(windows(maxInput), Arbitraries.of(true, false))
            .as(Draw::rounding)
            .filter(Window::alwaysOnInput);
    return Combinators.combine(windows, windows).as(PoolGeometry::new);
  }

  private static Window rounding(Window w, boolean up) {
    return new Window(
        w.input(), w.kernel(), w.stride(), w.padBefore(), w.padAfter(), w.dilation(), up);
  }

  /** Arrays of drawn shapes, filled from a domain. */
  public static Arbitrary<NdArray> arrays(Arbitrary<Shape> shapes, Domain domain) {
    Nulls.refuse("arrays: shapes, domain", shapes, domain);
    return Combinators.combine(shapes, seeds()).as(domain::draw);
  }

  /** Numbers of a domain in arrays of these shapes; each has a seed of its own, made from one. */
  public static List<NdArray> fill(long seed, Domain domain, Shape... shapes) {
    Nulls.refuse("fill: domain, shapes", domain, shapes);
    List<NdArray> arrays = new ArrayList<>();
    for (Shape shape : shapes) {
      arrays.add(domain.draw(shape, seed + arrays.size()));
    }
    return arrays;
  }

  /** Seeds for {@link #fill} and {@link Domain#draw}. */
  public static Arbitrary<Long> seeds() {
    return Arbitraries.longs();
  }

  /** Numbers of two decimals in [-2, 2], for attributes. */
  public static Arbitrary<Double> numbers() {
    return Arbitraries.integers().between(-200, 200).map(i -> i / 100.0);
  }
}
