package org.gradus.autograd.ops;

import static net.jqwik.api.Combinators.combine;
import static org.gradus.autograd.ops.ConvOptions.same;
import static org.gradus.autograd.ops.ConvOptions.valid;
import static org.gradus.autograd.ops.ConvolutionRows.loops;
import static org.gradus.autograd.ops.ConvolutionRows.options;
import static org.gradus.autograd.ops.ConvolutionRows.shapesAtTheEdges;
import static org.gradus.autograd.ops.ConvolutionRows.slide;
import static org.gradus.autograd.ops.Values.count;
import static org.gradus.autograd.ops.Values.shape;
import static org.gradus.autograd.ops.Values.zeros;
import static org.gradus.autograd.testkit.Call.array;
import static org.gradus.autograd.testkit.Call.call;
import static org.gradus.autograd.testkit.Domain.nonzero;
import static org.gradus.autograd.testkit.Draw.fill;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.array.ShapeException;
import org.gradus.autograd.testkit.Draw;
import org.gradus.autograd.testkit.Draw.ConvCase;
import org.gradus.autograd.testkit.OpCase;
import org.gradus.autograd.testkit.OpRow;

/** The rows of the functions that are made of the family of convolutions. */
final class ConvolutionFunctionRows {
  private static final int HUGE = Integer.MAX_VALUE;

  private ConvolutionFunctionRows() {}

  static Stream<OpRow> rows() {
    return Stream.of(conv1d(), depthwiseConv2d(), convTranspose2d());
  }

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
                                    new WindowOptions(7, 3, 1, 2, false, true),
                                    slide(window),
                                    groups))
                            .of(
                                seed,
                                Shape.of(batch, groups * channels, window.input()),
                                Shape.of(groups * filters, channels, window.kernel()))))
        .exact()
        .oracle(ConvolutionFunctionRows::inOneRow)
        .edges(
            new Conv1d(valid()).of(1, Shape.of(0, 1, 3), Shape.of(2, 1, 2)),
            new Conv1d(valid()).of(1, Shape.of(1, 0, 3), Shape.of(2, 0, 2)),
            new Conv1d(valid()).of(1, Shape.of(1, 2, 2), Shape.of(0, 2, 1)),
            new Conv1d(valid()).of(1, Shape.of(1, 1, 1), Shape.of(1, 1, 1)),
            new Conv1d(valid().padding(0, 0, 2, 0)).of(1, Shape.of(1, 1, 0), Shape.of(1, 1, 2)))
        .calls(
            // 1 1 + 2 2 + 3 3 = 14: not flipped
            call((x, w) -> Ops.conv1d(x, w, valid()), count(1, 1, 5), count(1, 1, 3))
                .gives(array(shape(1, 1, 3), 14, 20, 26)),
            call((x, w) -> Ops.conv1d(x, w, valid().padding(1)), count(1, 1, 5), count(1, 1, 3))
                .gives(array(shape(1, 1, 5), 8, 14, 20, 26, 14)),
            call((x, w) -> Ops.conv1d(x, w, same()), count(1, 1, 5), count(1, 1, 3))
                .gives(array(shape(1, 1, 5), 8, 14, 20, 26, 14)),
            // causal
            call(
                    (x, w) -> Ops.conv1d(x, w, valid().padding(0, 0, 2, 0)),
                    count(1, 1, 5),
                    count(1, 1, 3))
                .gives(array(shape(1, 1, 5), 3, 8, 14, 20, 26)),
            call(
                    (x, w) -> Ops.conv1d(x, w, valid().stride(2).strict()),
                    count(1, 1, 5),
                    count(1, 1, 3))
                .gives(array(shape(1, 1, 2), 14, 26)),
            // 1 1 + 3 2 + 5 3
            call((x, w) -> Ops.conv1d(x, w, valid().dilation(2)), count(1, 1, 5), count(1, 1, 3))
                .gives(array(shape(1, 1, 1), 22)),
            // what is said of rows is not looked at
            call(
                    (x, w) ->
                        Ops.conv1d(x, w, valid().stride(2, 1).padding(3, 2, 0, 0).dilation(7, 1)),
                    count(1, 1, 5),
                    count(1, 1, 3))
                .gives(array(shape(1, 1, 3), 14, 20, 26)),
            // channels add up in each filter
            call(
                    (x, w) -> Ops.conv1d(x, w, valid()),
                    array(shape(2, 2, 1), 3, 5, 7, 9),
                    array(shape(2, 2, 1), 1, 10, 100, 1000))
                .gives(array(shape(2, 2, 1), 53, 5300, 97, 9700)),
            call(
                    (x, w) -> Ops.conv1d(x, w, valid().groups(2)),
                    array(shape(2, 2, 1), 3, 5, 7, 9),
                    array(shape(2, 1, 1), 10, 100))
                .gives(array(shape(2, 2, 1), 30, 500, 70, 900)),
            call((x, w) -> Ops.conv1d(x, w, valid()), count(0, 1, 5), count(1, 1, 3))
                .gives(array(shape(0, 1, 3))))
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
    WindowOptions slide = options.columns();
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
        .calls(
            // two filters on 1 2, two on 3 4
            call(
                    (x, w) -> Ops.depthwiseConv2d(x, w, valid()),
                    count(1, 2, 1, 2),
                    array(shape(4, 1, 1, 2), 1, 10, 100, 1000, 1, -1, 2, 0))
                .gives(array(shape(1, 4, 1, 1), 21, 2100, -1, 6)),
            call(
                    (x, w) -> Ops.depthwiseConv2d(x, w, valid().padding(1, 0, 0, 0).stride(1, 3)),
                    count(1, 2, 1, 2),
                    array(shape(2, 1, 1, 2), 1, 10, 1, -1))
                .gives(array(shape(1, 2, 2, 1), 0, 21, 0, -1)),
            call(
                    (x, w) -> Ops.depthwiseConv2d(x, w, valid()),
                    array(shape(0, 2, 1, 2)),
                    array(shape(4, 1, 1, 2), 1, 10, 100, 1000, 1, -1, 2, 0))
                .gives(array(shape(0, 4, 1, 1))))
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
    double[] rowsOfPadding = {
      1, 2, 3, 10, 20, 30, //
      0, 0, 0, 0, 0, 0, //
      0, 0, 0, 0, 0, 0
    };
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
        .calls(
            // the filter, set down at (0, 0) and at (1, 1)
            call(
                    (x, w) -> Ops.convTranspose2d(x, w, valid()),
                    array(shape(1, 1, 2, 2), 1, 0, 0, 1),
                    count(1, 1, 2, 2))
                .gives(array(shape(1, 1, 3, 3), 1, 2, 0, 3, 4 + 1, 2, 0, 3, 4)),
            // padding is cut off, on each side by itself
            call(
                    (x, w) -> Ops.convTranspose2d(x, w, valid().padding(1)),
                    array(shape(1, 1, 2, 2), 1, 0, 0, 1),
                    count(1, 1, 2, 2))
                .gives(array(shape(1, 1, 1, 1), 5)),
            call(
                    (x, w) -> Ops.convTranspose2d(x, w, valid().padding(1, 0, 0, 1)),
                    array(shape(1, 1, 2, 2), 1, 0, 0, 1),
                    count(1, 1, 2, 2))
                .gives(array(shape(1, 1, 2, 2), 3, 5, 0, 3)),
            call(
                    (x, w) -> Ops.convTranspose2d(x, w, same()),
                    array(shape(1, 1, 2, 2), 1, 0, 0, 1),
                    count(1, 1, 2, 2))
                .gives(array(shape(1, 1, 2, 2), 1, 2, 3, 5)),
            // all of it is cut off
            call(
                    (x, w) -> Ops.convTranspose2d(x, w, valid().padding(1, 1, 0, 0)),
                    array(shape(1, 1, 1, 1), 5),
                    count(1, 1, 2, 2))
                .gives(array(shape(1, 1, 0, 2))),
            // 1 2 3, and 10 20 30 one step to the right
            call(
                    (x, w) -> Ops.convTranspose2d(x, w, valid()),
                    array(shape(1, 1, 1, 2), 1, 10),
                    array(shape(1, 1, 1, 3), 1, 2, 3))
                .gives(array(shape(1, 1, 1, 4), 1, 12, 23, 30)),
            // two steps to the right
            call(
                    (x, w) -> Ops.convTranspose2d(x, w, valid().stride(1, 2)),
                    array(shape(1, 1, 1, 2), 1, 10),
                    array(shape(1, 1, 1, 3), 1, 2, 3))
                .gives(array(shape(1, 1, 1, 5), 1, 2, 13, 20, 30)),
            call(
                    (x, w) -> Ops.convTranspose2d(x, w, valid().stride(3), 0, 1),
                    array(shape(1, 1, 1, 2), 1, 10),
                    array(shape(1, 1, 1, 3), 1, 2, 3))
                .gives(array(shape(1, 1, 1, 7), 1, 2, 3, 10, 20, 30, 0)),
            call(
                    (x, w) -> Ops.convTranspose2d(x, w, valid().stride(3), 2, 0),
                    array(shape(1, 1, 1, 2), 1, 10),
                    array(shape(1, 1, 1, 3), 1, 2, 3))
                .gives(array(shape(1, 1, 3, 6), rowsOfPadding)),
            // taps two apart
            call(
                    (x, w) -> Ops.convTranspose2d(x, w, valid().dilation(2)),
                    array(shape(1, 1, 1, 2), 1, 10),
                    array(shape(1, 1, 1, 3), 1, 2, 3))
                .gives(array(shape(1, 1, 1, 6), 1, 10, 2, 20, 3, 30)),
            // twice as wide: the last of five is cut off
            call(
                    (x, w) -> Ops.convTranspose2d(x, w, same().stride(2)),
                    array(shape(1, 1, 1, 2), 1, 10),
                    array(shape(1, 1, 1, 3), 1, 2, 3))
                .gives(array(shape(1, 1, 2, 4), 1, 2, 13, 20, 0, 0, 0, 0)),
            // each output channel sees both input channels
            call(
                    (x, w) -> Ops.convTranspose2d(x, w, valid()),
                    array(shape(1, 2, 1, 1), 3, 5),
                    array(shape(2, 3, 1, 1), 1, 10, 100, 1000, 10000, 100000))
                .gives(array(shape(1, 3, 1, 1), 5003, 50030, 500300)),
            // or one of them
            call(
                    (x, w) -> Ops.convTranspose2d(x, w, valid().groups(2)),
                    array(shape(1, 2, 1, 1), 3, 5),
                    array(shape(2, 2, 1, 1), 1, 10, 100, 1000))
                .gives(array(shape(1, 4, 1, 1), 3, 30, 500, 5000)),
            call(
                    (x, w) -> Ops.convTranspose2d(x, w, valid()),
                    array(shape(0, 1, 2, 2)),
                    count(1, 1, 2, 2))
                .gives(array(shape(0, 1, 3, 3))))
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
}
