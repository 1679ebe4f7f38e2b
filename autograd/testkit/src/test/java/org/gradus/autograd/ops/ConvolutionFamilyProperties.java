package org.gradus.autograd.ops;

import static org.gradus.autograd.ops.Ops.bias;
import static org.gradus.autograd.ops.Ops.conv2d;
import static org.gradus.autograd.ops.Ops.conv2dInput;
import static org.gradus.autograd.ops.Ops.conv2dWeight;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.gradus.autograd.Gradients;
import org.gradus.autograd.Gradients.Mode;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.testkit.Draw;
import org.gradus.autograd.testkit.Draw.ConvCase;

/**
 * The three convolutions on small integers, where sums are exact in any order: equal to loops over
 * the definition, in both element types, and adjoint to each other without any tolerance.
 */
class ConvolutionFamilyProperties {
  private static int drawn;
  private static int withRemainder;

  @BeforeContainer
  static void reset() {
    drawn = 0;
    withRemainder = 0;
  }

  /** Many of the geometries must leave a remainder, or the properties would say little. */
  @AfterContainer
  static void enoughRemainders() {
    System.out.printf(
        "convolution family: %d geometries, %d with a stride that does not divide%n",
        drawn, withRemainder);
    assertTrue(drawn >= 1000 && withRemainder >= drawn / 4, drawn + ", " + withRemainder);
  }

  @Provide
  Arbitrary<ConvCase> geometries() {
    return Draw.convolutions(7);
  }

  @Property(tries = 1000, seed = "20260103", edgeCases = EdgeCasesMode.NONE)
  void theFamilyIsAdjointAndEqualToTheDefinition(
      @ForAll("geometries") ConvCase shapes, @ForAll long seed) {
    count(shapes.geometry());
    for (DType dtype : DType.values()) {
      NdArray x = integers(dtype, shapes.x(), seed);
      NdArray w = integers(dtype, shapes.w(), seed + 1);
      NdArray y = integers(dtype, shapes.y(), seed + 2);
      Tensor constantX = Tensor.constant(x);
      Tensor constantW = Tensor.constant(w);
      Tensor constantY = Tensor.constant(y);
      NdArray forward = conv2d(constantX, constantW, shapes.geometry()).value();
      NdArray input = conv2dInput(constantW, constantY, shapes.geometry()).value();
      NdArray weight = conv2dWeight(constantX, constantY, shapes.geometry()).value();

      NaiveConvolution naive = new NaiveConvolution(shapes);
      assertEquals(naive.forward(x, w), forward.as(DType.FLOAT64));
      assertEquals(naive.inputGradient(w, y), input.as(DType.FLOAT64));
      assertEquals(naive.weightGradient(x, y), weight.as(DType.FLOAT64));

      double product = dot(y, forward);
      assertEquals(product, dot(x, input));
      assertEquals(product, dot(w, weight));
    }
  }

  @Property(tries = 200, seed = "20260104", edgeCases = EdgeCasesMode.NONE)
  void allThreeGradientsOfALayerAreThoseOfTheDefinition(
      @ForAll("geometries") ConvCase shapes, @ForAll long seed) {
    Tensor x = Tensor.variable(integers(DType.FLOAT64, shapes.x(), seed));
    Tensor w = Tensor.variable(integers(DType.FLOAT64, shapes.w(), seed + 1));
    Tensor b = Tensor.variable(integers(DType.FLOAT64, Shape.of(shapes.w().dim(0)), seed + 2));
    NdArray dy = integers(DType.FLOAT64, shapes.y(), seed + 3);
    Tensor y = bias(conv2d(x, w, shapes.geometry()), b);
    Gradients gradients = Gradients.pullback(y, Tensor.constant(dy), Mode.VALUES);

    NaiveConvolution naive = new NaiveConvolution(shapes);
    assertEquals(naive.inputGradient(w.value(), dy), gradients.of(x).value());
    assertEquals(naive.weightGradient(x.value(), dy), gradients.of(w).value());
    assertEquals(naive.biasGradient(dy), gradients.of(b).value());
  }

  private static void count(ConvGeometry geometry) {
    drawn++;
    if (geometry.rows().remainder() != 0 || geometry.columns().remainder() != 0) {
      withRemainder++;
    }
  }

  /** Whole numbers from -4 to 4; zero is +0, so that equal sums have equal bits. */
  private static NdArray integers(DType dtype, Shape shape, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    return NdArray.generate(dtype, shape, i -> random.nextInt(-4, 5));
  }

  private static double dot(NdArray a, NdArray b) {
    double total = 0;
    for (int i = 0; i < a.size(); i++) {
      total += a.at(i) * b.at(i);
    }
    return total;
  }
}
