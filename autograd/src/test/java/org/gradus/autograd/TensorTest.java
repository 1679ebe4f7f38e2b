package org.gradus.autograd;

import static org.gradus.autograd.TinyOps.add;
import static org.gradus.autograd.TinyOps.constant;
import static org.gradus.autograd.TinyOps.mul;
import static org.gradus.autograd.TinyOps.variable;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.gradus.autograd.TinyOps.MulAdd;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.DTypeException;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.array.ShapeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class TensorTest {
  private static final NdArray MATRIX = NdArray.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3);

  @Test
  void leavesHoldTheirValueItself() {
    Tensor variable = Tensor.variable(MATRIX);
    Tensor constant = Tensor.constant(MATRIX);
    for (Tensor leaf : List.of(variable, constant)) {
      assertSame(MATRIX, leaf.value());
      assertEquals(Shape.of(2, 3), leaf.shape());
      assertEquals(DType.FLOAT32, leaf.dtype());
      assertEquals(Optional.empty(), leaf.op());
      assertEquals(List.of(), leaf.inputs());
    }
    assertTrue(variable.isVariable());
    assertTrue(variable.isTracked());
    assertFalse(constant.isVariable());
    assertFalse(constant.isTracked());
  }

  @Test
  void outputsRememberWhereTheyCameFrom() {
    Tensor a = variable(1, 2);
    Tensor b = constant(3, 4);
    Tensor sum = add(a, b);
    assertEquals(NdArray.of(new double[] {4, 6}, 2), sum.value());
    assertEquals(Optional.of(new TinyOps.Add()), sum.op());
    assertEquals(List.of(a, b), sum.inputs());
    assertTrue(sum.isTracked());
    assertFalse(sum.isVariable());
  }

  @Test
  void outputsOfConstantsAreConstantsAndForget() {
    Tensor sum = add(constant(1, 2), constant(3, 4));
    assertEquals(NdArray.of(new double[] {4, 6}, 2), sum.value());
    assertEquals(Optional.empty(), sum.op());
    assertEquals(List.of(), sum.inputs());
    assertFalse(sum.isTracked());
  }

  @Test
  void detachedTensorsShareTheValueAndAreConstants() {
    Tensor product = mul(variable(2), variable(3));
    Tensor detached = product.detach();
    assertSame(product.value(), detached.value());
    assertFalse(detached.isTracked());
    assertEquals(List.of(), detached.inputs());
    assertSame(detached, detached.detach());
    assertFalse(variable(1).detach().isVariable());
  }

  @Test
  void tensorsAreEqualOnlyIfTheyAreTheSameNode() {
    Tensor a = Tensor.constant(MATRIX);
    assertEquals(a, a);
    assertNotEquals(a, Tensor.constant(MATRIX));
  }

  @Test
  void itemIsTheOnlyElement() {
    assertEquals(2.5, variable(2.5).item());
    ShapeException error = assertThrows(ShapeException.class, () -> Tensor.constant(MATRIX).item());
    assertEquals("item: the array [2, 3] has 6 elements, expected 1", error.getMessage());
  }

  @Test
  void describesItself() {
    assertEquals("variable " + MATRIX, Tensor.variable(MATRIX).toString());
    assertEquals("constant " + MATRIX, Tensor.constant(MATRIX).toString());
    assertEquals("mul FLOAT64 [1] {2.0}", mul(variable(1), variable(2)).toString());
    Tensor scalar = Tensor.variable(NdArray.scalar(DType.FLOAT64, 1));
    assertEquals("variable FLOAT64 [] {1.0}", scalar.toString());
  }

  // ---- element types ---------------------------------------------------------------------------

  @Test
  void elementTypesAreNotMixed() {
    Tensor wide = variable(1, 2);
    Tensor narrow = Tensor.constant(wide.value().as(DType.FLOAT32));
    DTypeException second = assertThrows(DTypeException.class, () -> add(wide, narrow));
    assertEquals(
        "add: input 1 is FLOAT32, but input 0 is FLOAT64; convert one with NdArray.as",
        second.getMessage());
    DTypeException third =
        assertThrows(DTypeException.class, () -> Tensor.of(new MulAdd(), narrow, narrow, wide));
    assertEquals(
        "mulAdd: input 2 is FLOAT64, but input 0 is FLOAT32; convert one with NdArray.as",
        third.getMessage());
  }

  @Test
  void outputsOfAnotherElementTypeAreRefused() {
    for (Tensor input : List.of(variable(1), constant(1))) {
      DTypeException error =
          assertThrows(DTypeException.class, () -> Tensor.of(new Narrow(), input));
      assertEquals(
          "narrow: the output is FLOAT32, but input 0 is FLOAT64; convert one with NdArray.as",
          error.getMessage());
    }
  }

  @Test
  void whatAnOpRefusesIsPassedOn() {
    ShapeException error =
        assertThrows(ShapeException.class, () -> add(variable(1, 2), variable(1, 2, 3)));
    assertEquals("zip: shapes [2] and [3] differ", error.getMessage());
  }

  // ---- names of ops ----------------------------------------------------------------------------

  @Test
  void opsAreNamedAfterTheirClass() {
    assertEquals("mulAdd", new MulAdd().name());
    assertEquals("narrow", new Narrow().name());
  }

  @Test
  void anOpOfAClassWithoutNameIsCalledOp() {
    Op anonymous =
        new Op() {
          @Override
          public NdArray forward(List<NdArray> in) {
            return in.get(0);
          }

          @Override
          public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
            return g;
          }
        };
    assertEquals("op", anonymous.name());
    assertEquals("op FLOAT64 [1] {1.0}", Tensor.of(anonymous, variable(1)).toString());
  }

  /** Wrongly changes the element type. */
  private record Narrow() implements Op {
    @Override
    public NdArray forward(List<NdArray> in) {
      return in.get(0).as(DType.FLOAT32);
    }

    @Override
    public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
      return g;
    }
  }

  @Test
  void anOpOfNothingIsRefused() {
    var error = assertThrows(IllegalArgumentException.class, () -> Tensor.of(new MulAdd()));
    assertEquals("mulAdd: 0 inputs, expected one or more", error.getMessage());
  }

  // ---- calls in their order --------------------------------------------------------------------

  @Test
  void functionsFollowEachOther() {
    Tensor a = variable(1, 2);
    Tensor b = constant(3, 4);
    assertEquals(NdArray.of(new double[] {4, 6}, 2), a.then(t -> add(t, b)).value());
    Tensor sum = a.then(TinyOps::add, b);
    assertEquals(List.of(a, b), sum.inputs());
    assertEquals(sum, sum.then(t -> t));
    assertEquals(Optional.of(new TinyOps.Add()), a.then((t, n) -> add(t, t), 3).op());
  }

  @Test
  void noFunctionIsRefused() {
    Tensor a = variable(1, 2);
    nullRefused("then: f is null", () -> a.then(null));
    nullRefused("then: f is null", () -> a.then(null, 1));
    nullRefused("then: other is null", () -> a.then(TinyOps::add, null));
  }

  private static void nullRefused(String message, Executable call) {
    assertEquals(message, assertThrows(NullPointerException.class, call).getMessage());
  }

  // ---- companions of what they make ------------------------------------------------------------

  /** x, and from there on each op is applied to half of its inputs. */
  private record Halved() implements Op.Companion {
    @Override
    public Op follow(Op next) {
      return next instanceof OfHalves ? next : new OfHalves(next);
    }

    @Override
    public NdArray read(NdArray value) {
      return value;
    }

    @Override
    public Tensor detach(Tensor output) {
      return Tensor.constant(output.value());
    }

    @Override
    public NdArray forward(List<NdArray> in) {
      return in.get(0);
    }

    @Override
    public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
      return g;
    }
  }

  private record OfHalves(Op op) implements Op {
    @Override
    public NdArray forward(List<NdArray> in) {
      return op.forward(in.stream().map(x -> x.map(v -> v / 2)).toList());
    }

    @Override
    public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
      return TinyOps.scale(op.vjp(input, g, y, in), 0.5);
    }
  }

  @Test
  void aCompanionReplacesTheOpsThatTakeItsOutput() {
    Tensor x = Tensor.of(new Halved(), variable(8));
    Tensor one = constant(10);
    Tensor sum = Tensor.of(new TinyOps.MulAdd(), one, one, x);
    assertEquals(Optional.of(new OfHalves(new TinyOps.MulAdd())), sum.op());
    assertEquals(5 * 5 + 4, sum.item());
    assertEquals(0.5, Gradients.backward(sum, x).of(x).item());
    assertEquals(4 + 4, add(x, x).item(), "halved once, whichever input asks for it");
    assertEquals(29 + 10, add(sum, one).item(), "what it was replaced with is no companion itself");
  }

  @Test
  void aCompanionStaysWithConstantsUntilTheyAreDetached() {
    Tensor x = Tensor.of(new Halved(), constant(8));
    assertEquals("constant FLOAT64 [1] {8.0}", x.toString());
    assertEquals(Optional.empty(), x.op());
    assertEquals(List.of(), x.inputs());
    assertFalse(x.isTracked());
    assertFalse(x.isVariable());
    assertEquals(8, add(x, x).item());
    Tensor detached = x.detach();
    assertSame(x.value(), detached.value());
    assertEquals(16, add(detached, detached).item());
    assertSame(detached, detached.detach());
    Tensor w = variable(2);
    Tensor product = mul(x, w);
    assertEquals(4 * 1, product.item());
    assertEquals(0.5 * 8, Gradients.backward(product).of(w).item());
  }

  /** What the engine is given by an op that does not obey. */
  @Test
  @SuppressWarnings("NullAway")
  void nullFromAnOpIsRefusedInWords() {
    record Nothing(boolean forward) implements Op {
      @Override
      public NdArray forward(List<NdArray> in) {
        return forward ? null : in.get(0);
      }

      @Override
      public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
        return null;
      }
    }
    Tensor x = Tensor.variable(NdArray.scalar(DType.FLOAT64, 1));
    assertEquals(
        "nothing: the output is null",
        assertThrows(NullPointerException.class, () -> Tensor.of(new Nothing(true), x))
            .getMessage());
    Tensor y = Tensor.of(new Nothing(false), x);
    assertEquals(
        "nothing: the VJP of input 0 is null",
        assertThrows(NullPointerException.class, () -> Gradients.backward(y)).getMessage());
  }
}
