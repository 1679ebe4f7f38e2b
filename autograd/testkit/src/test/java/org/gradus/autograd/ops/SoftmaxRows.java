package org.gradus.autograd.ops;

import static java.lang.Double.NaN;
import static net.jqwik.api.Combinators.combine;
import static org.gradus.autograd.ops.Values.INF;
import static org.gradus.autograd.ops.Values.shape;
import static org.gradus.autograd.ops.Values.zeros;
import static org.gradus.autograd.testkit.Call.array;
import static org.gradus.autograd.testkit.Call.call;
import static org.gradus.autograd.testkit.Call.vector;
import static org.gradus.autograd.testkit.Domain.nonzero;

import java.util.function.BiFunction;
import java.util.function.IntFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.Arbitrary;
import org.gradus.autograd.Op;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.ShapeException;
import org.gradus.autograd.testkit.Draw;
import org.gradus.autograd.testkit.OpCase;
import org.gradus.autograd.testkit.OpRow;

/** The rows of the ops that normalise exponentials along an axis. */
final class SoftmaxRows {
  private static final NdArray SCORES = array(shape(2, 3), 1, 2, 3, 4, 5, 6);
  private static final NdArray MASK = array(shape(2, 3), 0, 0, 0, 1, 0, 1);

  /** The larger share of 4 and 6. */
  private static final double LARGE = 1 / (1 + Math.exp(-2));

  private static final double SLOPE = LARGE * (1 - LARGE);

  private SoftmaxRows() {}

  static Stream<OpRow> rows() {
    return Stream.of(softmax(), logSoftmax());
  }

  private static OpRow softmax() {
    IntFunction<Op> op = Softmax::new;
    OpRow row =
        OpRow.of(Softmax.class, alongAxis(op))
            .oracle(c -> alongLines(c.input(0), c.op(Softmax.class).axis(), SoftmaxRows::share))
            .edges(alongAnything(op))
            .calls(
                call(x -> Ops.softmax(x, 0), vector(0, Math.log(2), Math.log(3)))
                    .about()
                    .gives(vector(1 / 6.0, 2 / 6.0, 3 / 6.0)),
                call(x -> Ops.softmax(x, 1), array(shape(2, 2), 0, Math.log(3), 5, 5))
                    .about()
                    .gives(array(shape(2, 2), 0.25, 0.75, 0.5, 0.5)),
                call(x -> Ops.softmax(x, -1), array(shape(2, 2), 0, Math.log(3), 5, 5))
                    .about()
                    .gives(array(shape(2, 2), 0.25, 0.75, 0.5, 0.5)),
                // the first column is 0 and ln 3, the second ln 2 and 0
                call(x -> Ops.softmax(x, 0), array(shape(2, 2), 0, Math.log(2), Math.log(3), 0))
                    .about()
                    .gives(array(shape(2, 2), 0.25, 2 / 3.0, 0.75, 1 / 3.0)),
                // the middle axis of [2, 2, 1]
                call(x -> Ops.softmax(x, -2), array(shape(2, 2, 1), 7, 7 + Math.log(3), -1, -1))
                    .about()
                    .gives(array(shape(2, 2, 1), 0.25, 0.75, 0.5, 0.5)),
                call(x -> Ops.softmax(x, 1), array(shape(2, 1), 3, -4))
                    .gives(array(shape(2, 1), 1, 1)),
                call(x -> Ops.softmax(x, 1), array(shape(0, 3))).gives(array(shape(0, 3))),
                call(x -> Ops.softmax(x, 1), array(shape(3, 0))).gives(array(shape(3, 0))),
                // far apart it is flat
                call(x -> Ops.softmax(x, 0), vector(1000, -1000, -INF))
                    .cotangent(1, 2, 3)
                    .gradients(vector(0, 0, 0)),
                call(x -> Ops.softmax(x, 1), array(shape(0, 3))).gradients(array(shape(0, 3))),
                // y = (1/4, 3/4), g = (1, 0): y (g - 1/4)
                call(x -> Ops.softmax(x, 0), vector(0, Math.log(3)))
                    .cotangent(1, 0)
                    .about()
                    .gradients(vector(3 / 16.0, -3 / 16.0)),
                // all of g alike: the sum of the outputs is 1 whatever x is
                call(x -> Ops.softmax(x, 0), vector(0, Math.log(3)))
                    .cotangent(7, 7)
                    .about()
                    .gradients(vector(0, 0)),
                call(op.apply(0), vector(1000, -1000)).gives(vector(1, 0)),
                call(op.apply(0), vector(1000, -1000, -INF)).gradients(vector(0, 0, 0)),
                call(op.apply(0), vector(-1000, -1000)).gives(vector(0.5, 0.5)),
                call(op.apply(0), vector(-INF, 3, 3)).gives(vector(0, 0.5, 0.5)),
                call(op.apply(0), vector(-INF, -INF)).gives(vector(0, 0)).gradients(vector(0, 0)),
                // a row of scores that a mask leaves out has weights of 0, and no derivative
                call((x, m) -> Ops.softmax(Ops.where(m, x, -INF), 1), SCORES, MASK)
                    .about()
                    .gives(array(shape(2, 3), 0, 0, 0, 1 - LARGE, 0, LARGE))
                    .cotangent(7, -8, 9, 1, 5, 0)
                    .gradients(array(shape(2, 3), 0, 0, 0, SLOPE, 0, -SLOPE))
                    .derivatives(
                        array(shape(2, 3), 0, 0, 0, SLOPE, 0, -SLOPE),
                        array(shape(2, 3), 0, 0, 0, 0, 0, 0)),
                call(op.apply(0), vector(INF, 0)).gives(vector(NaN, NaN)),
                call(op.apply(0), vector(NaN, 0)).gives(vector(NaN, NaN)),
                // a row of minus infinity has no distribution
                call(x -> Ops.softmax(x, 1), array(shape(2, 2), -INF, -INF, 0, -INF))
                    .gives(array(shape(2, 2), 0, 0, 1, 0)));
    return refusesAxis(row, "softmax", Ops::softmax);
  }

  private static OpRow logSoftmax() {
    IntFunction<Op> op = LogSoftmax::new;
    OpRow row =
        OpRow.of(LogSoftmax.class, alongAxis(op))
            .oracle(
                c ->
                    alongLines(
                        c.input(0),
                        c.op(LogSoftmax.class).axis(),
                        (x, line) -> Math.log(share(x, line))))
            .edges(alongAnything(op))
            .calls(
                call(x -> Ops.logSoftmax(x, 1), array(shape(2, 2), 0, Math.log(3), 5, 5))
                    .about()
                    .gives(
                        array(
                            shape(2, 2),
                            -2 * Math.log(2),
                            Math.log(3) - 2 * Math.log(2),
                            -Math.log(2),
                            -Math.log(2))),
                call(x -> Ops.logSoftmax(x, 0), array(shape(2, 2), 0, 5, Math.log(3), 5))
                    .about()
                    .gives(
                        array(
                            shape(2, 2),
                            -2 * Math.log(2),
                            -Math.log(2),
                            Math.log(3) - 2 * Math.log(2),
                            -Math.log(2))),
                call(x -> Ops.logSoftmax(x, 0), vector(1000)).gives(vector(0)),
                // g - softmax(x) (1 + 2 + 3)
                call(x -> Ops.logSoftmax(x, 0), vector(1000, -1000, -INF))
                    .cotangent(1, 2, 3)
                    .gradients(vector(-5, 2, 3)),
                // g - softmax (sum of g): (1, 0) - (1/4, 3/4)
                call(x -> Ops.logSoftmax(x, 0), vector(0, Math.log(3)))
                    .cotangent(1, 0)
                    .about()
                    .gradients(vector(0.75, -0.75)),
                call(op.apply(0), vector(1000, -1000)).gives(vector(0, -2000)),
                // 1 - softmax(x) (1 + 1 + 1)
                call(op.apply(0), vector(1000, -1000, -INF)).gradients(vector(-2, 1, 1)),
                call(op.apply(0), vector(-INF, 3)).gives(vector(-INF, 0)),
                call(op.apply(0), vector(-INF, -INF))
                    .gives(vector(-INF, -INF))
                    .gradients(vector(0, 0)),
                call(x -> Ops.logSoftmax(x, 1), array(shape(2, 2), -INF, -INF, 0, -INF))
                    .gives(array(shape(2, 2), -INF, -INF, 0, -INF)),
                call((x, m) -> Ops.logSoftmax(Ops.where(m, x, -INF), 1), SCORES, MASK)
                    .about()
                    .gives(
                        array(
                            shape(2, 3),
                            -INF,
                            -INF,
                            -INF,
                            Math.log(LARGE) - 2,
                            -INF,
                            Math.log(LARGE)))
                    .cotangent(7, -8, 9, 1, 0, 0)
                    .gradients(array(shape(2, 3), 0, 0, 0, LARGE, 0, -LARGE))
                    .derivatives(
                        array(shape(2, 3), 0, 0, 0, LARGE, 0, -LARGE),
                        array(shape(2, 3), 0, 0, 0, 0, 0, 0)),
                // a cotangent of infinity leads nowhere from such a row, in any derivative
                call(x -> Ops.square(Ops.logSoftmax(x, 0)), vector(-INF, -INF))
                    .gives(vector(INF, INF))
                    .about()
                    .derivatives(vector(0, 0), vector(0, 0), vector(0, 0)));
    return refusesAxis(row, "logSoftmax", Ops::logSoftmax);
  }

  private static double share(double x, double[] line) {
    return Math.exp(x) / DoubleStream.of(line).map(Math::exp).sum();
  }

  private static Arbitrary<OpCase> alongAxis(IntFunction<Op> op) {
    return Draw.shapes(1, 3)
        .flatMap(
            shape ->
                combine(Draw.axis(shape), Draw.seeds())
                    .as((axis, seed) -> OpCase.of(op.apply(axis), nonzero().draw(shape, seed))));
  }

  private static OpCase[] alongAnything(IntFunction<Op> op) {
    return new OpCase[] {
      OpCase.of(op.apply(0), vector(1)),
      OpCase.of(op.apply(0), vector()),
      OpCase.of(op.apply(-1), array(shape(2, 0))),
      OpCase.of(op.apply(0), array(shape(2, 0))),
      OpCase.of(op.apply(1), array(shape(2, 1), 3, 4))
    };
  }

  /** A function of an element and of the line along an axis that it lies on. */
  private interface OnLine {
    double of(double element, double[] line);
  }

  private static NdArray alongLines(NdArray array, int axis, OnLine f) {
    Naive x = Naive.of(array);
    int along = axis < 0 ? axis + x.rank() : axis;
    return Naive.generate(
            x.dims(),
            index -> {
              double[] line =
                  IntStream.range(0, x.dim(along))
                      .mapToDouble(
                          i -> {
                            int[] other = index.clone();
                            other[along] = i;
                            return x.at(other);
                          })
                      .toArray();
              return f.of(x.at(index), line);
            })
        .as(DType.FLOAT64)
        .value();
  }

  private static OpRow refusesAxis(OpRow row, String name, BiFunction<Tensor, Integer, Tensor> f) {
    OpRow refusing = row;
    for (int axis : new int[] {2, -3, Integer.MIN_VALUE}) {
      refusing =
          refusing.refuses(
              ShapeException.class,
              name + ": there is no axis %s in [2, 3], which has rank 2".formatted(axis),
              () -> f.apply(zeros(2, 3), axis));
    }
    return refusing.refuses(
        ShapeException.class,
        name + ": there is no axis -1 in [], which has rank 0",
        () -> f.apply(zeros(), -1));
  }
}
