package org.gradus.autograd.ops;

import static java.lang.Double.NaN;
import static net.jqwik.api.Combinators.combine;
import static org.gradus.autograd.ops.Values.INF;
import static org.gradus.autograd.ops.Values.zeros;
import static org.gradus.autograd.testkit.Call.call;
import static org.gradus.autograd.testkit.Call.scalar;
import static org.gradus.autograd.testkit.Call.vector;
import static org.gradus.autograd.testkit.Domain.nonzero;
import static org.gradus.autograd.testkit.Domain.positive;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.DoubleUnaryOperator;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import org.gradus.autograd.Op;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.array.ShapeException;
import org.gradus.autograd.internal.kernel.Factor;
import org.gradus.autograd.testkit.Call;
import org.gradus.autograd.testkit.Draw;
import org.gradus.autograd.testkit.OpCase;
import org.gradus.autograd.testkit.OpRow;

/** The rows of the ops that VJPs are made of: cotangents times slopes, and adjoints along axes. */
final class SlopeRows {
  private SlopeRows() {}

  static Stream<OpRow> rows() {
    return Stream.of(
        product(),
        scaledDifference(),
        OpRow.unary(new Flat(), nonzero())
            .oracle(c -> c.input(0).map(x -> 0))
            .special(0, 0, 0)
            .special(INF, 0, 0)
            .special(NaN, NaN, NaN),
        OpRow.unary(InverseRoot.class, Arbitraries.of(0.1, 1.0).map(InverseRoot::new), positive())
            .oracle(
                c -> c.input(0).map(x -> Math.pow(x + c.op(InverseRoot.class).epsilon(), -0.5))),
        OpRow.unary(new InverseRoot(0), positive())
            .oracle(c -> c.input(0).map(x -> Math.pow(x, -0.5)))
            .special(4, 0.5, -0.0625)
            .special(0, INF, -INF)
            .special(-1, NaN, NaN),
        // The softmax of (0, ln 3) is (1/4, 3/4).
        alongAxis(SoftmaxInput.class, SoftmaxInput::new, SlopeRows::softmaxInput, "softmaxInput")
            .calls(
                call(new SoftmaxInput(0), vector(0, Math.log(3)), vector(1, 0))
                    .about()
                    .gives(vector(3 / 16.0, -3 / 16.0))),
        alongAxis(
                SoftmaxProduct.class,
                SoftmaxProduct::new,
                (i, shares, v) -> shares[i] * v[i],
                "softmaxProduct")
            .calls(
                call(new SoftmaxProduct(0), vector(0, Math.log(3)), vector(8, 4))
                    .about()
                    .gives(vector(2, 3))),
        alongAxis(SoftmaxCentred.class, SoftmaxCentred::new, SlopeRows::centred, "softmaxCentred")
            .calls(
                call(new SoftmaxCentred(0), vector(0, Math.log(3)), vector(8, 4))
                    .about()
                    .gives(vector(3, -1))),
        alongAxis(
                LogSoftmaxInput.class,
                LogSoftmaxInput::new,
                SlopeRows::logSoftmaxInput,
                "logSoftmaxInput")
            .calls(
                call(new LogSoftmaxInput(0), vector(0, Math.log(3)), vector(1, 0))
                    .about()
                    .gives(vector(0.75, -0.75))),
        normalizeInput(),
        deviation(),
        aboveTheMean());
  }

  // ---- element by element ----------------------------------------------------------------------

  /** A factor, and the function that it is, by another formula. */
  private record Known(Factor factor, DoubleUnaryOperator f) {}

  private static final List<Known> FACTORS =
      List.of(
          new Known(Factor.Power.one(), x -> x),
          new Known(new Factor.Power(-1), x -> 1 / x),
          new Known(new Factor.Power(-2), x -> 1 / x / x),
          new Known(new Factor.Power(2), x -> x * x),
          new Known(new Factor.Power(0.5), Math::sqrt),
          new Known(new Factor.Exponential(), x -> Math.pow(Math.E, x)),
          new Known(new Factor.Logistic(), x -> 0.5 + 0.5 * Math.tanh(x / 2)),
          new Known(new Factor.Hyperbolic(0.5, 0, 2), x -> Math.pow(Math.cosh(x / 2), -2)),
          new Known(new Factor.Hyperbolic(1, 2, 1), x -> Math.pow(Math.tanh(x), 2) / Math.cosh(x)),
          new Known(new Factor.SiluSlope(1), x -> (1 + x / (1 + Math.exp(x))) / (1 + Math.exp(-x))),
          new Known(
              new Factor.GeluSlope(2),
              x -> (2 - x * x) * Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI)),
          new Known(new Factor.ErrorSlope(2), x -> -4 / Math.sqrt(Math.PI) * x * Math.exp(-x * x)),
          new Known(new Factor.Power(-0.5), x -> 1 / Math.sqrt(x)),
          new Known(new Factor.Wave(0), x -> Math.cos(x - Math.PI / 2)),
          new Known(new Factor.Wave(3), x -> Math.sin(x - Math.PI / 2)));

  private static OpRow product() {
    Arbitrary<List<Integer>> choices =
        Arbitraries.integers().between(0, FACTORS.size() - 1).list().ofMinSize(1).ofMaxSize(3);
    return OpRow.of(
            Product.class,
            choices.flatMap(
                choice ->
                    combine(Draw.shapes(0, 2), Draw.seeds())
                        .as((shape, seed) -> productOf(choice, shape, seed))))
        .singleTolerance(1e-4)
        .tolerance(1e-5)
        .oracle(SlopeRows::productByHand)
        .calls( // -1.5 x / y^2
            call(
                    new Product(-1.5, List.of(Factor.Power.one(), new Factor.Power(-2))),
                    vector(4, 6),
                    vector(2, 1))
                .gives(vector(-1.5, -9)))
        .edges(
            productOf(List.of(0), Shape.of(), 1),
            productOf(List.of(0, 5), Shape.of(0), 1),
            productOf(List.of(6, 2, 4), Shape.of(1, 1), 1),
            productOf(List.of(7, 8), Shape.of(2, 700), 1))
        .refuses(
            ShapeException.class,
            "product: [2] and [3] do not broadcast: extents 2 and 3 differ and neither is 1 (axes"
                + " are aligned at the right)",
            () -> Product.of(1, zeros(2), Factor.Power.one(), zeros(3)));
  }

  /** The first input of the whole shape, and of the others all, one element, or the last axis. */
  private static OpCase productOf(List<Integer> choice, Shape shape, long seed) {
    List<NdArray> inputs = new ArrayList<>();
    for (int i = 0; i < choice.size(); i++) {
      Shape part =
          switch ((int) Math.floorMod(seed + i, 3L)) {
            case 1 -> i == 0 ? shape : Shape.of();
            case 2 -> i == 0 || shape.rank() == 0 ? shape : Shape.of(shape.dim(shape.rank() - 1));
            default -> shape;
          };
      inputs.add(positive().draw(part, seed + i));
    }
    List<Factor> factors = choice.stream().map(number -> FACTORS.get(number).factor()).toList();
    return OpCase.of(new Product(-1.5, factors), inputs);
  }

  private static NdArray productByHand(OpCase c) {
    List<Factor> factors = c.op(Product.class).factors();
    List<Naive> inputs = c.inputs().stream().map(Naive::of).toList();
    Shape shape = c.input(0).shape();
    return Naive.generate(
            shape.toArray(),
            index -> {
              double product = -1.5;
              for (int i = 0; i < factors.size(); i++) {
                Factor factor = factors.get(i);
                DoubleUnaryOperator f =
                    FACTORS.stream().filter(k -> k.factor().equals(factor)).findFirst().get().f();
                product *= f.applyAsDouble(inputs.get(i).broadcastAt(index));
              }
              return product;
            })
        .as(DType.FLOAT64)
        .value();
  }

  private static OpRow scaledDifference() {
    return OpRow.of(
            ScaledDifference.class,
            combine(Draw.shapes(0, 3), Draw.numbers(), Draw.seeds())
                .flatAs(
                    (shape, factor, seed) ->
                        combine(Draw.within(shape), Draw.within(shape), Draw.within(shape))
                            .as((a, b, s) -> difference(factor, a, b, s, seed))))
        .exact()
        .oracle(
            c -> {
              Naive a = Naive.of(c.input(0));
              Naive b = Naive.of(c.input(1));
              Naive s = Naive.of(c.input(2));
              Shape both = Shape.broadcast("oracle", a.shape(), b.shape());
              double factor = c.op(ScaledDifference.class).factor();
              return Naive.generate(
                      Shape.broadcast("oracle", both, s.shape()).toArray(),
                      i -> factor * (a.broadcastAt(i) - b.broadcastAt(i)) * s.broadcastAt(i))
                  .as(DType.FLOAT64)
                  .value();
            })
        .calls( // 2 (5 - 1) 10, 2 (7 - 1) 100
            call(new ScaledDifference(2), vector(5, 7), scalar(1), vector(10, 100))
                .gives(vector(80, 1200)))
        .edges(
            difference(1, Shape.of(), Shape.of(), Shape.of(), 1),
            difference(2, Shape.of(0), Shape.of(), Shape.of(1), 1),
            difference(3, Shape.of(1), Shape.of(1, 1), Shape.of(2, 1), 1))
        .refuses(
            ShapeException.class,
            "scaledDifference: [2] and [3] do not broadcast: extents 2 and 3 differ and neither is"
                + " 1 (axes are aligned at the right)",
            () -> Tensor.of(new ScaledDifference(1), zeros(2), zeros(), zeros(3)));
  }

  private static OpCase difference(double factor, Shape a, Shape b, Shape s, long seed) {
    return OpCase.of(new ScaledDifference(factor), Draw.fill(seed, nonzero(), a, b, s));
  }

  // ---- along an axis ---------------------------------------------------------------------------

  /** A function of a line of x, the softmax of it, and a line of v. */
  private interface OnLine {
    double of(int i, double[] shares, double[] v);
  }

  private static double softmaxInput(int i, double[] shares, double[] v) {
    return shares[i] * centred(i, shares, v);
  }

  private static double centred(int i, double[] shares, double[] v) {
    double mean = 0;
    for (int j = 0; j < v.length; j++) {
      mean += shares[j] * v[j];
    }
    return v[i] - mean;
  }

  private static double logSoftmaxInput(int i, double[] shares, double[] v) {
    double sum = 0;
    for (double value : v) {
      sum += value;
    }
    return v[i] - shares[i] * sum;
  }

  private static OpRow alongAxis(
      Class<? extends Op> type, IntFunction<Op> op, OnLine f, String name) {
    NdArray leftOut = vector(-INF, -INF);
    return OpRow.of(
            type,
            Draw.shapes(1, 3)
                .flatMap(
                    shape ->
                        combine(Draw.axis(shape), Draw.seeds())
                            .as((axis, seed) -> pair(op.apply(axis), shape, seed))))
        .oracle(c -> onLines(c, f))
        .calls(
            call(op.apply(0), leftOut, vector(3, -4))
                .gives(vector(0, 0))
                .about()
                .cotangent(2, 5)
                .gradients(vector(0, 0), vector(0, 0))
                .derivatives(vector(0, 0), vector(0, 0), vector(0, 0)),
            call(op.apply(0), leftOut, vector(INF, NaN))
                .gives(vector(0, 0))
                .about()
                .cotangent(-INF, NaN)
                .gradients(vector(0, 0), vector(0, 0))
                .derivatives(vector(0, 0), vector(0, 0), vector(0, 0)))
        .edges(
            pair(op.apply(0), Shape.of(1), 1),
            pair(op.apply(0), Shape.of(0), 1),
            pair(op.apply(-1), Shape.of(2, 0), 1),
            pair(op.apply(0), Shape.of(2, 0), 1),
            pair(op.apply(1), Shape.of(1, 2, 2), 1))
        .refuses(
            ShapeException.class,
            name + ": there is no axis 2 in [2, 3], which has rank 2",
            () -> Tensor.of(op.apply(2), zeros(2, 3), zeros(2, 3)))
        .refuses(
            ShapeException.class,
            name + ": input [2, 3] and cotangent [3] differ in shape",
            () -> Tensor.of(op.apply(1), zeros(2, 3), zeros(3)));
  }

  private static OpCase pair(Op op, Shape shape, long seed) {
    return OpCase.of(op, Draw.fill(seed, nonzero(), shape, shape));
  }

  private static NdArray onLines(OpCase c, OnLine f) {
    Naive x = Naive.of(c.input(0));
    Naive v = Naive.of(c.input(1));
    int axis = c.input(0).shape().axis("oracle", axisOf(c));
    return Naive.generate(
            x.dims(),
            index -> {
              int n = x.dim(axis);
              double[] shares = new double[n];
              double[] line = new double[n];
              double total = 0;
              for (int i = 0; i < n; i++) {
                int[] other = index.clone();
                other[axis] = i;
                shares[i] = Math.exp(x.at(other));
                line[i] = v.at(other);
                total += shares[i];
              }
              for (int i = 0; i < n; i++) {
                shares[i] /= total;
              }
              return f.of(index[axis], shares, line);
            })
        .as(DType.FLOAT64)
        .value();
  }

  private static int axisOf(OpCase c) {
    Op op = c.op(Op.class);
    if (op instanceof SoftmaxProduct product) {
      return product.axis();
    }
    return op instanceof SoftmaxInput input
        ? input.axis()
        : op instanceof SoftmaxCentred centred ? centred.axis() : ((LogSoftmaxInput) op).axis();
  }

  // ---- over axes -------------------------------------------------------------------------------

  private static OpRow normalizeInput() {
    BiFunction<List<Integer>, Double, Op> op = NormalizeInput::new;
    return refusesAxes(
            OpRow.of(
                    NormalizeInput.class,
                    overAxes((shape, axes, seed) -> pair(op.apply(axes, 0.5), shape, seed)))
                .oracle(
                    c -> {
                      List<Integer> axes = c.op(NormalizeInput.class).axes();
                      Slices x = new Slices(c.input(0), axes);
                      Slices v = new Slices(c.input(1), axes);
                      Slices.At above = x.centred();
                      Slices.At variance = x.mean(i -> above.of(i) * above.of(i));
                      Slices.At y = i -> above.of(i) / Math.sqrt(variance.of(i) + 0.5);
                      Slices.At along = x.mean(i -> v.at(i) * y.of(i));
                      Slices.At ofCotangent = v.centred();
                      return x.generate(
                          i ->
                              (ofCotangent.of(i) - y.of(i) * along.of(i))
                                  / Math.sqrt(variance.of(i) + 0.5));
                    })
                .calls( // deviations of 2: ((-1, 1) - (-1/2, 1/2) / 2) / 2
                    call(op.apply(List.of(0), 3.0), vector(1, 3), vector(1, 3))
                        .gives(vector(-0.375, 0.375)))
                .edges(
                    pair(op.apply(List.of(0), 0.5), Shape.of(1), 1),
                    pair(op.apply(List.of(0), 0.5), Shape.of(0), 1),
                    pair(op.apply(List.of(1), 0.5), Shape.of(0, 2), 1),
                    pair(op.apply(List.of(0, 2), 0.5), Shape.of(2, 2, 2), 1),
                    pair(op.apply(List.of(0, 2, -1), 0.5), Shape.of(2, 2, 2, 1, 2), 1)),
            "normalizeInput",
            axes -> Tensor.of(op.apply(axes, 0.5), zeros(2, 3), zeros(2, 3)))
        .refuses(
            ShapeException.class,
            "normalizeInput: input [2, 3] and cotangent [2, 1] differ in shape",
            () -> Tensor.of(op.apply(List.of(1), 0.5), zeros(2, 3), zeros(2, 1)));
  }

  private static OpRow deviation() {
    return refusesAxes(
        OpRow.of(
                Deviation.class,
                overAxes(
                    (shape, axes, seed) ->
                        OpCase.of(new Deviation(axes, 0.5), nonzero().draw(shape, seed))))
            .oracle(
                c -> {
                  Slices x = new Slices(c.input(0), c.op(Deviation.class).axes());
                  Slices.At above = x.centred();
                  Slices.At variance = x.mean(i -> above.of(i) * above.of(i));
                  return x.first(i -> Math.sqrt(variance.of(i) + 0.5));
                })
            .edges(
                OpCase.of(new Deviation(List.of(0), 0.5), nonzero().draw(Shape.of(1), 1)),
                OpCase.of(new Deviation(List.of(0), 0.5), nonzero().draw(Shape.of(2, 0), 1)),
                OpCase.of(new Deviation(List.of(0, 2), 0.5), nonzero().draw(Shape.of(2, 2, 2), 1)))
            .calls(call(new Deviation(List.of(0), 0), vector(5, 5)).gives(vector(0))),
        "deviation",
        axes -> Tensor.of(new Deviation(axes, 0.5), zeros(2, 3)));
  }

  private static OpRow aboveTheMean() {
    return refusesAxes(
            OpRow.of(Centred.class, overAxes(SlopeRows::centredOf))
                .exact()
                .oracle(
                    c -> {
                      Slices x = new Slices(c.input(0), c.op(Centred.class).axes());
                      Naive s = Naive.of(c.input(1));
                      Slices.At above = x.centred();
                      return x.generate(i -> 1.5 * above.of(i) * s.broadcastAt(i));
                    })
                .calls(
                    call(new Centred(List.of(0), 1.5), vector(1, 3), vector(10))
                        .gives(vector(-15, 15)))
                .edges(
                    centredOf(Shape.of(1), List.of(0), 1),
                    centredOf(Shape.of(2, 0), List.of(1), 1),
                    centredOf(Shape.of(2, 2, 2, 2), List.of(0, 2), 1),
                    centredOf(Shape.of(2, 2, 2, 2, 2), List.of(0, 2, 4), 1)),
            "centred",
            axes -> Tensor.of(new Centred(axes, 1), zeros(2, 3), zeros(1, 1)))
        .refuses(
            ShapeException.class,
            "centred: the means [2, 1] and the scale [2] differ in shape",
            () -> Tensor.of(new Centred(List.of(1), 1), zeros(2, 3), zeros(2)));
  }

  private static OpCase centredOf(Shape shape, List<Integer> axes, long seed) {
    Shape kept = Axes.kept(shape, Axes.marked("centred", shape, axes));
    return OpCase.of(new Centred(axes, 1.5), Draw.fill(seed, nonzero(), shape, kept));
  }

  private interface OverAxes {
    OpCase of(Shape shape, List<Integer> axes, long seed);
  }

  private static Arbitrary<OpCase> overAxes(OverAxes of) {
    return Draw.shapes(0, 4)
        .flatMap(
            shape ->
                combine(Draw.axes(shape), Draw.seeds())
                    .as((axes, seed) -> of.of(shape, axes, seed)));
  }

  private interface Call {
    Tensor of(List<Integer> axes);
  }

  private static OpRow refusesAxes(OpRow row, String name, Call call) {
    return row.refuses(
            ShapeException.class,
            name + ": there is no axis 2 in [2, 3], which has rank 2",
            () -> call.of(List.of(0, 2)))
        .refuses(
            ShapeException.class,
            name + ": axis 1 is named twice in [1, -1]",
            () -> call.of(List.of(1, -1)));
  }

  /** An array, element after element, and the means over those that differ along some axes only. */
  record Slices(Naive x, List<Integer> axes) {
    Slices(NdArray array, List<Integer> axes) {
      this(Naive.of(array), axes.stream().map(a -> array.shape().axis("oracle", a)).toList());
    }

    interface At {
      double of(int[] index);
    }

    double at(int[] index) {
      return x.at(index);
    }

    At centred() {
      At mean = mean(x::at);
      return index -> x.at(index) - mean.of(index);
    }

    /** The means of a function, each added up once. */
    At mean(At f) {
      Map<List<Integer>, double[]> sums = new HashMap<>();
      for (int[] index : Naive.indices(x.dims())) {
        double[] sum = sums.computeIfAbsent(slice(index), slice -> new double[2]);
        sum[0] += f.of(index);
        sum[1]++;
      }
      return place -> {
        double[] sum = sums.getOrDefault(slice(place), new double[2]);
        return sum[0] / sum[1];
      };
    }

    private List<Integer> slice(int[] index) {
      return IntStream.range(0, index.length)
          .mapToObj(axis -> axes.contains(axis) ? 0 : index[axis])
          .toList();
    }

    NdArray generate(At f) {
      return Naive.generate(x.dims(), f::of).as(DType.FLOAT64).value();
    }

    /** With extent 1 on the axes. */
    NdArray first(At f) {
      int[] dims = x.dims().clone();
      axes.forEach(axis -> dims[axis] = 1);
      return Naive.generate(dims, f::of).as(DType.FLOAT64).value();
    }
  }
}
