package org.gradus.autograd.ops;

import static net.jqwik.api.Combinators.combine;
import static org.gradus.autograd.ops.Domain.DISTINCT;
import static org.gradus.autograd.ops.Domain.NONZERO;
import static org.gradus.autograd.ops.Domain.POSITIVE;
import static org.gradus.autograd.ops.Draw.fill;
import static org.gradus.autograd.ops.OpRow.broadcasting;
import static org.gradus.autograd.ops.OpRow.pairs;
import static org.gradus.autograd.ops.OpRow.unary;

import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Group;
import net.jqwik.api.lifecycle.AfterContainer;
import org.gradus.autograd.Op;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.ops.Draw.ConvCase;

/** The contracts of all ops: a row for each. */
@SuppressWarnings("ClassCanBeStatic") // groups are inner classes
class OpContractProperties {

  /** Prints how much was checked. */
  @AfterContainer
  static void printTallies() {
    OpContract.TALLIES.forEach(
        (op, tally) ->
            System.out.printf(
                "%-18s %6d cases %9d derivatives, largest error %.1e%n",
                op, tally.cases(), tally.report().comparisons(), tally.report().largestError()));
  }

  @Group
  class OfNeg extends OpContract {
    OfNeg() {
      super(unary(new Neg(), NONZERO).asExact());
    }
  }

  @Group
  class OfExp extends OpContract {
    OfExp() {
      super(unary(new Exp(), NONZERO));
    }
  }

  @Group
  class OfLog extends OpContract {
    OfLog() {
      super(unary(new Log(), POSITIVE));
    }
  }

  @Group
  class OfSqrt extends OpContract {
    OfSqrt() {
      super(unary(new Sqrt(), POSITIVE));
    }
  }

  @Group
  class OfTanh extends OpContract {
    OfTanh() {
      super(unary(new Tanh(), NONZERO));
    }
  }

  @Group
  class OfSigmoid extends OpContract {
    OfSigmoid() {
      super(unary(new Sigmoid(), NONZERO));
    }
  }

  @Group
  class OfRelu extends OpContract {
    OfRelu() {
      super(unary(new Relu(), NONZERO));
    }
  }

  @Group
  class OfAdd extends OpContract {
    OfAdd() {
      super(broadcasting(new Add()).asExact());
    }
  }

  @Group
  class OfSub extends OpContract {
    OfSub() {
      super(broadcasting(new Sub()).asExact());
    }
  }

  @Group
  class OfMul extends OpContract {
    OfMul() {
      super(broadcasting(new Mul()).asExact());
    }
  }

  @Group
  class OfDiv extends OpContract {
    OfDiv() {
      super(broadcasting(new Div()));
    }
  }

  @Group
  class OfGate extends OpContract {
    OfGate() {
      super(broadcasting(new Gate()));
    }
  }

  @Group
  class OfMse extends OpContract {
    OfMse() {
      super(pairs(new Mse(), Draw.shapes(0, 3)).asExact());
    }
  }

  @Group
  class OfHalfSquaredError extends OpContract {
    OfHalfSquaredError() {
      super(pairs(new HalfSquaredError(), Draw.shapes(0, 3)).asExact());
    }
  }

  @Group
  class OfCrossEntropy extends OpContract {
    OfCrossEntropy() {
      super(pairs(new CrossEntropy(), Draw.shapes(2, 4)));
    }
  }

  @Group
  class OfAddScalar extends OpContract {
    OfAddScalar() {
      super(attribute(numbers(), AddScalar::new, NONZERO).asExact());
    }
  }

  @Group
  class OfMulScalar extends OpContract {
    OfMulScalar() {
      super(attribute(numbers(), MulScalar::new, NONZERO).asExact());
    }
  }

  @Group
  class OfPowOfPositive extends OpContract {
    OfPowOfPositive() {
      super(attribute(numbers(), Pow::new, POSITIVE));
    }
  }

  @Group
  class OfPowOfWholeExponent extends OpContract {
    OfPowOfWholeExponent() {
      super(attribute(Arbitraries.of(-2.0, -1.0, 0.0, 1.0, 2.0, 3.0), Pow::new, NONZERO));
    }
  }

  @Group
  class OfSum extends OpContract {
    OfSum() {
      super(reduction(Sum.class, Sum::new).asExact());
    }
  }

  @Group
  class OfMean extends OpContract {
    OfMean() {
      super(reduction(Mean.class, Mean::new).asExact());
    }
  }

  @Group
  class OfSoftmax extends OpContract {
    OfSoftmax() {
      super(alongAxis(Softmax.class, Softmax::new));
    }
  }

  @Group
  class OfLogSoftmax extends OpContract {
    OfLogSoftmax() {
      super(alongAxis(LogSoftmax.class, LogSoftmax::new));
    }
  }

  @Group
  class OfSumTo extends OpContract {
    OfSumTo() {
      super(resizing(SumTo.class, (small, large) -> new SumTo(small), (small, large) -> large));
    }
  }

  @Group
  class OfBroadcastTo extends OpContract {
    OfBroadcastTo() {
      super(
          resizing(
              BroadcastTo.class,
              (small, large) -> new BroadcastTo(large),
              (small, large) -> small));
    }
  }

  @Group
  class OfReshape extends OpContract {
    OfReshape() {
      super(
          OpRow.of(
                  Reshape.class,
                  combine(Draw.shapes(0, 3), Draw.shapes(0, 3), Draw.seeds())
                      .as(
                          (shape, other, seed) ->
                              new OpCase(
                                  new Reshape(
                                      other.size() == shape.size() ? other : reversed(shape)),
                                  fill(seed, NONZERO, shape))))
              .asExact());
    }
  }

  @Group
  class OfPermute extends OpContract {
    OfPermute() {
      super(
          OpRow.of(
                  Permute.class,
                  Draw.shapes(0, 4)
                      .flatMap(
                          shape ->
                              combine(Arbitraries.shuffle(range(shape.rank())), Draw.seeds())
                                  .as(
                                      (axes, seed) ->
                                          new OpCase(
                                              new Permute(axes), fill(seed, NONZERO, shape)))))
              .asExact());
    }
  }

  @Group
  class OfSlice extends OpContract {
    OfSlice() {
      super(OpRow.of(Slice.class, slices((slice, shape) -> slice, true)).asExact());
    }
  }

  @Group
  class OfSliceInput extends OpContract {
    OfSliceInput() {
      super(OpRow.of(SliceInput.class, slices(SliceInput::new, false)).asExact());
    }
  }

  @Group
  class OfConcat extends OpContract {
    OfConcat() {
      super(
          OpRow.of(
                  Concat.class,
                  combine(
                          Draw.shapes(1, 3),
                          Arbitraries.integers().between(0, 2).list().ofMinSize(1).ofMaxSize(3),
                          Arbitraries.integers().between(-3, 2),
                          Draw.seeds())
                      .as(
                          (shape, extents, number, seed) -> {
                            int axis = number % shape.rank();
                            Shape[] shapes =
                                extents.stream()
                                    .map(e -> shape.with(axis, e))
                                    .toArray(Shape[]::new);
                            return new OpCase(new Concat(axis), fill(seed, NONZERO, shapes));
                          }))
              .asExact());
    }
  }

  @Group
  class OfMatMul extends OpContract {
    OfMatMul() {
      super(OpRow.of(MatMul.class, matrixProducts()).asExact());
    }
  }

  @Group
  class OfBias extends OpContract {
    OfBias() {
      super(
          OpRow.of(
                  Bias.class,
                  combine(Draw.shapes(2, 4), Draw.seeds())
                      .as(
                          (shape, seed) ->
                              new OpCase(
                                  new Bias(), fill(seed, NONZERO, shape, Shape.of(shape.dim(1))))))
              .asExact());
    }
  }

  @Group
  class OfConv2d extends OpContract {
    OfConv2d() {
      super(convolution(Conv2d.class, Conv2d::new, ConvCase::x, ConvCase::w));
    }
  }

  @Group
  class OfConv2dInput extends OpContract {
    OfConv2dInput() {
      super(convolution(Conv2dInput.class, Conv2dInput::new, ConvCase::w, ConvCase::y));
    }
  }

  @Group
  class OfConv2dWeight extends OpContract {
    OfConv2dWeight() {
      super(convolution(Conv2dWeight.class, Conv2dWeight::new, ConvCase::x, ConvCase::y));
    }
  }

  @Group
  class OfMaxPool2d extends OpContract {
    OfMaxPool2d() {
      super(pooling(MaxPool2d.class, (g, count) -> new MaxPool2d(g), (in, out) -> List.of(in)));
    }
  }

  @Group
  class OfMaxPool2dInput extends OpContract {
    OfMaxPool2dInput() {
      super(
          pooling(
              MaxPool2dInput.class,
              (g, count) -> new MaxPool2dInput(g),
              (in, out) -> List.of(in, out)));
    }
  }

  @Group
  class OfMaxPool2dPick extends OpContract {
    OfMaxPool2dPick() {
      super(
          pooling(
              MaxPool2dPick.class,
              (g, count) -> new MaxPool2dPick(g),
              (in, out) -> List.of(in, in)));
    }
  }

  @Group
  class OfAvgPool2d extends OpContract {
    OfAvgPool2d() {
      super(pooling(AvgPool2d.class, AvgPool2d::new, (in, out) -> List.of(in)).asExact());
    }
  }

  @Group
  class OfAvgPool2dInput extends OpContract {
    OfAvgPool2dInput() {
      super(
          pooling(AvgPool2dInput.class, AvgPool2dInput::new, (in, out) -> List.of(out)).asExact());
    }
  }

  // ---- rows of several ops ---------------------------------------------------------------------

  private static OpRow attribute(
      Arbitrary<Double> attributes, Function<Double, Op> op, Domain domain) {
    return OpRow.of(
        op.apply(1.0).getClass(),
        combine(attributes, Draw.shapes(0, 3), Draw.seeds())
            .as((a, shape, seed) -> new OpCase(op.apply(a), fill(seed, domain, shape))));
  }

  private static Arbitrary<Double> numbers() {
    return Arbitraries.integers().between(-200, 200).map(i -> i / 100.0);
  }

  private static OpRow reduction(
      Class<? extends Op> type, BiFunction<List<Integer>, Boolean, Op> op) {
    return OpRow.of(
        type,
        Draw.shapes(0, 3)
            .flatMap(
                shape ->
                    combine(Draw.axes(shape), Arbitraries.of(true, false), Draw.seeds())
                        .as(
                            (axes, keepDims, seed) ->
                                new OpCase(op.apply(axes, keepDims), fill(seed, NONZERO, shape)))));
  }

  private static OpRow alongAxis(Class<? extends Op> type, Function<Integer, Op> op) {
    return OpRow.of(
        type,
        Draw.shapes(1, 3)
            .flatMap(
                shape ->
                    combine(
                            Arbitraries.integers().between(-shape.rank(), shape.rank() - 1),
                            Draw.seeds())
                        .as(
                            (axis, seed) ->
                                new OpCase(op.apply(axis), fill(seed, NONZERO, shape)))));
  }

  /** Ops of a slice, with ends from either side, that take the whole or the part. */
  private static Arbitrary<OpCase> slices(BiFunction<Slice, Shape, Op> op, boolean ofWhole) {
    Arbitrary<Integer> numbers = Arbitraries.integers().between(0, 3);
    Arbitrary<Boolean> flags = Arbitraries.of(true, false);
    return combine(Draw.shapes(1, 3), numbers, numbers, numbers, numbers, flags, Draw.seeds())
        .as(
            (base, number, before, inside, after, fromEnd, seed) -> {
              int axis = number % base.rank();
              int extent = before + inside + after;
              Shape shape = base.with(axis, extent);
              int to = before + inside;
              int step = 1 + (int) Math.floorMod(seed, 3L);
              Slice slice =
                  new Slice(
                      fromEnd ? axis - base.rank() : axis,
                      fromEnd && before < extent ? before - extent : before,
                      fromEnd && to < extent ? to - extent : to,
                      step);
              Shape part = shape.with(axis, (inside + step - 1) / step);
              return new OpCase(
                  op.apply(slice, shape), fill(seed, NONZERO, ofWhole ? shape : part));
            });
  }

  /** Ops between a shape and one that broadcasts to it; the input has one of the two. */
  private static OpRow resizing(
      Class<? extends Op> type, BiFunction<Shape, Shape, Op> op, BinaryOperator<Shape> input) {
    return OpRow.of(
            type,
            Draw.shapes(0, 3)
                .flatMap(
                    large ->
                        combine(Draw.within(large), Draw.seeds())
                            .as(
                                (small, seed) ->
                                    new OpCase(
                                        op.apply(small, large),
                                        fill(seed, NONZERO, input.apply(small, large))))))
        .asExact();
  }

  private static Arbitrary<OpCase> matrixProducts() {
    Arbitrary<Integer> extents = Arbitraries.integers().between(0, 3);
    Arbitrary<Boolean> flags = Arbitraries.of(true, false);
    return combine(Draw.broadcastable(), flags, flags, extents, extents, extents, Draw.seeds())
        .as(
            (batches, transposeA, transposeB, m, n, k, seed) ->
                new OpCase(
                    new MatMul(transposeA, transposeB),
                    fill(
                        seed,
                        NONZERO,
                        matrices(batches.get(0), transposeA ? k : m, transposeA ? m : k),
                        matrices(batches.get(1), transposeB ? n : k, transposeB ? k : n))));
  }

  private static Shape matrices(Shape batch, int rows, int columns) {
    int[] dims = Arrays.copyOf(batch.toArray(), batch.rank() + 2);
    dims[batch.rank()] = rows;
    dims[batch.rank() + 1] = columns;
    return Shape.of(dims);
  }

  private static OpRow convolution(
      Class<? extends Op> type,
      Function<ConvGeometry, Op> op,
      Function<ConvCase, Shape> first,
      Function<ConvCase, Shape> second) {
    return OpRow.of(
            type,
            combine(Draw.convolutions(4), Draw.seeds())
                .as(
                    (c, seed) ->
                        new OpCase(
                            op.apply(c.geometry()),
                            fill(seed, NONZERO, first.apply(c), second.apply(c)))))
        .asExact();
  }

  private static OpRow pooling(
      Class<? extends Op> type,
      BiFunction<PoolGeometry, Boolean, Op> op,
      BiFunction<Shape, Shape, List<Shape>> inputs) {
    return OpRow.of(
        type,
        combine(
                Arbitraries.integers().between(1, 2),
                Draw.pools(5),
                Arbitraries.of(true, false),
                Draw.seeds())
            .as(
                (planes, geometry, countPadding, seed) -> {
                  Window rows = geometry.rows();
                  Window columns = geometry.columns();
                  Shape in = Shape.of(1, planes, rows.input(), columns.input());
                  Shape out = Shape.of(1, planes, rows.output(), columns.output());
                  return new OpCase(
                      op.apply(geometry, countPadding),
                      fill(seed, DISTINCT, inputs.apply(in, out).toArray(new Shape[0])));
                }));
  }

  private static List<Integer> range(int end) {
    return IntStream.range(0, end).boxed().toList();
  }

  private static Shape reversed(Shape shape) {
    int[] dims = new int[shape.rank()];
    for (int axis = 0; axis < dims.length; axis++) {
      dims[axis] = shape.dim(-1 - axis);
    }
    return Shape.of(dims);
  }
}
