package org.gradus.autograd.ops;

import static net.jqwik.api.Combinators.combine;
import static org.gradus.autograd.ops.ConvOptions.same;
import static org.gradus.autograd.ops.ConvOptions.valid;
import static org.gradus.autograd.ops.Values.zeros;
import static org.gradus.autograd.testkit.Domain.nonzero;
import static org.gradus.autograd.testkit.Draw.fill;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import org.gradus.autograd.Op;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.array.ShapeException;
import org.gradus.autograd.testkit.Draw;
import org.gradus.autograd.testkit.Draw.ConvCase;
import org.gradus.autograd.testkit.OpCase;
import org.gradus.autograd.testkit.OpRow;

/** The rows of the convolutions: the family of three, and the functions made of it. */
final class ConvolutionRows {
  private static final int HUGE = Integer.MAX_VALUE;
  private static final String LIMIT = ", and an array holds at most 2147483639";

  private ConvolutionRows() {}

  static Stream<OpRow> rows() {
    return Stream.of(
        conv2d(),
        biasedConv2d(),
        conv2dInput(),
        conv2dWeight(),
        conv1d(),
        depthwiseConv2d(),
        convTranspose2d());
  }

  // ---- the family ------------------------------------------------------------------------------

  private static OpRow conv2d() {
    return family(Conv2d.class, Conv2d::new, ConvCase::x, ConvCase::w)
        .oracle(
            c -> {
              ConvGeometry geometry = c.op(Conv2d.class).geometry();
              return loops(geometry, c.input(0).shape(), c.input(1).shape())
                  .forward(c.input(0), c.input(1));
            })
        .refuses(
            ShapeException.class,
            "conv2d: input [3, 28, 28] has rank 3, expected 4",
            () -> Ops.conv2d(zeros(3, 28, 28), zeros(8, 3, 5, 5)))
        .refuses(
            ShapeException.class,
            "conv2d: weights [5, 5] has rank 2, expected 4",
            () -> Ops.conv2d(zeros(1, 3, 28, 28), zeros(5, 5)))
        .refuses(
            ShapeException.class,
            "conv2d: input [64, 3, 28, 28] has 3 channels, but the weights [8, 1, 5, 5] with"
                + " groups=1 expect 1",
            () -> Ops.conv2d(zeros(64, 3, 28, 28), zeros(8, 1, 5, 5)))
        .refuses(
            ShapeException.class,
            "conv2d: input [1, 4, 5, 5] has 4 channels, but the weights [4, 4, 3, 3] with groups=2"
                + " expect 8",
            () -> Ops.conv2d(zeros(1, 4, 5, 5), zeros(4, 4, 3, 3), valid().groups(2)))
        .refuses(
            ShapeException.class,
            "conv2d: weights [3, 2, 3, 3]: 3 filters, which groups=2 does not divide",
            () -> Ops.conv2d(zeros(1, 4, 5, 5), zeros(3, 2, 3, 3), valid().groups(2)))
        .refuses(
            ShapeException.class,
            "conv2d: height: a window of 5 with dilation 1 does not fit an input of 3, padded by 0"
                + " and 1",
            () -> Ops.conv2d(zeros(1, 1, 3, 9), zeros(1, 1, 5, 5), valid().padding(0, 1, 0, 0)))
        .refuses(
            ShapeException.class,
            "conv2d: width: a window of 3 with dilation 4 does not fit an input of 6, padded by 1"
                + " and 1",
            () -> Ops.conv2d(zeros(1, 1, 9, 6), zeros(1, 1, 3, 3), valid().padding(1).dilation(4)))
        .refuses(
            ShapeException.class,
            "conv2d: height: a window of 3 with dilation 1 does not fit an input of 0, padded by 1"
                + " and 1",
            () -> Ops.conv2d(zeros(1, 1, 0, 4), zeros(1, 1, 3, 3), same()))
        .refuses(
            ShapeException.class,
            "conv2d: height: a window of 3 with dilation 2147483647 does not fit an input of 4,"
                + " padded by 1 and 1",
            () ->
                Ops.conv2d(zeros(1, 1, 4, 4), zeros(1, 1, 3, 3), valid().padding(1).dilation(HUGE)))
        .refuses(
            IllegalArgumentException.class,
            "conv2d: height: kernel 0, expected at least 1",
            () -> Ops.conv2d(zeros(1, 1, 4, 4), zeros(1, 1, 0, 3)))
        .refuses(
            IllegalArgumentException.class,
            "conv2d: width: kernel 0, expected at least 1",
            () -> Ops.conv2d(zeros(1, 1, 4, 4), zeros(1, 1, 3, 0), same().stride(2)))
        .refuses(
            IllegalArgumentException.class,
            "conv2d: strict height: stride 2 leaves a remainder of 1 after the last of the windows"
                + " of 3 over 6, padded by 0 and 0",
            () -> Ops.conv2d(zeros(1, 1, 6, 5), zeros(1, 1, 3, 3), valid().stride(2).strict()))
        .refuses(
            IllegalArgumentException.class,
            "conv2d: strict width: stride 3 leaves a remainder of 2 after the last of the windows"
                + " of 2 over 5, padded by 1 and 1",
            () ->
                Ops.conv2d(
                    zeros(1, 1, 3, 5), zeros(1, 1, 2, 2), valid().strict().stride(3).padding(1)))
        .refuses(
            IllegalArgumentException.class,
            "conv2d: strict height: stride 2 leaves a remainder of 1 after the last of the windows"
                + " of 1 over 4, padded by 0 and 0",
            () -> Ops.conv2d(zeros(1, 1, 4, 4), zeros(1, 1, 1, 1), same().stride(2).strict()))
        .refuses(
            ShapeException.class,
            "conv2d: input [1, 1, 5, 4] is 5 x 4, but the geometry expects 4 x 4",
            () -> Ops.conv2d(zeros(1, 1, 5, 4), zeros(1, 1, 3, 3), twoByTwo()))
        .refuses(
            ShapeException.class,
            "conv2d: weights [1, 1, 3, 2] is 3 x 2, but the geometry expects 3 x 3",
            () -> Ops.conv2d(zeros(1, 1, 4, 4), zeros(1, 1, 3, 2), twoByTwo()))
        .refuses(
            ShapeException.class,
            "conv2d: input [4, 4] has rank 2, expected 4",
            () -> Ops.conv2d(zeros(4, 4), zeros(1, 1, 3, 3), twoByTwo()))
        .refuses(
            ShapeException.class,
            "conv2d: [1, 1, 60002, 60002] has at least 3600240004 elements" + LIMIT,
            () -> Ops.conv2d(zeros(1, 1, 4, 4), zeros(1, 1, 3, 3), valid().padding(30_000)))
        .refuses(
            ShapeException.class,
            "conv2d: [1, 1, 2000000002, 2000000002] has at least 4000000008000000004 elements"
                + LIMIT,
            () -> Ops.conv2d(zeros(1, 1, 4, 4), zeros(1, 1, 3, 3), valid().padding(1_000_000_000)))
        .refuses(
            ShapeException.class,
            "conv2d: height: an input of 4, padded by 2147483647 and 2147483647, and a stride of 1"
                + " are 4294967299 together, expected at most 2147483647",
            () -> Ops.conv2d(zeros(1, 1, 4, 4), zeros(1, 1, 3, 3), valid().padding(HUGE)))
        .refuses(
            ShapeException.class,
            "conv2d: height: an input of 4, padded by 0 and 0, and a stride of 2147483647 are"
                + " 2147483651 together, expected at most 2147483647",
            () -> Ops.conv2d(zeros(1, 1, 4, 4), zeros(1, 1, 3, 3), valid().stride(HUGE)))
        .refuses(
            ShapeException.class,
            "conv2d: height: an input of 4, padded by 2147483647 and 2147483647, and a stride of 1"
                + " are 4294967299 together, expected at most 2147483647",
            () -> Ops.conv2d(zeros(1, 1, 4, 4), zeros(1, 1, 3, 3), same().dilation(HUGE)))
        .refuses(
            ShapeException.class,
            "conv2d: width: an input of 4, padded by 4294967293 and 4294967294, and a stride of 2"
                + " are 8589934593 together, expected at most 2147483647",
            () ->
                Ops.conv2d(
                    zeros(1, 1, 4, 4), zeros(1, 1, 3, 5), same().stride(2).dilation(1, HUGE)));
  }

  private static OpRow conv2dInput() {
    ConvGeometry grouped = valid().groups(2).geometry(Shape.of(1, 4, 4, 4), Shape.of(2, 2, 3, 3));
    return family(Conv2dInput.class, Conv2dInput::new, ConvCase::w, ConvCase::y)
        .oracle(
            c -> {
              ConvGeometry geometry = c.op(Conv2dInput.class).geometry();
              Shape w = c.input(0).shape();
              Shape x =
                  Shape.of(
                      c.input(1).shape().dim(0),
                      w.dim(1) * geometry.groups(),
                      geometry.rows().input(),
                      geometry.columns().input());
              return loops(geometry, x, w).inputGradient(c.input(0), c.input(1));
            })
        .refuses(
            ShapeException.class,
            "conv2dInput: weights [3, 3] has rank 2, expected 4",
            () -> Ops.conv2dInput(zeros(3, 3), zeros(1, 1, 2, 2), twoByTwo()))
        .refuses(
            ShapeException.class,
            "conv2dInput: output [2, 2] has rank 2, expected 4",
            () -> Ops.conv2dInput(zeros(1, 1, 3, 3), zeros(2, 2), twoByTwo()))
        .refuses(
            ShapeException.class,
            "conv2dInput: weights [1, 1, 2, 3] is 2 x 3, but the geometry expects 3 x 3",
            () -> Ops.conv2dInput(zeros(1, 1, 2, 3), zeros(1, 1, 2, 2), twoByTwo()))
        .refuses(
            ShapeException.class,
            "conv2dInput: output [1, 1, 2, 3] is 2 x 3, but the geometry expects 2 x 2",
            () -> Ops.conv2dInput(zeros(1, 1, 3, 3), zeros(1, 1, 2, 3), twoByTwo()))
        .refuses(
            ShapeException.class,
            "conv2dInput: weights [2, 1, 3, 3] have 2 filters, but the output [1, 3, 2, 2] has 3"
                + " channels",
            () -> Ops.conv2dInput(zeros(2, 1, 3, 3), zeros(1, 3, 2, 2), twoByTwo()))
        .refuses(
            ShapeException.class,
            "conv2dInput: weights [3, 2, 3, 3]: 3 filters, which groups=2 does not divide",
            () -> Ops.conv2dInput(zeros(3, 2, 3, 3), zeros(1, 3, 2, 2), grouped))
        .refuses(
            ShapeException.class,
            "conv2dInput: weights [0, 100000, 1, 1] with groups=100000 make 10000000000 channels,"
                + " expected at most 2147483647",
            () ->
                Ops.conv2dInput(
                    zeros(0, 100_000, 1, 1),
                    zeros(1, 0, 1, 1),
                    new ConvGeometry(
                        new Window(1, 1, 1, 0, 0, 1), new Window(1, 1, 1, 0, 0, 1), 100_000)))
        .refuses(
            ShapeException.class,
            "conv2dInput: [100000, 1, 1000, 1000] has at least 100000000000 elements" + LIMIT,
            () ->
                Ops.conv2dInput(
                    zeros(1, 1, 1, 1),
                    zeros(100_000, 1, 1, 1),
                    new ConvGeometry(
                        new Window(1000, 1, 1000, 0, 0, 1),
                        new Window(1000, 1, 1000, 0, 0, 1),
                        1)));
  }

  private static OpRow conv2dWeight() {
    ConvGeometry grouped = valid().groups(2).geometry(Shape.of(1, 4, 4, 4), Shape.of(2, 2, 3, 3));
    return family(Conv2dWeight.class, Conv2dWeight::new, ConvCase::x, ConvCase::y)
        .oracle(
            c -> {
              ConvGeometry geometry = c.op(Conv2dWeight.class).geometry();
              Shape x = c.input(0).shape();
              Shape w =
                  Shape.of(
                      c.input(1).shape().dim(1),
                      x.dim(1) / geometry.groups(),
                      geometry.rows().kernel(),
                      geometry.columns().kernel());
              return loops(geometry, x, w).weightGradient(c.input(0), c.input(1));
            })
        .refuses(
            ShapeException.class,
            "conv2dWeight: input [4] has rank 1, expected 4",
            () -> Ops.conv2dWeight(zeros(4), zeros(1, 1, 2, 2), twoByTwo()))
        .refuses(
            ShapeException.class,
            "conv2dWeight: output [] has rank 0, expected 4",
            () -> Ops.conv2dWeight(zeros(1, 1, 4, 4), zeros(), twoByTwo()))
        .refuses(
            ShapeException.class,
            "conv2dWeight: input [1, 1, 4, 5] is 4 x 5, but the geometry expects 4 x 4",
            () -> Ops.conv2dWeight(zeros(1, 1, 4, 5), zeros(1, 1, 2, 2), twoByTwo()))
        .refuses(
            ShapeException.class,
            "conv2dWeight: output [1, 1, 3, 2] is 3 x 2, but the geometry expects 2 x 2",
            () -> Ops.conv2dWeight(zeros(1, 1, 4, 4), zeros(1, 1, 3, 2), twoByTwo()))
        .refuses(
            ShapeException.class,
            "conv2dWeight: input [2, 1, 4, 4] has 2 images, but the output [3, 1, 2, 2] has 3",
            () -> Ops.conv2dWeight(zeros(2, 1, 4, 4), zeros(3, 1, 2, 2), twoByTwo()))
        .refuses(
            ShapeException.class,
            "conv2dWeight: input [1, 3, 4, 4] has 3 channels, which groups=2 does not divide",
            () -> Ops.conv2dWeight(zeros(1, 3, 4, 4), zeros(1, 2, 2, 2), grouped))
        .refuses(
            ShapeException.class,
            "conv2dWeight: output [1, 3, 2, 2]: 3 filters, which groups=2 does not divide",
            () -> Ops.conv2dWeight(zeros(1, 4, 4, 4), zeros(1, 3, 2, 2), grouped))
        .refuses(
            ShapeException.class,
            "conv2dWeight: [1000, 1000, 100, 100] has at least 10000000000 elements" + LIMIT,
            () ->
                Ops.conv2dWeight(
                    zeros(1, 1000, 1, 1),
                    zeros(1, 1000, 1, 1),
                    new ConvGeometry(
                        new Window(1, 100, 1, 99, 0, 1), new Window(1, 100, 1, 99, 0, 1), 1)));
  }

  private static OpRow family(
      Class<? extends Op> type,
      Function<ConvGeometry, Op> op,
      Function<ConvCase, Shape> first,
      Function<ConvCase, Shape> second) {
    return OpRow.of(
            type,
            combine(Draw.convolutions(4), Draw.seeds())
                .as((c, seed) -> familyCase(op, first, second, c, seed)))
        .exact()
        .edges(
            shapesAtTheEdges()
                .map(c -> familyCase(op, first, second, c, 1))
                .toArray(OpCase[]::new));
  }

  private static OpRow biasedConv2d() {
    ConvGeometry geometry = twoByTwo();
    return OpRow.of(
            BiasedConv2d.class,
            combine(Draw.convolutions(4), Draw.seeds()).as(ConvolutionRows::biasedCase))
        .exact()
        .oracle(
            c -> {
              ConvGeometry drawn = c.op(BiasedConv2d.class).geometry();
              NdArray y =
                  loops(drawn, c.input(0).shape(), c.input(1).shape())
                      .forward(c.input(0), c.input(1));
              return Ops.bias(Tensor.constant(y), Tensor.constant(c.input(2))).value();
            })
        .edges(shapesAtTheEdges().map(c -> biasedCase(c, 1)).toArray(OpCase[]::new))
        .refuses(
            ShapeException.class,
            "conv2d: weights [8, 3, 5, 5] have 8 filters, but the bias has shape [3],"
                + " expected [8]",
            () -> Ops.conv2d(zeros(1, 3, 28, 28), zeros(8, 3, 5, 5), zeros(3), valid()))
        .refuses(
            ShapeException.class,
            "conv2d: weights [1, 1, 2, 3] is 2 x 3, but the geometry expects 3 x 3",
            () ->
                Tensor.of(
                    new BiasedConv2d(geometry), zeros(1, 1, 4, 4), zeros(1, 1, 2, 3), zeros(1)))
        .refuses(
            IllegalArgumentException.class,
            "conv2d: 2 inputs, expected 3",
            () -> Tensor.of(new BiasedConv2d(geometry), zeros(1, 1, 4, 4), zeros(1, 1, 3, 3)));
  }

  private static OpCase biasedCase(ConvCase c, long seed) {
    return OpCase.of(
        new BiasedConv2d(c.geometry()),
        fill(seed, nonzero(), c.x(), c.w(), Shape.of(c.w().dim(0))));
  }

  private static OpCase familyCase(
      Function<ConvGeometry, Op> op,
      Function<ConvCase, Shape> first,
      Function<ConvCase, Shape> second,
      ConvCase c,
      long seed) {
    return OpCase.of(
        op.apply(c.geometry()), fill(seed, nonzero(), first.apply(c), second.apply(c)));
  }

  private static Stream<ConvCase> shapesAtTheEdges() {
    return Stream.of(
        shapes(valid(), Shape.of(0, 1, 3, 3), Shape.of(2, 1, 2, 2)), // no images
        shapes(valid(), Shape.of(1, 0, 3, 3), Shape.of(2, 0, 2, 2)), // no channels
        shapes(valid(), Shape.of(1, 2, 2, 2), Shape.of(0, 2, 1, 1)), // no filters
        shapes(valid(), Shape.of(1, 1, 1, 1), Shape.of(1, 1, 1, 1)),
        shapes(valid().padding(2), Shape.of(1, 1, 0, 2), Shape.of(1, 1, 2, 2)), // no rows
        shapes(valid().stride(3), Shape.of(1, 1, 6, 5), Shape.of(1, 1, 2, 1)), // a remainder
        shapes(same().stride(2), Shape.of(1, 1, 5, 4), Shape.of(1, 1, 3, 3)),
        shapes(valid().dilation(3, 2), Shape.of(1, 1, 4, 5), Shape.of(1, 1, 2, 3)));
  }

  // ---- functions made of it --------------------------------------------------------------------

  record Conv1d(ConvOptions options) implements Function<List<Tensor>, Tensor> {
    @Override
    public Tensor apply(List<Tensor> in) {
      return Ops.conv1d(in.get(0), in.get(1), options);
    }

    OpCase of(long seed, Shape x, Shape w) {
      return OpCase.of("conv1d " + options, this, fill(seed, nonzero(), x, w));
    }
  }

  /** Options whose rows say something else: it must not be looked at. */
  private static OpRow conv1d() {
    Arbitrary<Integer> few = Arbitraries.integers().between(1, 2);
    return OpRow.function(
            "conv1d",
            combine(few, few, few, few, Draw.windows(5), Draw.seeds())
                .as(
                    (batch, groups, channels, filters, window, seed) ->
                        new Conv1d(
                                new ConvOptions(
                                    new Slide(7, 3, 1, 2, false, true), slide(window), groups))
                            .of(
                                seed,
                                Shape.of(batch, groups * channels, window.input()),
                                Shape.of(groups * filters, channels, window.kernel()))))
        .exact()
        .oracle(ConvolutionRows::inOneRow)
        .edges(
            new Conv1d(valid()).of(1, Shape.of(0, 1, 3), Shape.of(2, 1, 2)),
            new Conv1d(valid()).of(1, Shape.of(1, 0, 3), Shape.of(2, 0, 2)),
            new Conv1d(valid()).of(1, Shape.of(1, 2, 2), Shape.of(0, 2, 1)),
            new Conv1d(valid()).of(1, Shape.of(1, 1, 1), Shape.of(1, 1, 1)),
            new Conv1d(valid().padding(0, 0, 2, 0)).of(1, Shape.of(1, 1, 0), Shape.of(1, 1, 2)))
        .refuses(
            ShapeException.class,
            "conv1d: input [1, 3, 1, 9] has rank 4, expected 3",
            () -> Ops.conv1d(zeros(1, 3, 1, 9), zeros(8, 3, 5), valid()))
        .refuses(
            ShapeException.class,
            "conv1d: weights [3, 5] has rank 2, expected 3",
            () -> Ops.conv1d(zeros(1, 3, 9), zeros(3, 5), valid()))
        .refuses(
            ShapeException.class,
            "conv1d: input [1, 3, 9] has 3 channels, but the weights [8, 1, 5] with groups=1 expect"
                + " 1",
            () -> Ops.conv1d(zeros(1, 3, 9), zeros(8, 1, 5), valid()))
        .refuses(
            ShapeException.class,
            "conv1d: weights [3, 2, 5]: 3 filters, which groups=2 does not divide",
            () -> Ops.conv1d(zeros(1, 4, 9), zeros(3, 2, 5), valid().groups(2)))
        .refuses(
            ShapeException.class,
            "conv1d: length: a window of 5 with dilation 2 does not fit an input of 6, padded by 1"
                + " and 1",
            () -> Ops.conv1d(zeros(1, 1, 6), zeros(1, 1, 5), valid().padding(1).dilation(2)))
        .refuses(
            IllegalArgumentException.class,
            "conv1d: strict length: stride 2 leaves a remainder of 1 after the last of the windows"
                + " of 3 over 6, padded by 0 and 0",
            () -> Ops.conv1d(zeros(1, 1, 6), zeros(1, 1, 3), valid().stride(2).strict()));
  }

  private static NdArray inOneRow(OpCase c) {
    ConvOptions options = c.function(Conv1d.class).options();
    Shape x = c.input(0).shape();
    Shape w = c.input(1).shape();
    Slide slide = options.columns();
    Window window =
        new Window(
            x.dim(2),
            w.dim(2),
            slide.stride(),
            slide.padBefore(),
            slide.padAfter(),
            slide.dilation());
    Shape image = Shape.of(x.dim(0), x.dim(1), 1, x.dim(2));
    Shape filters = Shape.of(w.dim(0), w.dim(1), 1, w.dim(2));
    ConvGeometry geometry =
        new ConvGeometry(new Window(1, 1, 1, 0, 0, 1), window, options.groups());
    return loops(geometry, image, filters)
        .forward(c.input(0).reshape(image), c.input(1).reshape(filters))
        .reshape(Shape.of(x.dim(0), w.dim(0), window.output()));
  }

  record DepthwiseConv2d(ConvOptions options) implements Function<List<Tensor>, Tensor> {
    @Override
    public Tensor apply(List<Tensor> in) {
      return Ops.depthwiseConv2d(in.get(0), in.get(1), options);
    }

    OpCase of(long seed, Shape x, Shape w) {
      return OpCase.of("depthwiseConv2d " + options, this, fill(seed, nonzero(), x, w));
    }
  }

  private static OpRow depthwiseConv2d() {
    Arbitrary<Integer> few = Arbitraries.integers().between(1, 2);
    return OpRow.function(
            "depthwiseConv2d",
            combine(
                    few,
                    Arbitraries.integers().between(1, 3),
                    few,
                    Draw.convolutions(4),
                    Draw.seeds())
                .as(
                    (batch, channels, filters, c, seed) ->
                        new DepthwiseConv2d(options(c.geometry(), 1))
                            .of(
                                seed,
                                Shape.of(batch, channels, c.x().dim(2), c.x().dim(3)),
                                Shape.of(channels * filters, 1, c.w().dim(2), c.w().dim(3)))))
        .exact()
        .oracle(
            c -> {
              Shape x = c.input(0).shape();
              Shape w = c.input(1).shape();
              ConvOptions options = c.function(DepthwiseConv2d.class).options();
              return loops(options.groups(x.dim(1)).geometry(x, w), x, w)
                  .forward(c.input(0), c.input(1));
            })
        .edges(
            new DepthwiseConv2d(valid()).of(1, Shape.of(0, 2, 3, 3), Shape.of(4, 1, 2, 2)),
            new DepthwiseConv2d(valid()).of(1, Shape.of(1, 2, 3, 3), Shape.of(0, 1, 2, 2)),
            new DepthwiseConv2d(valid()).of(1, Shape.of(1, 1, 1, 1), Shape.of(1, 1, 1, 1)))
        .refuses(
            ShapeException.class,
            "depthwiseConv2d: input [4, 4] has rank 2, expected 4",
            () -> Ops.depthwiseConv2d(zeros(4, 4), zeros(1, 1, 3, 3), valid()))
        .refuses(
            ShapeException.class,
            "depthwiseConv2d: weights [3, 3] has rank 2, expected 4",
            () -> Ops.depthwiseConv2d(zeros(1, 1, 4, 4), zeros(3, 3), valid()))
        .refuses(
            IllegalArgumentException.class,
            "depthwiseConv2d: options with groups=2, expected 1: the groups are the channels of"
                + " input [1, 2, 4, 4]",
            () -> Ops.depthwiseConv2d(zeros(1, 2, 4, 4), zeros(2, 1, 3, 3), valid().groups(2)))
        .refuses(
            ShapeException.class,
            "depthwiseConv2d: input [1, 3, 4, 4] has 3 channels, but the weights are [5, 1, 3, 3],"
                + " expected [a multiple of 3, 1, height, width]",
            () -> Ops.depthwiseConv2d(zeros(1, 3, 4, 4), zeros(5, 1, 3, 3), valid()))
        .refuses(
            ShapeException.class,
            "depthwiseConv2d: input [1, 3, 4, 4] has 3 channels, but the weights are [3, 3, 3, 3],"
                + " expected [a multiple of 3, 1, height, width]",
            () -> Ops.depthwiseConv2d(zeros(1, 3, 4, 4), zeros(3, 3, 3, 3), valid()))
        .refuses(
            ShapeException.class,
            "depthwiseConv2d: input [1, 0, 4, 4] has 0 channels, but the weights are [0, 1, 3, 3],"
                + " expected [a multiple of 0, 1, height, width]",
            () -> Ops.depthwiseConv2d(zeros(1, 0, 4, 4), zeros(0, 1, 3, 3), valid()))
        .refuses(
            ShapeException.class,
            "depthwiseConv2d: width: a window of 5 with dilation 1 does not fit an input of 4,"
                + " padded by 0 and 0",
            () -> Ops.depthwiseConv2d(zeros(1, 1, 5, 4), zeros(1, 1, 5, 5), valid()));
  }

  /** The convolution whose adjoint it is: the shapes tell the size of the output. */
  record ConvTranspose2d(ConvCase adjoint, ConvOptions options)
      implements Function<List<Tensor>, Tensor> {
    @Override
    public Tensor apply(List<Tensor> in) {
      boolean same = options.rows().same();
      return Ops.convTranspose2d(
          in.get(0),
          in.get(1),
          options,
          same ? 0 : adjoint.geometry().rows().remainder(),
          same ? 0 : adjoint.geometry().columns().remainder());
    }

    OpCase of(long seed) {
      String name = "convTranspose2d to %s, %s".formatted(adjoint.x(), options);
      return OpCase.of(name, this, fill(seed, nonzero(), adjoint.y(), adjoint.w()));
    }

    static ConvTranspose2d padded(ConvCase c) {
      return new ConvTranspose2d(c, ConvolutionRows.options(c.geometry(), c.geometry().groups()));
    }

    /** Of strides, dilations and shapes alone: its output is as many strides as the input has. */
    static ConvTranspose2d same(ConvCase c) {
      Window rows = c.geometry().rows();
      Window columns = c.geometry().columns();
      ConvOptions options =
          ConvOptions.same()
              .stride(rows.stride(), columns.stride())
              .dilation(rows.dilation(), columns.dilation())
              .groups(c.geometry().groups());
      Shape x =
          Shape.of(
              c.x().dim(0),
              c.x().dim(1),
              rows.output() * rows.stride(),
              columns.output() * columns.stride());
      ConvGeometry geometry = options.geometry(x, c.w());
      return new ConvTranspose2d(new ConvCase(geometry, x, c.w(), c.y()), options);
    }
  }

  private static OpRow convTranspose2d() {
    return OpRow.function(
            "convTranspose2d",
            combine(Draw.convolutions(4), Arbitraries.of(true, false), Draw.seeds())
                .as(
                    (c, same, seed) ->
                        (same ? ConvTranspose2d.same(c) : ConvTranspose2d.padded(c)).of(seed)))
        .exact()
        .oracle(
            c ->
                new NaiveConvolution(c.function(ConvTranspose2d.class).adjoint())
                    .inputGradient(c.input(1), c.input(0)))
        .edges(shapesAtTheEdges().map(c -> ConvTranspose2d.padded(c).of(1)).toArray(OpCase[]::new))
        .refuses(
            ShapeException.class,
            "convTranspose2d: input [4, 4] has rank 2, expected 4",
            () -> Ops.convTranspose2d(zeros(4, 4), zeros(1, 1, 3, 3), valid()))
        .refuses(
            ShapeException.class,
            "convTranspose2d: weights [3, 3] has rank 2, expected 4",
            () -> Ops.convTranspose2d(zeros(1, 1, 4, 4), zeros(3, 3), valid()))
        .refuses(
            ShapeException.class,
            "convTranspose2d: input [1, 3, 4, 4] has 3 channels, but the weights [2, 3, 2, 2]"
                + " expect 2",
            () -> Ops.convTranspose2d(zeros(1, 3, 4, 4), zeros(2, 3, 2, 2), valid()))
        .refuses(
            ShapeException.class,
            "convTranspose2d: input [1, 3, 4, 4] has 3 channels, which groups=2 does not divide",
            () -> Ops.convTranspose2d(zeros(1, 3, 4, 4), zeros(3, 1, 2, 2), valid().groups(2)))
        .refuses(
            IllegalArgumentException.class,
            "convTranspose2d: height 0, expected at least 1",
            () -> Ops.convTranspose2d(zeros(1, 1, 0, 4), zeros(1, 1, 2, 2), valid()))
        .refuses(
            IllegalArgumentException.class,
            "convTranspose2d: width: output padding 2, expected 0 to 1",
            () ->
                Ops.convTranspose2d(zeros(1, 1, 4, 4), zeros(1, 1, 2, 2), valid().stride(2), 1, 2))
        .refuses(
            IllegalArgumentException.class,
            "convTranspose2d: height: output padding -1, expected 0 to 1",
            () ->
                Ops.convTranspose2d(zeros(1, 1, 4, 4), zeros(1, 1, 2, 2), valid().stride(2), -1, 0))
        .refuses(
            IllegalArgumentException.class,
            "convTranspose2d: height: output padding 1, expected 0 to 0",
            () -> Ops.convTranspose2d(zeros(1, 1, 4, 4), zeros(1, 1, 2, 2), same().stride(2), 1, 0))
        .refuses(
            IllegalArgumentException.class,
            "convTranspose2d: strict width: stride 2 leaves a remainder of 1 after the last of the"
                + " windows of 2 over 9, padded by 0 and 0",
            () ->
                Ops.convTranspose2d(
                    zeros(1, 1, 4, 4), zeros(1, 1, 2, 2), valid().stride(2).strict(), 0, 1))
        .refuses(
            IllegalArgumentException.class,
            "convTranspose2d: height: kernel 0, expected at least 1",
            () -> Ops.convTranspose2d(zeros(1, 1, 4, 4), zeros(1, 1, 0, 2), valid()))
        .refuses(
            ShapeException.class,
            "convTranspose2d: height: 2 windows of 3 with dilation 1 and stride 2, padded by 3 and"
                + " 3, make an output of -1, expected 0 to 2147483647",
            () ->
                Ops.convTranspose2d(
                    zeros(1, 1, 2, 2), zeros(1, 1, 3, 3), valid().stride(2).padding(3)))
        .refuses( // an output of 2147483647 by itself would be all right
            ShapeException.class,
            "convTranspose2d: width: an input of 2147483647, padded by 0 and 0, and a stride of"
                + " 2147483646 are 4294967293 together, expected at most 2147483647",
            () ->
                Ops.convTranspose2d(zeros(1, 1, 1, 2), zeros(1, 1, 1, 1), valid().stride(HUGE - 1)))
        .refuses(
            ShapeException.class,
            "convTranspose2d: width: 4 windows of 1 with dilation 1 and stride 1000000000, padded"
                + " by 0 and 0, make an output of 3000000001, expected 0 to 2147483647",
            () ->
                Ops.convTranspose2d(
                    zeros(1, 1, 1, 4), zeros(1, 1, 1, 1), valid().stride(1_000_000_000)));
  }

  // ---- what they share -------------------------------------------------------------------------

  private static NaiveConvolution loops(ConvGeometry geometry, Shape x, Shape w) {
    return new NaiveConvolution(
        new ConvCase(geometry, x, w, outputs(geometry, x.dim(0), w.dim(0))));
  }

  private static Shape outputs(ConvGeometry geometry, int batch, int filters) {
    return Shape.of(batch, filters, geometry.rows().output(), geometry.columns().output());
  }

  private static ConvCase shapes(ConvOptions options, Shape x, Shape w) {
    ConvGeometry geometry = options.geometry(x, w);
    return new ConvCase(geometry, x, w, outputs(geometry, x.dim(0), w.dim(0)));
  }

  private static ConvOptions options(ConvGeometry geometry, int groups) {
    return new ConvOptions(slide(geometry.rows()), slide(geometry.columns()), groups);
  }

  private static Slide slide(Window window) {
    return new Slide(
        window.stride(), window.padBefore(), window.padAfter(), window.dilation(), false, false);
  }

  /** The geometry of 3 x 3 weights over 4 x 4 images: outputs are 2 x 2. */
  private static ConvGeometry twoByTwo() {
    return valid().geometry(Shape.of(1, 1, 4, 4), Shape.of(1, 1, 3, 3));
  }
}
