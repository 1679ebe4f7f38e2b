package org.gradus.autograd.ops;

import static java.lang.Double.NaN;
import static net.jqwik.api.Combinators.combine;
import static org.gradus.autograd.ops.Values.count;
import static org.gradus.autograd.ops.Values.shape;
import static org.gradus.autograd.ops.Values.zeros;
import static org.gradus.autograd.testkit.Call.array;
import static org.gradus.autograd.testkit.Call.call;
import static org.gradus.autograd.testkit.Domain.distinct;
import static org.gradus.autograd.testkit.Draw.fill;

import java.util.ArrayList;
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
import org.gradus.autograd.testkit.OpCase;
import org.gradus.autograd.testkit.OpRow;

/** The rows of pooling to a size that is given. */
final class AdaptivePoolingRows {
  private static final int HUGE = 1 << 29;

  private AdaptivePoolingRows() {}

  static Stream<OpRow> rows() {
    return Stream.of(adaptiveAvgPool2d(), adaptiveAvgPool2dInput(), adaptiveMaxPool2d());
  }

  private static OpRow adaptiveAvgPool2d() {
    return refusesSizes(
            pooling(
                    OpRow.of(
                        AdaptiveAvgPool2d.class,
                        cases(
                            (x, height, width, seed) ->
                                one(new AdaptiveAvgPool2d(height, width), x, seed))),
                    (x, height, width, seed) -> one(new AdaptiveAvgPool2d(height, width), x, seed))
                .exact(),
            "adaptiveAvgPool2d",
            Ops::adaptiveAvgPool2d)
        .oracle(
            c -> {
              AdaptiveAvgPool2d op = c.op(AdaptiveAvgPool2d.class);
              NdArray x = c.input(0);
              double[] means = new double[outputs(x.shape(), op.height(), op.width()).size()];
              for (int out = 0; out < means.length; out++) {
                List<Integer> window = window(x.shape(), op.height(), op.width(), out);
                for (int at : window) {
                  means[out] += x.at(at) / window.size();
                }
              }
              return NdArray.wrap(means, outputs(x.shape(), op.height(), op.width()));
            })
        .calls(
            // 1 2, 2 3 4, 4 5
            call(x -> Ops.adaptiveAvgPool2d(x, 1, 3), count(1, 1, 1, 5))
                .gives(array(shape(1, 1, 1, 3), 1.5, 3, 4.5))
                .cotangent(2, 3, 4)
                .gradients(array(shape(1, 1, 1, 5), 1, 2, 1, 3, 2)),
            call(x -> Ops.adaptiveAvgPool2d(x, 3, 1), count(1, 1, 5, 1))
                .gives(array(shape(1, 1, 3, 1), 1.5, 3, 4.5)),
            // 1, 1 2, 2
            call(x -> Ops.adaptiveAvgPool2d(x, 1, 3), count(1, 1, 1, 2))
                .gives(array(shape(1, 1, 1, 3), 1, 1.5, 2)),
            // as tiles
            call(x -> Ops.adaptiveAvgPool2d(x, 2, 2), count(1, 1, 4, 4))
                .gives(array(shape(1, 1, 2, 2), 3.5, 5.5, 11.5, 13.5)),
            call(x -> Ops.adaptiveAvgPool2d(x, 1, 1), count(2, 1, 1, 3))
                .gives(array(shape(2, 1, 1, 1), 2, 5)),
            call(x -> Ops.adaptiveAvgPool2d(x, 2, 4), count(1, 1, 1, 2))
                .gives(array(shape(1, 1, 2, 4), 1, 1, 2, 2, 1, 1, 2, 2)))
        .refuses(
            ShapeException.class,
            "adaptiveAvgPool2d: [1, 1, 50000, 50000] has at least 2500000000 elements, and an array"
                + " holds at most 2147483639",
            () -> Ops.adaptiveAvgPool2d(zeros(1, 1, 1, 1), 50_000, 50_000));
  }

  private static OpRow adaptiveAvgPool2dInput() {
    OpOf op =
        (x, height, width, seed) ->
            one(new AdaptiveAvgPool2dInput(x.dim(2), x.dim(3)), outputs(x, height, width), seed);
    return pooling(OpRow.of(AdaptiveAvgPool2dInput.class, cases(op)), op)
        .exact()
        .oracle(
            c -> {
              AdaptiveAvgPool2dInput input = c.op(AdaptiveAvgPool2dInput.class);
              NdArray y = c.input(0);
              Shape out = y.shape();
              Shape x = outputs(out, input.height(), input.width());
              double[] sums = new double[x.size()];
              for (int o = 0; o < y.size(); o++) {
                List<Integer> window = window(x, out.dim(2), out.dim(3), o);
                for (int at : window) {
                  sums[at] += y.at(o) / window.size();
                }
              }
              return NdArray.wrap(sums, x);
            })
        .calls(
            call(new AdaptiveAvgPool2dInput(1, 5), array(shape(1, 1, 1, 3), 2, 3, 4))
                .gives(array(shape(1, 1, 1, 5), 1, 2, 1, 3, 2))
                .cotangent(1, 2, 3, 4, 5)
                .gradients(array(shape(1, 1, 1, 3), 1.5, 3, 4.5)))
        .refuses(
            ShapeException.class,
            "adaptiveAvgPool2dInput: input [2, 3] has rank 2, expected 4",
            () -> Tensor.of(new AdaptiveAvgPool2dInput(1, 1), zeros(2, 3)))
        .refuses(
            ShapeException.class,
            "adaptiveAvgPool2dInput: input [1, 1, 0, 3] is 0 x 3, expected at least 1 x 1",
            () -> Tensor.of(new AdaptiveAvgPool2dInput(1, 1), zeros(1, 1, 0, 3)))
        .refuses(
            ShapeException.class,
            "adaptiveAvgPool2dInput: input [1, 1, 3, 0] is 3 x 0, expected at least 1 x 1",
            () -> Tensor.of(new AdaptiveAvgPool2dInput(3, 0), zeros(1, 1, 1, 1)));
  }

  record AdaptiveMaxPool2d(int height, int width) implements Function<List<Tensor>, Tensor> {
    @Override
    public Tensor apply(List<Tensor> in) {
      return Ops.adaptiveMaxPool2d(in.get(0), height, width);
    }

    OpCase of(Shape x, long seed) {
      return OpCase.of(toString(), this, fill(seed, distinct(), x));
    }
  }

  private static OpRow adaptiveMaxPool2d() {
    OpOf op = (x, height, width, seed) -> new AdaptiveMaxPool2d(height, width).of(x, seed);
    return refusesSizes(
            pooling(OpRow.function("adaptiveMaxPool2d", cases(op)), op),
            "adaptiveMaxPool2d",
            Ops::adaptiveMaxPool2d)
        .oracle(
            c -> {
              AdaptiveMaxPool2d pool = c.function(AdaptiveMaxPool2d.class);
              NdArray x = c.input(0);
              Shape y = outputs(x.shape(), pool.height(), pool.width());
              double[] largest = new double[y.size()];
              for (int out = 0; out < largest.length; out++) {
                largest[out] =
                    window(x.shape(), pool.height(), pool.width(), out).stream()
                        .mapToDouble(x::at)
                        .max()
                        .getAsDouble();
              }
              return NdArray.wrap(largest, y);
            })
        .calls(
            call(x -> Ops.adaptiveMaxPool2d(x, 1, 3), count(1, 1, 1, 5))
                .gives(array(shape(1, 1, 1, 3), 2, 4, 5))
                .cotangent(1, 2, 3)
                .gradients(array(shape(1, 1, 1, 5), 0, 1, 0, 2, 3)),
            call(
                    x -> Ops.adaptiveMaxPool2d(x, 3, 2),
                    array(shape(1, 1, 5, 2), 9, 0, 1, 7, 2, 1, 8, 4, 3, 5))
                .gives(array(shape(1, 1, 3, 2), 9, 7, 8, 7, 8, 5)),
            // an element that is the largest of two windows gets both gradients
            call(x -> Ops.adaptiveMaxPool2d(x, 1, 3), array(shape(1, 1, 1, 5), 1, 9, 2, 0, 3))
                .gives(array(shape(1, 1, 1, 3), 9, 9, 3))
                .cotangent(1, 2, 4)
                .gradients(array(shape(1, 1, 1, 5), 0, 3, 0, 0, 4)),
            // the first of equal elements; the last of a window is not repeated before it
            call(x -> Ops.adaptiveMaxPool2d(x, 1, 3), array(shape(1, 1, 1, 5), 5, 5, 5, 5, 5))
                .cotangent(1, 2, 4)
                .gradients(array(shape(1, 1, 1, 5), 1, 2, 0, 4, 0)),
            call(x -> Ops.adaptiveMaxPool2d(x, 1, 3), array(shape(1, 1, 1, 5), 1, 2, NaN, 4, 5))
                .gives(array(shape(1, 1, 1, 3), 2, NaN, 5)),
            call(x -> Ops.adaptiveMaxPool2d(x, 2, 2), count(1, 1, 4, 4))
                .gives(array(shape(1, 1, 2, 2), 6, 8, 14, 16)),
            call(x -> Ops.adaptiveMaxPool2d(x, 2, 4), count(1, 1, 1, 2))
                .gives(array(shape(1, 1, 2, 4), 1, 1, 2, 2, 1, 1, 2, 2)),
            call(x -> Ops.adaptiveMaxPool2d(x, HUGE, 2), array(shape(0, 1, 2, 3)))
                .gives(array(shape(0, 1, HUGE, 2))))
        .refuses(
            ShapeException.class,
            "adaptiveMaxPool2d: axis 3 would have an extent of 2300000002, which no array holds",
            () -> Ops.adaptiveMaxPool2d(zeros(1, 1, 1, 2), 1, 1_150_000_001))
        .refuses(
            ShapeException.class,
            "adaptiveMaxPool2d: [1, 1, 50000, 50000] has at least 2500000000 elements, and an array"
                + " holds at most 2147483639",
            () -> Ops.adaptiveMaxPool2d(zeros(1, 1, 1, 1), 50_000, 50_000));
  }

  // ---- what they share -------------------------------------------------------------------------

  /** A case of images, and the height and width of what they are pooled to. */
  private interface OpOf {
    OpCase of(Shape x, int height, int width, long seed);
  }

  private static OpCase one(Op op, Shape input, long seed) {
    return OpCase.of(op, fill(seed, distinct(), input));
  }

  private static Arbitrary<OpCase> cases(OpOf op) {
    Arbitrary<Integer> sizes = Arbitraries.integers().between(1, 5);
    return combine(
            Draw.shapes(2, 2), Draw.extents(1, 7), Draw.extents(1, 7), sizes, sizes, Draw.seeds())
        .as(
            (planes, h, w, height, width, seed) ->
                op.of(
                    Shape.of(planes.dim(0), Math.min(2, planes.dim(1)), h, w),
                    height,
                    width,
                    seed));
  }

  private static OpRow pooling(OpRow row, OpOf op) {
    return row.edges(
        op.of(Shape.of(0, 2, 5, 3), 2, 2, 1),
        op.of(Shape.of(2, 0, 5, 3), 2, 2, 1),
        op.of(Shape.of(1, 1, 1, 1), 1, 1, 1),
        op.of(Shape.of(1, 1, 1, 1), 3, 2, 1),
        op.of(Shape.of(1, 1, 7, 5), 3, 9, 1));
  }

  private static Shape outputs(Shape x, int height, int width) {
    return Shape.of(x.dim(0), x.dim(1), height, width);
  }

  /** The places of what output number {@code out} is made of. */
  private static List<Integer> window(Shape x, int height, int width, int out) {
    int plane = out / (height * width);
    int i = out / width % height;
    int j = out % width;
    List<Integer> places = new ArrayList<>();
    for (int h = 0; h < x.dim(2); h++) {
      for (int v = 0; v < x.dim(3); v++) {
        if (isIn(h, i, x.dim(2), height) && isIn(v, j, x.dim(3), width)) {
          places.add((plane * x.dim(2) + h) * x.dim(3) + v);
        }
      }
    }
    return places;
  }

  /** Whether a place is at least floor(i n / m) and less than ceil((i + 1) n / m). */
  private static boolean isIn(int place, int i, int n, int m) {
    return place >= Math.floor((double) i * n / m) && place < Math.ceil((i + 1.0) * n / m);
  }

  /** A pooling of x to a height and a width. */
  private interface Pooling {
    Tensor of(Tensor x, int height, int width);
  }

  private static OpRow refusesSizes(OpRow row, String op, Pooling pooling) {
    return row.refuses(
            ShapeException.class,
            op + ": input [3, 4, 4] has rank 3, expected 4",
            () -> pooling.of(zeros(3, 4, 4), 2, 2))
        .refuses(
            ShapeException.class,
            op + ": input [1, 1, 0, 4] is 0 x 4, expected at least 1 x 1",
            () -> pooling.of(zeros(1, 1, 0, 4), 2, 2))
        .refuses(
            IllegalArgumentException.class,
            op + ": height 0, expected at least 1",
            () -> pooling.of(zeros(1, 1, 4, 4), 0, 2))
        .refuses(
            IllegalArgumentException.class,
            op + ": width -1, expected at least 1",
            () -> pooling.of(zeros(1, 1, 4, 4), 2, -1));
  }
}
