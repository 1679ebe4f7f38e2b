package org.gradus.examples;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.examples.ConvolutionPadding.Pair;
import org.gradus.examples.ConvolutionPadding.Place;
import org.junit.jupiter.api.Test;

class ConvolutionWalkthroughTest {

  @Test
  void paddingOutputSize() {
    ConvolutionPadding.Result r = ConvolutionPadding.compute();
    assertEquals(5, r.size());
    assertEquals(Shape.of(1, 1, 5, 5), r.output());
  }

  @Test
  void paddingWhichWeightMeetsWhichErrorInDx11() {
    ConvolutionPadding.Result r = ConvolutionPadding.compute();
    assertEquals(
        List.of(new Place(1, 1), new Place(1, 0), new Place(0, 1), new Place(0, 0)),
        r.dx11().stream().map(Pair::factor).toList());
    assertEquals(
        List.of(new Place(0, 0), new Place(0, 1), new Place(1, 0), new Place(1, 1)),
        r.dx11().stream().map(Pair::dy).toList());
  }

  @Test
  void paddingInputGradientHasTheUnpaddedShapeAndFollowsEquation1() {
    ConvolutionPadding.Result r = ConvolutionPadding.compute();
    assertEquals(Shape.of(1, 1, 5, 5), r.dx().shape());
    assertEquals(25 * 5 + 24 * 4 + 20 * 2 + 19, r.dx11ByFormula());
    assertEquals(280, r.dx().at(0));
    assertEquals(5 + 4 + 2 + 1, r.dx11OfOnes());
  }

  @Test
  void paddingWeightGradientFollowsEquation2ElementByElement() {
    ConvolutionPadding.Result r = ConvolutionPadding.compute();
    for (int a = 0; a < 3; a++) {
      for (int b = 0; b < 3; b++) {
        int sum = 0;
        for (int i = 0; i < 5; i++) {
          for (int j = 0; j < 5; j++) {
            int row = i + a - 1; // of the unpadded input
            int column = j + b - 1;
            boolean inside = row >= 0 && row < 5 && column >= 0 && column < 5;
            int x = inside ? 5 * row + column + 1 : 0;
            sum += (25 - 5 * i - j) * x;
          }
        }
        assertEquals(sum, r.dw().get(0, 0, a, b), "dw" + (a + 1) + (b + 1));
      }
    }
    assertEquals(1080, r.dw().at(0));
    assertEquals(1080, r.dw11ByFormula());
  }

  @Test
  void paddingEveryErrorMeetsThePaddedInputOfTheSameIndicesFromZeroInDw11() {
    List<Pair> pairs = ConvolutionPadding.compute().dw11();
    assertEquals(25, pairs.size());
    for (Pair pair : pairs) {
      assertEquals(pair.dy(), pair.factor()); // dy from 1, x from 0: dy45 meets x34
    }
    assertEquals(new Place(3, 4), pairs.get(3 * 5 + 4).factor());
    assertEquals(new Place(4, 3), pairs.get(4 * 5 + 3).factor());
  }

  @Test
  void loopsFormulas() {
    assertEquals(
        List.of(
            "h11 = W11 X11 + W12 X12 + W21 X21 + W22 X22",
            "h12 = W11 X12 + W12 X13 + W21 X22 + W22 X23",
            "h21 = W11 X21 + W12 X22 + W21 X31 + W22 X32",
            "h22 = W11 X22 + W12 X23 + W21 X32 + W22 X33"),
        ConvolutionLoops.compute().formulas());
  }

  @Test
  void loopsOneChannel() {
    ConvolutionLoops.Comparison single = ConvolutionLoops.compute().single();
    assertEquals(Shape.of(1, 1, 2, 2), single.library().y().shape());
    assertEquals(0, single.largest());
    // X = 1..9, W = [[1, -2], [3, 4]], dH = [[3, 1], [-3, 0]]
    double[] dx = {3, 1 - 6, -2, 9 - 3, 12 + 3 + 6, 4, -9, -12, 0};
    assertArrayEquals(dx, single.library().dx().toDoubleArray());
    double[] dw = {3 + 2 - 12, 6 + 3 - 15, 12 + 5 - 21, 15 + 6 - 24};
    assertArrayEquals(dw, single.library().dw().toDoubleArray());
  }

  @Test
  void loopsSeveralChannelsWithBiasStrideAndPadding() {
    ConvolutionLoops.Comparison several = ConvolutionLoops.compute().several();
    assertEquals(Shape.of(2, 4, 4, 3), several.library().y().shape());
    assertEquals(0, several.y());
    assertEquals(0, several.dx());
    assertEquals(0, several.dw());
    assertEquals(0, several.db());
    assertTrue(Numbers.maxDifference(several.library().dx(), zerosLike(several)) > 0);
  }

  private static NdArray zerosLike(ConvolutionLoops.Comparison comparison) {
    return comparison.library().dx().map(v -> 0);
  }

  @Test
  void loopsRefusesAStrideThatDoesNotDivide() {
    assertEquals(
        "conv2d: strict height: stride 2 leaves a remainder of 1 after the last of the windows of 3"
            + " over 4, padded by 0 and 0",
        ConvolutionLoops.compute().refusal());
  }

  @Test
  void depthEquation7AndItsExercise() {
    ConvolutionDepth.Case r = ConvolutionDepth.compute().equation7();
    assertEquals(Shape.of(1, 4, 5, 6), r.output());
    assertEquals(0, r.fromEquations());
    assertEquals(0, r.fromLoops());
  }

  @Test
  void depthStrideAndPadding() {
    ConvolutionDepth.Case stride2 = ConvolutionDepth.compute().stride2();
    assertEquals(Shape.of(1, 4, 3, 3), stride2.output());
    assertEquals(0, stride2.fromEquations());
    assertEquals(0, stride2.fromLoops());
    ConvolutionDepth.Case padded = ConvolutionDepth.compute().padded();
    assertEquals(Shape.of(1, 4, 4, 4), padded.output());
    assertEquals(0, padded.fromEquations());
    assertEquals(0, padded.fromLoops());
  }

  @Test
  void depthInputThatNoWindowReadsGetsZero() {
    NdArray delta = ConvolutionDepth.compute().stride2().delta();
    for (int u = 0; u < 3; u++) {
      for (int m = 0; m < 6; m++) {
        assertEquals(0, delta.get(0, u, m, 7));
      }
    }
  }

  @Test
  void stepGradient() {
    ConvolutionStep.Result r = ConvolutionStep.compute();
    double[] dw = {0.044606, 0.094061, 0.011262, 0.068288};
    assertArrayEquals(dw, r.dw().toDoubleArray(), 1e-12); // exact: products of two decimals
    assertEquals(0.0836, r.db(), 1e-12);
  }

  @Test
  void stepErrorAndItsGradient() {
    ConvolutionStep.Result r = ConvolutionStep.compute();
    double squares = 0.0686 * 0.0686 + 0.0364 * 0.0364 + 0.0467 * 0.0467 + 0.0681 * 0.0681;
    assertEquals(squares / 2, r.error(), 1e-12);
    double[] delta = {0, 0, 0.0686, 0, 0, 0.0364, 0, 0, 0, 0.0467, 0, 0, 0, 0, 0, -0.0681};
    assertArrayEquals(delta, r.delta().toDoubleArray(), 1e-12);
  }

  @Test
  void stepOneStepOfGradientDescent() {
    ConvolutionStep.Result r = ConvolutionStep.compute();
    double[] stepped = {
      -0.13 - 0.1 * 0.044606, 0.15 - 0.1 * 0.094061, -0.51 - 0.1 * 0.011262, 0.62 - 0.1 * 0.068288
    };
    assertArrayEquals(stepped, r.stepped().toDoubleArray(), 1e-12);
    assertEquals(0.0057671, r.errorAfter(), 1e-8);
  }

  @Test
  void printsTheWalk() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ConvolutionWalkthrough.run(new PrintStream(bytes, true, StandardCharsets.UTF_8));
    List<String> lines = bytes.toString(StandardCharsets.UTF_8).lines().toList();
    for (String line :
        List.of(
            "    w_idxs = [(1, 1), (1, 0), (0, 1), (0, 0)]",
            "    y_idxs = [(0, 0), (0, 1), (1, 0), (1, 1)]",
            "    formula 280, gradient 280",
            "    formula 1080, gradient 1080",
            "    h22 = W11 X22 + W12 X23 + W21 X32 + W22 X33",
            "    for X = 1, ..., 9, W = [[1, -2], [3, 4]], dH = [[3, 1], [-3, 0]]",
            "    dX = [[3, -5, -2], [6, 21, 4], [-9, -12, 0]]",
            "    the library is off from the loops by 0.0 in y, 0.0 in dx, 0.0 in dw, 0.0 in db",
            "    stride 1, padding 0: off by 0.0 from the equations, by 0.0 from the loops",
            "    = [[0.044606, 0.094061], [0.011262, 0.068288]], as in the document",
            "    to   [[-0.1344606, 0.1405939], [-0.5111262, 0.6131712]]")) {
      assertTrue(lines.contains(line), () -> "missing: " + line);
    }
    assertTrue(lines.stream().allMatch(line -> line.length() <= 130), "no line is too long");
  }
}
