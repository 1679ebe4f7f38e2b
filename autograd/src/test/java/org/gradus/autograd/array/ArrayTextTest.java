package org.gradus.autograd.array;

import static org.gradus.autograd.array.DType.FLOAT32;
import static org.gradus.autograd.array.DType.FLOAT64;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.gradus.autograd.Gradients;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.ops.Ops;
import org.junit.jupiter.api.Test;

/** Arrays as text. */
class ArrayTextTest {
  @Test
  void aFewNumbersAreOneLine() {
    assertText("FLOAT64 [3] {NaN, -Infinity, -0.0}", Double.NaN, Double.NEGATIVE_INFINITY, -0.0);
    assertText("FLOAT64 [1] {1.0E300}", 1e300);
    assertText("FLOAT64 [0] {}");
    assertEquals("FLOAT64 [] {2.5}", NdArray.scalar(FLOAT64, 2.5).toString());
    assertEquals("FLOAT32 [2, 0, 3] {}", NdArray.zeros(FLOAT32, Shape.of(2, 0, 3)).toString());
  }

  @Test
  void aFloatIsNotWidened() {
    assertEquals("FLOAT32 [2] {0.1, 1.0E-7}", NdArray.of(new float[] {0.1f, 1e-7f}, 2).toString());
    assertEquals("FLOAT32 [] {0.1}", NdArray.scalar(FLOAT32, 0.1).toString());
  }

  @Test
  void rowsAreBelowEachOther() {
    assertEquals(
        """
        FLOAT32 [2, 2]
        {{ 1.0, -2.5},
         {10.0,  4.0}}\
        """,
        NdArray.of(new float[] {1, -2.5f, 10, 4}, 2, 2).toString());
    assertEquals(
        """
        FLOAT64 [2, 2, 1]
        {{{1.0},
          {2.0}},

         {{3.0},
          {4.0}}}\
        """,
        NdArray.generate(FLOAT64, Shape.of(2, 2, 1), i -> i + 1).toString());
  }

  @Test
  void longRowsAreBroken() {
    String row =
        """
        FLOAT64 [30]
        {0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0, 11.0, 12.0, 13.0,
         14.0, 15.0, 16.0, 17.0, 18.0, 19.0, 20.0, 21.0, 22.0, 23.0, 24.0, 25.0,
         26.0, 27.0, 28.0, 29.0}\
        """;
    assertEquals(row, NdArray.generate(FLOAT64, Shape.of(30), i -> i).toString());
    row.lines().forEach(line -> assertTrue(line.length() <= 75, line));
    // that of 14 numbers is one line, but not behind the type and the shape
    assertEquals(
        "FLOAT64 [14]\n{" + numbers(14) + "}",
        NdArray.generate(FLOAT64, Shape.of(14), i -> i).toString());
    assertEquals(
        "FLOAT64 [12] {" + numbers(12) + "}",
        NdArray.generate(FLOAT64, Shape.of(12), i -> i).toString());
  }

  private static String numbers(int n) {
    return IntStream.range(0, n).mapToObj(i -> i + ".0").collect(Collectors.joining(", "));
  }

  @Test
  void allOfAThousandAreShown() {
    String text = NdArray.generate(FLOAT32, Shape.of(10, 100), i -> i).toString();
    assertEquals(1000, text.chars().filter(c -> c == '.').count(), text);
    assertEquals(false, text.contains("..."));
    assertEquals(false, text.contains("mean"));
  }

  @Test
  void moreAreCutInTheMiddleAndSummedUp() {
    assertEquals(
        """
        FLOAT64 [1001] {0.0, 1.0, 2.0, ..., 998.0, 999.0, 1000.0}
        min 0.0, mean 500.0, max 1000.0\
        """,
        NdArray.generate(FLOAT64, Shape.of(1001), i -> i).toString());
    assertEquals(
        """
        FLOAT32 [8, 2, 100]
        {{{-800.0, -799.0, -798.0, ..., -703.0, -702.0, -701.0},
          {-700.0, -699.0, -698.0, ..., -603.0, -602.0, -601.0}},

         {{-600.0, -599.0, -598.0, ..., -503.0, -502.0, -501.0},
          {-500.0, -499.0, -498.0, ..., -403.0, -402.0, -401.0}},

         {{-400.0, -399.0, -398.0, ..., -303.0, -302.0, -301.0},
          {-300.0, -299.0, -298.0, ..., -203.0, -202.0, -201.0}},

         ...,

         {{ 200.0,  201.0,  202.0, ...,  297.0,  298.0,  299.0},
          { 300.0,  301.0,  302.0, ...,  397.0,  398.0,  399.0}},

         {{ 400.0,  401.0,  402.0, ...,  497.0,  498.0,  499.0},
          { 500.0,  501.0,  502.0, ...,  597.0,  598.0,  599.0}},

         {{ 600.0,  601.0,  602.0, ...,  697.0,  698.0,  699.0},
          { 700.0,  701.0,  702.0, ...,  797.0,  798.0,  799.0}}}
        min -800.0, mean -0.5, max 799.0\
        """,
        NdArray.generate(FLOAT32, Shape.of(8, 2, 100), i -> i - 800).toString());
  }

  @Test
  void theSummaryCountsNaN() {
    double[] values = new double[1002];
    values[5] = Double.NaN;
    values[7] = 1001;
    assertText(
        """
        FLOAT64 [1002] {0.0, 0.0, 0.0, ..., 0.0, 0.0, 0.0}
        min 0.0, mean 1.0, max 1001.0, 1 NaN\
        """,
        values);
    Arrays.fill(values, Double.NaN);
    assertText("FLOAT64 [1002] {NaN, NaN, NaN, ..., NaN, NaN, NaN}\n1002 NaN", values);
  }

  @Test
  void aTensorShowsItsValue() {
    Tensor x = Tensor.variable(NdArray.of(new float[] {-1, 2}, 2));
    assertEquals("variable FLOAT32 [2] {-1.0, 2.0}", x.toString());
    assertEquals("relu FLOAT32 [2] {0.0, 2.0}", Ops.relu(x).toString());
    assertEquals("constant FLOAT32 [2] {-1.0, 2.0}", x.detach().toString());
  }

  /** A text refuses nothing, and holds nothing: what was printed can be taken back. */
  @Test
  void whatWasTakenBackIsNotShown() {
    Tensor x = Tensor.variable(NdArray.generate(FLOAT32, Shape.of(50, 100), i -> i));
    Tensor squares = Ops.square(x);
    assertEquals("square FLOAT32 [50, 100]", squares.toString().lines().findFirst().orElseThrow());
    Gradients.backward(Ops.sum(Ops.exp(squares)), Gradients.Mode.CONSUMING);
    assertEquals("square FLOAT32 [50, 100] {taken back}", squares.toString());
  }

  private static void assertText(String text, double... values) {
    assertEquals(text, NdArray.of(values, values.length).toString());
  }
}
