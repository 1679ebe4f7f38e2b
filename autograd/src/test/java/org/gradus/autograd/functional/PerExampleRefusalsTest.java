package org.gradus.autograd.functional;

import static org.gradus.autograd.functional.Numbers.assertRefused;
import static org.gradus.autograd.functional.Numbers.variable;
import static org.gradus.autograd.ops.Ops.mse;
import static org.gradus.autograd.ops.Ops.mul;
import static org.gradus.autograd.ops.Ops.sum;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.gradus.autograd.Op;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.DTypeException;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.array.ShapeException;
import org.gradus.autograd.ops.Round;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** What gradients of each example refuse, and in which words. */
class PerExampleRefusalsTest {
  private static final NdArray ROWS = NdArray.of(new double[][] {{1, 2}, {3, 4}, {5, 7}});

  @Test
  void wrongArgumentsAreRefused() {
    Tensor w = variable(1, 2);
    NdArray labels = NdArray.of(new double[] {1, 0, 1}, 3);
    assertRefused(
        ShapeException.class,
        "perExample: the losses have shape [], but the batch has 3 examples, expected [3]; do not"
            + " reduce them",
        () -> PerExample.of(x -> mse(mul(x, w), x), ROWS));
    assertRefused(
        ShapeException.class,
        "perExample: inputs [[3, 2], [2]], expected as many examples along axis 0 of each",
        () ->
            PerExample.of(
                in -> in.get(0), List.of(ROWS, NdArray.zeros(DType.FLOAT64, Shape.of(2)))));
    assertRefused(
        ShapeException.class,
        "perExample: inputs [[]], expected as many examples along axis 0 of each",
        () -> PerExample.of(x -> x, NdArray.scalar(DType.FLOAT64, 1)));
    assertRefused(
        IllegalArgumentException.class,
        "perExample: 0 inputs, expected one or more",
        () -> PerExample.of(in -> w, List.of()));
    assertRefused(
        IllegalArgumentException.class,
        "perExample: the losses depend on no variable but the batch",
        () -> PerExample.of(x -> sum(x, 1), ROWS));
    assertRefused(
        IllegalArgumentException.class,
        "perExample: withRespectTo[1], of shape [2], is there twice",
        () -> PerExample.of(x -> sum(mul(x, w), 1), ROWS, w, w));
    assertRefused(
        IllegalArgumentException.class,
        "perExample: withRespectTo[0], of shape [2], is no variable",
        () -> PerExample.of(x -> sum(mul(x, w), 1), ROWS, mul(w, w)));
    PerExample made = PerExample.of(x -> mul(sum(mul(x, w), 1), Tensor.constant(labels)), ROWS);
    assertRefused(
        IllegalArgumentException.class,
        "gradients: a tensor of shape [1] is none of the 1 variables",
        () -> made.gradients(variable(1)));
    assertRefused(
        IllegalArgumentException.class,
        "clippedSum: most is 0.0, expected a finite number above 0",
        () -> made.clippedSum(0));
  }

  @Test
  @SuppressWarnings("NullAway")
  void nothingIsNull() {
    Tensor w = variable(1, 2);
    Function<Tensor, Tensor> one = x -> sum(mul(x, w), 1);
    Function<List<Tensor>, Tensor> several = in -> sum(mul(in.get(0), w), 1);
    assertNull(0, () -> PerExample.of((Function<Tensor, Tensor>) null, ROWS));
    assertNull(1, () -> PerExample.of(one, (NdArray) null));
    assertNull(2, () -> PerExample.of(one, ROWS, (Tensor[]) null));
    assertNull(0, () -> PerExample.of((Function<List<Tensor>, Tensor>) null, List.of(ROWS)));
    assertNull(1, () -> PerExample.of(several, (List<NdArray>) null));
    assertNull(2, () -> PerExample.of(several, List.of(ROWS), (Tensor[]) null));
  }

  private static void assertNull(int place, Executable call) {
    String name = List.of("losses", "batch", "withRespectTo").get(place);
    assertEquals(
        "perExample: %s is null".formatted(name),
        assertThrows(NullPointerException.class, call).getMessage());
  }

  // ---- ops of users ----------------------------------------------------------------------------

  /** The input itself, with whatever VJP. */
  private record Identity(UnaryOperator<Tensor> back) implements Op {
    @Override
    public NdArray forward(List<NdArray> in) {
      return in.get(0);
    }

    @Override
    public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
      return back.apply(g);
    }
  }

  private static Executable of(Op op) {
    Tensor w = variable(1, 2);
    return () -> PerExample.of(x -> sum(Tensor.of(op, mul(x, w)), 1), ROWS);
  }

  @Test
  void aVjpFitsItsInput() {
    assertRefused(
        ShapeException.class,
        "identity: the VJP of input 0: it has shape [], but the input has [3, 2]",
        of(new Identity(g -> sum(g))));
    assertRefused(
        DTypeException.class,
        "identity: the VJP of input 0: it is FLOAT32, but input 0 is FLOAT64; convert one"
            + " with NdArray.as",
        of(new Identity(g -> Tensor.constant(g.value().as(DType.FLOAT32)))));
  }

  /** Infinity times the 0 of all other examples is NaN, whosever it is. */
  @Test
  void whatIsNotFiniteHidesWhoseItIs() {
    String message =
        "perExample: whether %s mixes the 3 examples of its input [3, 2] from mul cannot be told:"
            + " by example 0 alone, its VJP is not finite for others";
    NdArray slopes = NdArray.of(new double[][] {{1, 1}, {1, 1}, {Double.POSITIVE_INFINITY, 1}});
    assertRefused(
        IllegalArgumentException.class,
        message.formatted("identity"),
        of(new Identity(g -> Tensor.constant(g.value().zip(slopes, (a, b) -> a * b)))));
    Tensor nan = variable(1, Double.NaN);
    assertRefused(
        IllegalArgumentException.class,
        message.formatted("round"),
        () -> PerExample.of(x -> sum(Tensor.of(new Round(), mul(x, nan)), 1), ROWS));
  }
}
