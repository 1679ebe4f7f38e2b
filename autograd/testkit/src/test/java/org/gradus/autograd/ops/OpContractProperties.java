package org.gradus.autograd.ops;

import static net.jqwik.api.Combinators.combine;
import static org.gradus.autograd.ops.Domain.DISTINCT;
import static org.gradus.autograd.ops.Domain.NONZERO;
import static org.gradus.autograd.ops.Draw.fill;
import static org.gradus.autograd.ops.OpRow.pairs;

import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
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
}
