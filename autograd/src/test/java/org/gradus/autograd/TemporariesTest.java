package org.gradus.autograd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import org.gradus.autograd.Gradients.Mode;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.ops.Ops;
import org.junit.jupiter.api.Test;

/** What a VJP makes on the way to its result is taken back by a walk that takes memory back. */
class TemporariesTest {

  /** The identity, whose VJP is 3 * (2 * g) / 6, and keeps what it must not. */
  record Wasteful(List<Tensor> kept, boolean reads) implements Op {
    @Override
    public NdArray forward(List<NdArray> in) {
      return in.get(0);
    }

    @Override
    public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
      Tensor twice = Ops.mul(g, 2);
      Tensor six = Ops.mul(twice, 3);
      if (reads) {
        twice.value();
      }
      kept.addAll(List.of(twice, six));
      return Ops.div(six, 6);
    }
  }

  private static List<Tensor> kept(Mode mode, boolean reads) {
    List<Tensor> kept = new ArrayList<>();
    Tensor x = Tensor.variable(NdArray.of(1, 2, 3.0));
    Tensor loss = Ops.sum(Ops.square(Tensor.of(new Wasteful(kept, reads), x)));
    Gradients gradients = Gradients.backward(loss, mode);
    assertArrayEquals(new double[] {2, 4, 6}, gradients.of(x).value().toDoubleArray());
    return kept;
  }

  @Test
  void areTakenBack() {
    for (Tensor gone : kept(Mode.CONSUMING, false)) {
      assertThrows(IllegalStateException.class, gone::value);
    }
  }

  @Test
  void stayIfTheyAreRead() {
    List<Tensor> kept = kept(Mode.CONSUMING, true);
    assertArrayEquals(new double[] {4, 8, 12}, kept.get(0).value().toDoubleArray());
    assertThrows(IllegalStateException.class, kept.get(1)::value);
  }

  @Test
  void stayWhereNothingIsTakenBack() {
    List<Tensor> kept = kept(Mode.VALUES, false);
    assertArrayEquals(new double[] {4, 8, 12}, kept.get(0).value().toDoubleArray());
    assertArrayEquals(new double[] {12, 24, 36}, kept.get(1).value().toDoubleArray());
  }

  /** A VJP that differentiates, as that of a checkpoint does. */
  record Inner(List<Tensor> kept) implements Op {
    @Override
    public NdArray forward(List<NdArray> in) {
      return in.get(0).map(x -> x * x);
    }

    @Override
    public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
      Tensor x = Tensor.variable(in.get(0).value());
      Tensor again = Ops.square(x);
      Tensor slope = Gradients.pullback(again, g, Mode.CONSUMING, x).of(x);
      kept.add(slope);
      return Ops.mul(slope, 1);
    }
  }

  @Test
  void resultsOfInnerWalksAreTemporariesOfTheOuterOne() {
    List<Tensor> kept = new ArrayList<>();
    Tensor x = Tensor.variable(NdArray.of(1, 2, 3.0));
    Tensor loss = Ops.sum(Tensor.of(new Inner(kept), x));
    Gradients gradients = Gradients.backward(loss, Mode.CONSUMING);
    assertArrayEquals(new double[] {2, 4, 6}, gradients.of(x).value().toDoubleArray());
    assertEquals(1, kept.size());
    assertThrows(IllegalStateException.class, kept.get(0)::value);
  }

  /** What fails leaves nothing behind for the walks that come after it. */
  @Test
  void aFailedVjpLeavesNothingOpen() {
    record Failing(List<Tensor> kept) implements Op {
      @Override
      public NdArray forward(List<NdArray> in) {
        return in.get(0);
      }

      @Override
      public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
        throw new IllegalStateException("no");
      }
    }
    Tensor x = Tensor.variable(NdArray.of(1, 2, 3.0));
    Tensor loss = Ops.sum(Tensor.of(new Failing(new ArrayList<>()), x));
    assertThrows(IllegalStateException.class, () -> Gradients.backward(loss, Mode.CONSUMING));
    Tensor made = Ops.mul(Tensor.constant(NdArray.of(1, 2)), 2);
    kept(Mode.CONSUMING, false);
    assertArrayEquals(new double[] {2, 4}, made.value().toDoubleArray());
  }
}
