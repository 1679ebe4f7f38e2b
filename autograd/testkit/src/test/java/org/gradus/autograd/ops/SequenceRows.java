package org.gradus.autograd.ops;

import static net.jqwik.api.Combinators.combine;
import static org.gradus.autograd.ops.ConvOptions.same;
import static org.gradus.autograd.ops.ConvOptions.valid;
import static org.gradus.autograd.ops.ConvolutionRows.slide;
import static org.gradus.autograd.ops.PoolOptions.window;
import static org.gradus.autograd.ops.Values.count;
import static org.gradus.autograd.ops.Values.shape;
import static org.gradus.autograd.ops.Values.zeros;
import static org.gradus.autograd.testkit.Call.array;
import static org.gradus.autograd.testkit.Call.call;
import static org.gradus.autograd.testkit.Call.vector;
import static org.gradus.autograd.testkit.Domain.distinct;
import static org.gradus.autograd.testkit.Domain.nonzero;
import static org.gradus.autograd.testkit.Draw.fill;

import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.array.ShapeException;
import org.gradus.autograd.testkit.Draw;
import org.gradus.autograd.testkit.OpCase;
import org.gradus.autograd.testkit.OpRow;

/** The rows of windows over sequences, and of convolutions with a bias. */
final class SequenceRows {
  /** What options say of rows, which must not be looked at. */
  private static final WindowOptions IGNORED = new WindowOptions(7, 3, 1, 2, false, true);

  private SequenceRows() {}

  static Stream<OpRow> rows() {
    return Stream.of(
        conv1dWithBias(),
        convTranspose1d(),
        convTranspose1dWithBias(),
        convTranspose2dWithBias(),
        maxPool1d(),
        avgPool1d());
  }

  // ---- convolution -----------------------------------------------------------------------------

  record Conv1dWithBias(Window window, int groups) implements Function<List<Tensor>, Tensor> {
    @Override
    public Tensor apply(List<Tensor> in) {
      ConvOptions options = new ConvOptions(IGNORED, slide(window), groups);
      return Ops.conv1d(in.get(0), in.get(1), in.get(2), options);
    }

    OpCase of(int batch, int channels, int filters, long seed) {
      Shape x = Shape.of(batch, groups * channels, window.input());
      Shape w = Shape.of(groups * filters, channels, window.kernel());
      return OpCase.of(toString(), this, fill(seed, nonzero(), x, w, Shape.of(w.dim(0))));
    }

    NdArray loops(NdArray x, NdArray w, NdArray b) {
      Shape y = Shape.of(x.shape().dim(0), w.shape().dim(0), window.output());
      double[] sums = new double[y.size()];
      int at = 0;
      for (int[] i : Naive.indices(y.toArray())) {
        sums[at] = b.at(i[1]);
        int first = i[1] / (w.shape().dim(0) / groups) * w.shape().dim(1);
        for (int c = 0; c < w.shape().dim(1); c++) {
          for (int a = 0; a < window.kernel(); a++) {
            int place = i[2] * window.stride() - window.padBefore() + a * window.dilation();
            if (place >= 0 && place < window.input()) {
              sums[at] += w.get(i[1], c, a) * x.get(i[0], first + c, place);
            }
          }
        }
        at++;
      }
      return NdArray.wrap(sums, y);
    }
  }

  private static OpRow conv1dWithBias() {
    Arbitrary<Integer> few = Arbitraries.integers().between(1, 2);
    Window pairs = new Window(3, 2, 1, 0, 0, 1);
    return OpRow.function(
            "conv1d with bias",
            combine(few, few, few, few, Draw.windows(5), Draw.seeds())
                .as(
                    (batch, groups, channels, filters, window, seed) ->
                        new Conv1dWithBias(window, groups).of(batch, channels, filters, seed)))
        .exact()
        .oracle(c -> c.function(Conv1dWithBias.class).loops(c.input(0), c.input(1), c.input(2)))
        .edges(
            new Conv1dWithBias(pairs, 1).of(0, 1, 2, 1),
            new Conv1dWithBias(pairs, 1).of(1, 0, 2, 1),
            new Conv1dWithBias(pairs, 1).of(1, 2, 0, 1),
            new Conv1dWithBias(new Window(1, 1, 1, 0, 0, 1), 1).of(1, 1, 1, 1))
        .calls(
            "conv1d",
            call(
                    (x, w, b) -> Ops.conv1d(x, w, b, valid()),
                    count(1, 1, 5),
                    count(2, 1, 3),
                    vector(100, -1))
                .gives(array(shape(1, 2, 3), 114, 120, 126, 31, 46, 61)),
            call(
                    (x, w, b) -> Ops.conv1d(x, w, b, same()),
                    count(1, 1, 3),
                    count(1, 1, 1),
                    vector(10))
                .cotangent(1, 2, 4)
                .gradients(array(shape(1, 1, 3), 1, 2, 4), array(shape(1, 1, 1), 17), vector(7)))
        .refuses(
            ShapeException.class,
            "conv1d: weights [8, 3, 5] have 8 filters, but the bias has shape [3], expected [8]",
            () -> Ops.conv1d(zeros(1, 3, 9), zeros(8, 3, 5), zeros(3), valid()))
        .refuses(
            ShapeException.class,
            "conv1d: input [3, 9] has rank 2, expected 3",
            () -> Ops.conv1d(zeros(3, 9), zeros(8, 3, 5), zeros(8), valid()))
        .refuses(
            ShapeException.class,
            "conv1d: input [1, 3, 9] has 3 channels, but the weights [8, 1, 5] with groups=1 expect"
                + " 1",
            () -> Ops.conv1d(zeros(1, 3, 9), zeros(8, 1, 5), zeros(8), valid()));
  }

  // ---- its adjoint -----------------------------------------------------------------------------

  /** The convolution whose adjoint it is has this window over the output. */
  record ConvTranspose1d(Window window, int groups, boolean withBias)
      implements Function<List<Tensor>, Tensor> {
    @Override
    public Tensor apply(List<Tensor> in) {
      ConvOptions options = new ConvOptions(IGNORED, slide(window), groups);
      return withBias
          ? Ops.convTranspose1d(in.get(0), in.get(1), in.get(2), options)
          : Ops.convTranspose1d(in.get(0), in.get(1), options, window.remainder());
    }

    OpCase of(int batch, int channels, int filters, long seed) {
      Shape x = Shape.of(batch, groups * channels, window.output());
      Shape w = Shape.of(groups * channels, filters, window.kernel());
      Shape b = Shape.of(groups * filters);
      return OpCase.of(
          toString(),
          this,
          withBias ? fill(seed, nonzero(), x, w, b) : fill(seed, nonzero(), x, w));
    }

    NdArray loops(List<NdArray> in) {
      Shape w = in.get(1).shape();
      Shape y = Shape.of(in.get(0).shape().dim(0), w.dim(1) * groups, window.input());
      int groupChannels = w.dim(0) / groups;
      double[] sums = new double[y.size()];
      int at = 0;
      for (int[] i : Naive.indices(y.toArray())) {
        sums[at] = withBias ? in.get(2).at(i[1]) : 0;
        int group = i[1] / w.dim(1);
        for (int c = group * groupChannels; c < (group + 1) * groupChannels; c++) {
          for (int k = 0; k < window.output(); k++) {
            for (int a = 0; a < window.kernel(); a++) {
              if (k * window.stride() - window.padBefore() + a * window.dilation() == i[2]) {
                sums[at] += in.get(0).get(i[0], c, k) * in.get(1).get(c, i[1] % w.dim(1), a);
              }
            }
          }
        }
        at++;
      }
      return NdArray.wrap(sums, y);
    }
  }

  private static OpRow transposed(String name, boolean withBias, Arbitrary<Window> windows) {
    Arbitrary<Integer> few = Arbitraries.integers().between(1, 2);
    Window pairs = new Window(3, 2, 1, 0, 0, 1);
    return OpRow.function(
            name,
            combine(few, few, few, few, windows, Draw.seeds())
                .as(
                    (batch, groups, channels, filters, window, seed) ->
                        new ConvTranspose1d(window, groups, withBias)
                            .of(batch, channels, filters, seed)))
        .exact()
        .oracle(c -> c.function(ConvTranspose1d.class).loops(c.inputs()))
        .edges(
            new ConvTranspose1d(pairs, 1, withBias).of(0, 1, 2, 1),
            new ConvTranspose1d(pairs, 1, withBias).of(1, 0, 2, 1),
            new ConvTranspose1d(pairs, 1, withBias).of(1, 2, 0, 1),
            new ConvTranspose1d(new Window(1, 1, 1, 0, 0, 1), 1, withBias).of(1, 1, 1, 1));
  }

  private static OpRow convTranspose1d() {
    return transposed("convTranspose1d", false, Draw.windows(5))
        .calls(
            // 1 2 3, and 10 20 30 one step to the right
            call(
                    (x, w) -> Ops.convTranspose1d(x, w, valid()),
                    array(shape(1, 1, 2), 1, 10),
                    count(1, 1, 3))
                .gives(array(shape(1, 1, 4), 1, 12, 23, 30)),
            call(
                    (x, w) -> Ops.convTranspose1d(x, w, valid().stride(3), 1),
                    array(shape(1, 1, 2), 1, 10),
                    count(1, 1, 3))
                .gives(array(shape(1, 1, 7), 1, 2, 3, 10, 20, 30, 0)),
            // an output padding beyond the stride: where no window comes to there is 0
            call(
                    (x, w) -> Ops.convTranspose1d(x, w, valid().dilation(3), 2),
                    array(shape(1, 1, 2), 1, 10),
                    count(1, 1, 2))
                .gives(array(shape(1, 1, 7), 1, 10, 0, 2, 20, 0, 0)),
            call(
                    (x, w) -> Ops.convTranspose1d(x, w, same().stride(2)),
                    array(shape(1, 1, 2), 1, 10),
                    count(1, 1, 3))
                .gives(array(shape(1, 1, 4), 1, 2, 13, 20)),
            call(
                    (x, w) -> Ops.convTranspose1d(x, w, valid().groups(2)),
                    array(shape(1, 2, 1), 3, 5),
                    array(shape(2, 2, 1), 1, 10, 100, 1000))
                .gives(array(shape(1, 4, 1), 3, 30, 500, 5000)))
        .refuses(
            ShapeException.class,
            "convTranspose1d: input [1, 1, 4, 4] has rank 4, expected 3",
            () -> Ops.convTranspose1d(zeros(1, 1, 4, 4), zeros(1, 1, 3), valid()))
        .refuses(
            ShapeException.class,
            "convTranspose1d: weights [3] has rank 1, expected 3",
            () -> Ops.convTranspose1d(zeros(1, 1, 4), zeros(3), valid()))
        .refuses(
            ShapeException.class,
            "convTranspose1d: input [1, 3, 4] has 3 channels, but the weights [2, 3, 2] expect 2",
            () -> Ops.convTranspose1d(zeros(1, 3, 4), zeros(2, 3, 2), valid()))
        .refuses(
            ShapeException.class,
            "convTranspose1d: input [1, 3, 4] has 3 channels, which groups=2 does not divide",
            () -> Ops.convTranspose1d(zeros(1, 3, 4), zeros(3, 1, 2), valid().groups(2)))
        .refuses(
            IllegalArgumentException.class,
            "convTranspose1d: length: output padding 2, expected 0 to 1",
            () -> Ops.convTranspose1d(zeros(1, 1, 4), zeros(1, 1, 2), valid().stride(2), 2))
        .refuses(
            ShapeException.class,
            "convTranspose1d: [1, 50000, 50000] has at least 2500000000 elements, and an array"
                + " holds at most 2147483639",
            () -> Ops.convTranspose1d(zeros(1, 1, 50_000), zeros(1, 50_000, 1), valid()));
  }

  private static OpRow convTranspose1dWithBias() {
    return transposed(
            "convTranspose1d with bias",
            true,
            Draw.windows(5).map(SequenceRows::withoutPaddingOrRemainder))
        .calls(
            "convTranspose1d",
            call(
                    (x, w, b) -> Ops.convTranspose1d(x, w, b, valid()),
                    array(shape(1, 1, 2), 1, 10),
                    count(1, 2, 2),
                    vector(100, 200))
                .gives(array(shape(1, 2, 3), 101, 112, 120, 203, 234, 240)))
        .refuses(
            ShapeException.class,
            "convTranspose1d: weights [1, 3, 2] make 3 channels, but the bias has shape [2],"
                + " expected [3]",
            () -> Ops.convTranspose1d(zeros(1, 1, 4), zeros(1, 3, 2), zeros(2), valid()));
  }

  private static Window withoutPaddingOrRemainder(Window w) {
    int input = (w.output() - 1) * w.stride() + w.dilation() * (w.kernel() - 1) + 1;
    return new Window(input, w.kernel(), w.stride(), 0, 0, w.dilation());
  }

  private static OpRow convTranspose2dWithBias() {
    return OpRow.function(
            "convTranspose2d with bias",
            combine(Draw.convolutions(4), Draw.seeds())
                .as((c, seed) -> biased(c.y(), c.w().dim(2), c.w().dim(3), seed)))
        .exact()
        .edges(
            biased(Shape.of(0, 1, 2, 2), 2, 1, 1),
            biased(Shape.of(1, 0, 2, 2), 1, 2, 1),
            biased(Shape.of(1, 1, 1, 1), 1, 1, 1))
        .oracle(
            c -> {
              Shape w = c.input(1).shape();
              Shape y = c.input(0).shape();
              Shape x = Shape.of(y.dim(0), 2, y.dim(2) + w.dim(2) - 1, y.dim(3) + w.dim(3) - 1);
              ConvGeometry geometry = valid().geometry(x, w);
              NdArray sums =
                  new NaiveConvolution(new Draw.ConvCase(geometry, x, w, y))
                      .inputGradient(c.input(1), c.input(0));
              int plane = x.size(2, 4);
              return NdArray.generate(
                  DType.FLOAT64, x, i -> sums.at(i) + c.input(2).at(i / plane % 2));
            })
        .calls(
            "convTranspose2d",
            call(
                    (x, w, b) -> Ops.convTranspose2d(x, w, b, valid()),
                    array(shape(1, 1, 1, 2), 1, 10),
                    count(1, 2, 1, 2),
                    vector(100, 200))
                .gives(array(shape(1, 2, 1, 3), 101, 112, 120, 203, 234, 240)))
        .refuses(
            ShapeException.class,
            "convTranspose2d: weights [2, 3, 1, 1] make 6 channels, but the bias has shape [3],"
                + " expected [6]",
            () ->
                Ops.convTranspose2d(
                    zeros(1, 2, 4, 4), zeros(2, 3, 1, 1), zeros(3), valid().groups(2)))
        .refuses(
            ShapeException.class,
            "convTranspose2d: weights [3, 3] has rank 2, expected 4",
            () -> Ops.convTranspose2d(zeros(1, 1, 4, 4), zeros(3, 3), zeros(3), valid()));
  }

  /** With filters of two channels and this size. */
  private static OpCase biased(Shape x, int height, int width, long seed) {
    return OpCase.of(
        "convTranspose2d with bias",
        in -> Ops.convTranspose2d(in.get(0), in.get(1), in.get(2), valid()),
        fill(seed, nonzero(), x, Shape.of(x.dim(1), 2, height, width), Shape.of(2)));
  }

  // ---- pooling ---------------------------------------------------------------------------------

  record Pool1d(boolean ofMaxima, Window window, boolean countPadding)
      implements Function<List<Tensor>, Tensor> {
    @Override
    public Tensor apply(List<Tensor> in) {
      PoolOptions options =
          new PoolOptions(
              9, window.kernel(), IGNORED, slide(window), window.roundUp(), countPadding);
      return ofMaxima ? Ops.maxPool1d(in.get(0), options) : Ops.avgPool1d(in.get(0), options);
    }

    OpCase of(int batch, int channels, long seed) {
      Shape x = Shape.of(batch, channels, window.input());
      return OpCase.of(toString(), this, fill(seed, distinct(), x));
    }

    NdArray loops(NdArray x) {
      Shape shape = x.shape();
      NdArray row = x.reshape(Shape.of(shape.dim(0), shape.dim(1), 1, shape.dim(2)));
      NaivePooling pooling =
          new NaivePooling(new PoolGeometry(new Window(1, 1, 1, 0, 0, 1), window));
      NdArray y = ofMaxima ? pooling.pick(row, row) : pooling.mean(row, countPadding);
      return y.reshape(Shape.of(shape.dim(0), shape.dim(1), window.output()));
    }
  }

  private static OpRow pool1d(boolean ofMaxima, BiFunction<Tensor, PoolOptions, Tensor> pool) {
    String name = ofMaxima ? "maxPool1d" : "avgPool1d";
    Arbitrary<Integer> few = Arbitraries.integers().between(1, 2);
    Window pairs = new Window(4, 2, 2, 0, 0, 1);
    return OpRow.function(
            name,
            combine(few, few, Draw.pools(5), Arbitraries.of(true, false), Draw.seeds())
                .as(
                    (batch, channels, geometry, countPadding, seed) ->
                        new Pool1d(ofMaxima, geometry.columns(), countPadding)
                            .of(batch, channels, seed)))
        .oracle(c -> c.function(Pool1d.class).loops(c.input(0)))
        .edges(
            new Pool1d(ofMaxima, pairs, true).of(0, 1, 1),
            new Pool1d(ofMaxima, pairs, false).of(1, 0, 1),
            new Pool1d(ofMaxima, new Window(1, 1, 1, 0, 0, 1), true).of(1, 1, 1))
        .refuses(
            ShapeException.class,
            name + ": input [4, 6] has rank 2, expected 3",
            () -> pool.apply(zeros(4, 6), window(2)))
        .refuses(
            ShapeException.class,
            name
                + ": length: a window of 5 with dilation 1 does not fit an input of 4, padded by 0"
                + " and 0",
            () -> pool.apply(zeros(1, 1, 4), window(5)))
        .refuses(
            ShapeException.class,
            name
                + ": length: a window of 2 with dilation 1 and stride 2 lies on padding alone"
                + " somewhere over an input of 4, padded by 2 and 2",
            () -> pool.apply(zeros(1, 1, 4), window(2).padding(2)));
  }

  private static OpRow maxPool1d() {
    return pool1d(true, Ops::maxPool1d)
        .calls(
            call(x -> Ops.maxPool1d(x, 2), array(shape(1, 2, 4), 1, 3, 5, 2, -1, -2, -4, -3))
                .gives(array(shape(1, 2, 2), 3, 5, -1, -3)),
            call(x -> Ops.maxPool1d(x, window(3).stride(2).same()), count(1, 1, 5))
                .gives(array(shape(1, 1, 3), 2, 4, 5)),
            call(x -> Ops.maxPool1d(x, 2), array(shape(1, 1, 3), 4, 4, 9))
                .cotangent(7)
                .gradients(array(shape(1, 1, 3), 7, 0, 0)))
        .refuses(
            IllegalArgumentException.class,
            "maxPool1d: size 0, expected at least 1",
            () -> Ops.maxPool1d(zeros(1, 1, 4), 0));
  }

  private static OpRow avgPool1d() {
    return pool1d(false, Ops::avgPool1d)
        .exact()
        .calls(
            call(x -> Ops.avgPool1d(x, 2), array(shape(1, 2, 4), 1, 3, 5, 2, -1, -2, -4, -3))
                .gives(array(shape(1, 2, 2), 2, 3.5, -1.5, -3.5)),
            call(x -> Ops.avgPool1d(x, window(3).stride(2).same()), count(1, 1, 5))
                .gives(array(shape(1, 1, 3), 1, 3, 3)),
            call(x -> Ops.avgPool1d(x, window(3).stride(2).same().ignorePadding()), count(1, 1, 5))
                .gives(array(shape(1, 1, 3), 1.5, 3, 4.5)))
        .refuses(
            IllegalArgumentException.class,
            "avgPool1d: size -1, expected at least 1",
            () -> Ops.avgPool1d(zeros(1, 1, 4), -1));
  }
}
