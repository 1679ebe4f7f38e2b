package org.gradus.autograd.inspect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.gradus.autograd.Op;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.ops.ClosedOps;
import org.gradus.autograd.ops.ConvGeometry;
import org.gradus.autograd.ops.MatMul;
import org.gradus.autograd.ops.Permute;
import org.gradus.autograd.ops.PoolGeometry;
import org.gradus.autograd.ops.Pow;
import org.gradus.autograd.ops.Resampling;
import org.gradus.autograd.ops.Reshape;
import org.gradus.autograd.ops.Resize2d;
import org.gradus.autograd.ops.Slice;
import org.gradus.autograd.ops.SliceInput;
import org.gradus.autograd.ops.Sum;
import org.gradus.autograd.ops.Window;
import org.junit.jupiter.api.Test;

class AttributesTest {
  private static final Shape OUTPUT = Shape.of(2, 3);

  private static void assertShows(String text, Op op) {
    assertEquals(text, Attributes.of(op, OUTPUT));
  }

  @Test
  void plainAttributes() {
    assertShows("", ClosedOps.relu());
    assertShows("exponent 0.5", new Pow(0.5));
    assertShows("axis -1", ClosedOps.softmax(-1));
    assertShows("axes [1, 0]", new Permute(List.of(1, 0)));
  }

  @Test
  void whatIsFalseIsLeftOut() {
    assertShows("axes [0]", new Sum(List.of(0), false));
    assertShows("axes [0], keepDims", new Sum(List.of(0), true));
    assertShows("", new MatMul(false, false));
    assertShows("transposeB", new MatMul(false, true));
  }

  @Test
  void theShapeOfTheOutputIsLeftOut() {
    assertShows("", new Reshape(OUTPUT));
    assertShows("shape [3, 2]", new Reshape(Shape.of(3, 2)));
  }

  @Test
  void geometriesSayWhatIsNotUsual() {
    Window three = new Window(8, 3, 1, 0, 0, 1);
    assertShows("3x3", ClosedOps.conv2d(new ConvGeometry(three, three, 1)));
    assertShows("3x3", ClosedOps.maxPool2d(new PoolGeometry(three, three)));
    Window padded = new Window(16, 5, 2, 2, 2, 3);
    assertShows(
        "5x5, stride 2, padding 2, dilation 3, groups 4",
        ClosedOps.conv2d(new ConvGeometry(padded, padded, 4)));
    Window uneven = new Window(8, 2, 1, 0, 1, 2);
    assertShows(
        "3x2, padding 0x0+1, dilation 1x2", ClosedOps.conv2d(new ConvGeometry(three, uneven, 1)));
    assertShows(
        "2x3, padding 0+1x0, dilation 2x1", ClosedOps.conv2d(new ConvGeometry(uneven, three, 1)));
    Window up = new Window(8, 3, 2, 0, 0, 1, true);
    assertShows("3x3, stride 1x2, roundUp", ClosedOps.maxPool2d(new PoolGeometry(three, up)));
    assertShows("3x3, stride 2x1, roundUp", ClosedOps.maxPool2d(new PoolGeometry(up, three)));
  }

  @Test
  void poolingSaysWhetherPaddingCounts() {
    PoolGeometry two = new PoolGeometry(new Window(8, 2, 2, 0, 0, 1), new Window(8, 2, 2, 0, 0, 1));
    assertShows("2x2, stride 2", ClosedOps.avgPool2d(two, false));
    assertShows("2x2, stride 2, countPadding", ClosedOps.avgPool2d(two, true));
  }

  @Test
  void resizingSaysHowEachAxisIsSampled() {
    assertShows(
        "rows 2 to 5 NEAREST, columns 3 to 4 ALIGN_CORNERS",
        new Resize2d(
            new Resampling(2, 5, Resampling.Mode.NEAREST),
            new Resampling(3, 4, Resampling.Mode.ALIGN_CORNERS)));
  }

  @Test
  void anOpWithinAnOp() {
    assertShows(
        "slice (axis 1, from 0, to 3, step 2), shape [4, 5]",
        new SliceInput(new Slice(1, 0, 3, 2), Shape.of(4, 5)));
  }

  // ---- ops of users ----------------------------------------------------------------------------

  private interface Identity extends Op {
    @Override
    default NdArray forward(List<NdArray> in) {
      return in.get(0);
    }

    @Override
    default Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
      return g;
    }
  }

  @SuppressWarnings("ArrayRecordComponent") // not wise, but it can be done
  private record Limits(int[] from, double[][] to, String note) implements Identity {}

  private record Range(int from, int to, boolean closed) {}

  private record Clip(Range range, Shape shape) implements Identity {}

  private record Applied(UnaryOperator<Double> function, int times, Object what)
      implements Identity {}

  private record Table(NdArray values) implements Identity {}

  /** Throws when it is read. */
  record Secret(int number) implements Identity {
    @Override
    public int number() {
      return Integer.parseInt("secret");
    }
  }

  private static final class Hidden implements Identity {}

  @Test
  void anyRecordIsRead() {
    assertShows(
        "from [1, 2], to [[0.5], []], note null",
        new Limits(new int[] {1, 2}, new double[][] {{0.5}, {}}, null));
    assertShows("range (from 1, to 2, closed)", new Clip(new Range(1, 2, true), OUTPUT));
    assertShows("range (from 1, to 2), shape []", new Clip(new Range(1, 2, false), Shape.SCALAR));
  }

  @Test
  void whatIsNotARecordOrDoesNotTellHasNoAttributes() {
    assertShows("", new Hidden());
    assertShows("number ?", new Secret(1));
  }

  @Test
  void whatOnlySaysWhichObjectItIsIsLeftOut() {
    assertShows("times 2", new Applied(x -> x, 2, new Object()));
    assertShows("times 3, what java.lang.Object", new Applied(x -> x, 3, Object.class.getName()));
  }

  @Test
  void longTextsAreCutOff() {
    assertShows("note " + "a".repeat(55), new Note("a".repeat(55)));
    assertShows("note " + "a".repeat(55) + "...", new Note("a".repeat(56)));
    String pair = Character.toString(0x1F600);
    assertShows("note " + pair.repeat(55), new Note(pair.repeat(55)));
    assertShows("note " + pair.repeat(55) + "...", new Note(pair.repeat(57)));
    assertShows(
        "values FLOAT32 [100] {0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0...",
        new Table(NdArray.zeros(DType.FLOAT32, Shape.of(100))));
  }

  private record Note(String note) implements Identity {}

  @SuppressWarnings("ArrayRecordComponent") // as above
  private record Positions(List<Element> list, Element[][] arrays) implements Identity {}

  /** Counts how often it is made a text. */
  private record Element(AtomicInteger texts) {
    @Override
    public String toString() {
      texts.incrementAndGet();
      return "e";
    }
  }

  /** An op may hold millions of positions, and each has a node that tells some of them. */
  @Test
  void onlyAsMuchOfAListIsReadAsIsShown() {
    AtomicInteger texts = new AtomicInteger();
    Element element = new Element(texts);
    Element[][] arrays = new Element[3][1000];
    Arrays.stream(arrays).forEach(row -> Arrays.fill(row, element));
    assertShows(
        "list [" + "e, ".repeat(18) + "...",
        new Positions(Collections.nCopies(1_000_000, element), arrays));
    assertTrue(texts.get() <= 4 * 60, texts::toString);
  }
}
