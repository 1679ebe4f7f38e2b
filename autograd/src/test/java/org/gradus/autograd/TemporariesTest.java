package org.gradus.autograd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.gradus.autograd.Gradients.Mode;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.ops.Exp;
import org.gradus.autograd.ops.Ops;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a VJP makes on the way to its result is taken back by a walk that takes memory back. */
class TemporariesTest {
  private static void nobody(Tensor unread) {}

  /** The identity, whose VJP is 3 * (2 * g) / 6, and keeps what it must not. */
  record Wasteful(List<Tensor> kept, Consumer<Tensor> reader) implements Op {
    @Override
    public NdArray forward(List<NdArray> in) {
      return in.get(0);
    }

    @Override
    public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
      Tensor twice = Ops.mul(g, 2);
      Tensor six = Ops.mul(twice, 3);
      reader.accept(twice);
      kept.addAll(List.of(twice, six));
      return Ops.div(six, 6);
    }
  }

  private static List<Tensor> kept(Mode mode, Consumer<Tensor> reader) {
    List<Tensor> kept = new ArrayList<>();
    Tensor x = Tensor.variable(NdArray.of(1, 2, 3.0));
    Tensor loss = Ops.sum(Ops.square(Tensor.of(new Wasteful(kept, reader), x)));
    Gradients gradients = Gradients.backward(loss, mode);
    assertArrayEquals(new double[] {2, 4, 6}, gradients.of(x).value().toDoubleArray());
    return kept;
  }

  @Test
  void areTakenBack() {
    assertGone(kept(Mode.CONSUMING, TemporariesTest::nobody));
  }

  private static void assertGone(List<Tensor> kept) {
    for (Tensor gone : kept) {
      assertThrows(IllegalStateException.class, gone::value);
    }
  }

  /** Whoever gets numbers of an array, and not its memory, holds nothing. */
  static Stream<Function<NdArray, Object>> numbers() {
    return Stream.of(
        NdArray::toFloatArray,
        NdArray::toDoubleArray,
        x -> x.as(DType.FLOAT32),
        x -> x.equals(NdArray.of(4, 8, 12.0)),
        NdArray::hashCode,
        NdArray::toString,
        NdArray::isFinite,
        NdArray::norm,
        x -> x.map(Math::abs),
        x -> x.zip(x, Double::sum),
        x -> x.plusScaled(1, x));
  }

  @ParameterizedTest
  @MethodSource("numbers")
  void areTakenBackIfNumbersAreRead(Function<NdArray, Object> numbers) {
    assertGone(kept(Mode.CONSUMING, x -> x.read(numbers)));
  }

  @Test
  void stayIfMemoryIsHeld() {
    for (Function<NdArray, Object> memory :
        List.<Function<NdArray, Object>>of(
            NdArray::storage, x -> x.reshape(Shape.of(3, 1)).asDMatrix(), x -> x.at(1))) {
      List<Tensor> kept = kept(Mode.CONSUMING, x -> x.read(memory));
      assertArrayEquals(new double[] {4, 8, 12}, kept.get(0).value().toDoubleArray());
    }
  }

  /** Outside of a tensor, nobody sees to it that what it is given stays meanwhile. */
  @Test
  void stayIfAForwardComputationIsCalledByItself() {
    List<Tensor> kept =
        kept(
            Mode.CONSUMING,
            x -> {
              NdArray leaked = x.read(array -> array);
              new Exp().forward(List.of(leaked));
            });
    assertArrayEquals(new double[] {4, 8, 12}, kept.get(0).value().toDoubleArray());
  }

  @Test
  void whatIsGoneIsRefusedToReaders() {
    Tensor gone = kept(Mode.CONSUMING, TemporariesTest::nobody).get(0);
    String message =
        assertThrows(IllegalStateException.class, () -> gone.read(NdArray::norm)).getMessage();
    assertTrue(message.startsWith("read: these values were taken back"), message);
  }

  /** An array that a reader has kept is no way to memory that others use by now. */
  @Test
  void whatAReaderKeepsIsRefusedAfterwards() {
    List<NdArray> leaked = new ArrayList<>();
    kept(Mode.CONSUMING, x -> leaked.add(x.read(array -> array)));
    assertThrows(IllegalStateException.class, () -> leaked.get(0).at(0));
  }

  @Test
  void stayIfTheyAreRead() {
    List<Tensor> kept = kept(Mode.CONSUMING, Tensor::value);
    assertArrayEquals(new double[] {4, 8, 12}, kept.get(0).value().toDoubleArray());
    assertThrows(IllegalStateException.class, kept.get(1)::value);
  }

  @Test
  void stayWhereNothingIsTakenBack() {
    List<Tensor> kept = kept(Mode.VALUES, TemporariesTest::nobody);
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
    kept(Mode.CONSUMING, TemporariesTest::nobody);
    assertArrayEquals(new double[] {2, 4}, made.value().toDoubleArray());
  }
}
