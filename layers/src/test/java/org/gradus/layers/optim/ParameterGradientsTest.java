package org.gradus.layers.optim;

import static org.gradus.autograd.ops.Ops.add;
import static org.gradus.autograd.ops.Ops.mul;
import static org.gradus.autograd.ops.Ops.sqrt;
import static org.gradus.autograd.ops.Ops.sum;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.gradus.autograd.Gradients;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.update.Sgd;
import org.gradus.layers.Nets;
import org.gradus.layers.Parameter;
import org.gradus.layers.Sequential;
import org.gradus.layers.data.Batch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ParameterGradientsTest {
  private final Parameter weight = parameter("0.linear.weight", 1, 2);
  private final Parameter bias = parameter("0.linear.bias", 3);
  private final Parameter other = parameter("1.scale", 4);
  private final List<Parameter> all = List.of(weight, bias, other);

  private static Parameter parameter(String name, double... values) {
    return new Parameter(name, NdArray.of(values, values.length));
  }

  private static NdArray array(double... values) {
    return NdArray.of(values, values.length);
  }

  /** Gradients of sum(a weight) + b bias. */
  private ParameterGradients gradients(double a, double b) {
    Tensor loss = add(sum(mul(weight.tensor(), a)), sum(mul(bias.tensor(), b)));
    return ParameterGradients.of(loss, all);
  }

  @Test
  void areByParameterUnderAnyName() {
    ParameterGradients gradients = gradients(5, 7);
    assertEquals(array(5, 5), gradients.of(weight));
    assertEquals(array(7), gradients.of(bias.in("net")));
    assertEquals(array(0), gradients.of(other));
    assertTrue(gradients.reached(weight.in("net")));
    assertFalse(gradients.reached(other));
    assertEquals(all, gradients.parameters());
    assertEquals("gradients of [0.linear.weight, 0.linear.bias, 1.scale]", gradients.toString());
    String text = ": there is no gradient of p, only of [0.linear.weight, 0.linear.bias, 1.scale]";
    assertRefused(
        IllegalArgumentException.class, "of" + text, () -> gradients.of(parameter("p", 1)));
    assertRefused(
        IllegalArgumentException.class,
        "reached" + text,
        () -> gradients.reached(parameter("p", 1)));
  }

  @Test
  void areThoseOfTheEngine() {
    Tensor loss = sum(mul(weight.tensor(), weight.tensor()));
    Gradients engine = Gradients.backward(loss);
    ParameterGradients gradients = ParameterGradients.of(engine, all);
    assertSame(engine.of(weight.tensor()).value(), gradients.of(weight));
    assertFalse(gradients.reached(bias));
    assertEquals(array(2, 4), ParameterGradients.of(loss, List.of(weight)).of(weight));
    assertEquals(array(1, 2), loss.inputs().get(0).inputs().get(0).value()); // nothing is taken
    assertRefused(
        IllegalArgumentException.class,
        "of: the parameter net.0.linear.weight is there twice",
        () -> ParameterGradients.of(loss, List.of(weight, weight.in("net"))));
    Tensor both = add(loss, sum(bias.tensor()));
    assertFalse(
        ParameterGradients.of(Gradients.backward(both, weight.tensor()), all).reached(bias));
  }

  @Test
  void aParameterThatWasChangedSinceIsRefused() {
    Tensor loss = sum(weight.tensor());
    ParameterGradients gradients = ParameterGradients.of(loss, all);
    Gradients engine = Gradients.backward(loss);
    new Optimizer(all, new Sgd(1)).step(gradients);
    String text =
        "of: the loss was computed with a former value of 0.linear.weight, which another has"
            + " replaced since (by a step?); compute it anew";
    assertRefused(IllegalStateException.class, text, () -> gradients.of(weight));
    assertRefused(IllegalStateException.class, text, () -> ParameterGradients.of(engine, all));
    assertRefused(IllegalStateException.class, text, () -> ParameterGradients.of(loss, all));
    assertEquals(array(0), gradients.of(bias)); // which the step has left as it is
    assertEquals(Math.sqrt(2), gradients.norm(), 1e-15);
  }

  @Test
  void addUp() {
    ParameterGradients sum = gradients(5, 7).plus(gradients(1, -2));
    assertEquals(array(6, 6), sum.of(weight));
    assertEquals(array(5), sum.of(bias));
    assertFalse(sum.reached(other));
    ParameterGradients more =
        sum.plus(ParameterGradients.of(sum(mul(other.tensor(), 3)), all)).scaled(0.5);
    assertEquals(array(3, 3), more.of(weight));
    assertEquals(array(1.5), more.of(other));
    assertRefused(
        IllegalArgumentException.class,
        "plus: gradients of [0.linear.weight, 0.linear.bias, 1.scale] and of [1.scale], expected"
            + " the same parameters",
        () -> sum.plus(ParameterGradients.of(sum(other.tensor()), List.of(other))));
    assertRefused(
        IllegalArgumentException.class,
        "scaled: factor NaN, expected a finite number",
        () -> sum.scaled(Double.NaN));
    bias.set(array(4));
    assertRefused(
        IllegalStateException.class,
        "plus: the gradients were computed with two values of 0.linear.bias",
        () -> sum.plus(gradients(1, 1)));
  }

  @Test
  void areMapped() {
    ParameterGradients signs =
        gradients(-5, 7).map((parameter, gradient) -> gradient.map(Math::signum));
    assertEquals(array(-1, -1), signs.of(weight));
    assertEquals(array(1), signs.of(bias));
    assertFalse(signs.reached(other));
    assertRefused(
        IllegalArgumentException.class,
        "map: the gradient of 0.linear.weight is FLOAT32 [1], expected FLOAT64 [2]",
        () -> signs.map((parameter, gradient) -> NdArray.of(new float[] {1}, 1)));
  }

  @Test
  void haveNorms() {
    ParameterGradients gradients = gradients(3, 4);
    assertEquals(
        Map.of("0.linear.weight", Math.sqrt(18), "0.linear.bias", 4.0, "1.scale", 0.0),
        gradients.norms());
    assertEquals(Math.sqrt(34), gradients.norm(), 1e-15);
    assertEquals(List.of("0.linear", "1"), List.copyOf(gradients.layerNorms().keySet()));
    assertEquals(Math.sqrt(34), gradients.layerNorms().get("0.linear"), 1e-14);
    assertEquals(0, gradients.layerNorms().get("1"));
    assertEquals(Map.of("all", gradients.norm()), gradients.norms(name -> "all"));
    Parameter bare = parameter("p", 1);
    assertEquals(
        Map.of("", 1.0), ParameterGradients.of(sum(bare.tensor()), List.of(bare)).layerNorms());
  }

  @Test
  void normsDoNotOverflow() {
    assertEquals(5e200, gradients(0, 0).map(this::large).norm(), 1e186);
    Parameter single = new Parameter("p", NdArray.of(new float[] {1, 1}, 2));
    ParameterGradients large =
        ParameterGradients.of(sum(mul(single.tensor(), 3e38)), List.of(single));
    assertEquals(3e38 * Math.sqrt(2), large.norm(), 1e32);
    assertEquals(1, large.clipNorm(1).norm(), 1e-6);
  }

  /** As those of two nets that were made apart. */
  @Test
  void parametersOfOneNameAreTwo() {
    Parameter one = parameter("weight", 3);
    Parameter two = parameter("weight", 4);
    Tensor loss = add(sum(mul(one.tensor(), 3)), sum(mul(two.tensor(), 4)));
    ParameterGradients gradients = ParameterGradients.of(loss, List.of(one, two));
    assertEquals(5, gradients.norm());
    assertEquals(0.6, gradients.clipNorm(1).of(one).item(), 1e-15);
    assertEquals(Map.of("", 5.0), gradients.layerNorms());
    assertRefused(
        IllegalStateException.class,
        "norms: two parameters are called weight; rename one, as by Parameter.in",
        gradients::norms);
  }

  /** The sum is none that float32 holds, and the mean is. */
  @Test
  void theMeanOfLargeGradientsIsFinite() {
    Parameter p = new Parameter("p", NdArray.of(new float[] {1, 1}, 2));
    ParameterGradients large = ParameterGradients.of(sum(mul(p.tensor(), 3e38)), List.of(p));
    NdArray mean = ParameterGradients.mean(List.of(large, large, large, large)).of(p);
    assertEquals(NdArray.full(DType.FLOAT32, Shape.of(2), 3e38), mean);
    assertTrue(!ParameterGradients.sum(List.of(large, large)).of(p).isFinite());
  }

  private NdArray large(Parameter parameter, NdArray gradient) {
    return parameter.equals(weight) ? array(3e200, 0) : array(4e200);
  }

  @Test
  void areClippedByTheirNorm() {
    ParameterGradients gradients = gradients(3, 4);
    assertSame(gradients, gradients.clipNorm(6));
    ParameterGradients clipped = gradients.clipNorm(0.5);
    assertEquals(0.5, clipped.norm(), 1e-15);
    assertEquals(0.5 * 4 / Math.sqrt(34), clipped.of(bias).item(), 1e-15);
    assertEquals(1e-300, gradients.map(this::large).clipNorm(1e-300).norm(), 1e-314);
    assertEquals(5e-300, gradients.map(this::tiny).clipNorm(1).norm(), 1e-314);
    ParameterGradients largest = gradients.map((p, g) -> g.map(x -> Double.MAX_VALUE));
    assertEquals(Double.POSITIVE_INFINITY, largest.norm());
    assertEquals(2, largest.clipNorm(2).norm(), 1e-15);
    assertEquals(2 / Math.sqrt(3), largest.clipNorm(2).of(bias).item(), 1e-15);
    assertEquals(1e308, largest.clipNorm(1e308).norm(), 1e294);
    assertEquals(0x1p-1064, largest.clipNorm(0x1p-1064).norm(), 0x1p-1072);
    assertRefused(
        IllegalArgumentException.class,
        "clipNorm: most is 0.0, expected a finite number above 0",
        () -> gradients.clipNorm(0));
    assertRefused(
        IllegalStateException.class,
        "clipNorm: the gradient of 0.linear.bias is not finite",
        () -> gradients(1, Double.POSITIVE_INFINITY).clipNorm(1));
  }

  private NdArray tiny(Parameter parameter, NdArray gradient) {
    return parameter.equals(weight) ? array(3e-300, 0) : array(4e-300);
  }

  @Test
  void areClippedElementByElement() {
    ParameterGradients clipped = gradients(-3, 0.25).clipValue(0.5);
    assertEquals(array(-0.5, -0.5), clipped.of(weight));
    assertEquals(array(0.25), clipped.of(bias));
    assertRefused(
        IllegalArgumentException.class,
        "clipValue: most is NaN, expected a finite number above 0",
        () -> clipped.clipValue(Double.NaN));
  }

  // ---- micro-batches ---------------------------------------------------------------------------

  private static List<ParameterGradients> parts(Sequential net, Batch batch, int size) {
    List<ParameterGradients> parts = new ArrayList<>();
    int[] labels = batch.labels();
    for (int from = 0; from < labels.length; from += size) {
      int first = from;
      int pixels = batch.inputs().size() / labels.length;
      NdArray images =
          NdArray.generate(
              batch.inputs().dtype(),
              batch.inputs().shape().with(0, size),
              i -> batch.inputs().at(first * pixels + i));
      int[] own = Arrays.copyOfRange(labels, from, from + size);
      parts.add(ParameterGradients.of(Nets.loss(net, new Batch(images, own)), net.parameters()));
    }
    return parts;
  }

  @ParameterizedTest
  @EnumSource(DType.class)
  void theMeanOfMicroBatchesIsTheGradientOfTheBatch(DType dtype) {
    SplittableRandom random = new SplittableRandom(5);
    Sequential net = Nets.tinyCnn(dtype, random);
    Batch batch = Nets.noise(dtype, 12, random);
    ParameterGradients whole = ParameterGradients.of(Nets.loss(net, batch), net.parameters());
    for (int size : new int[] {1, 2, 3, 4, 6, 12}) {
      ParameterGradients mean = ParameterGradients.mean(parts(net, batch, size));
      double error = mean.plus(whole.scaled(-1)).norm() / whole.norm();
      assertTrue(error < (dtype == DType.FLOAT32 ? 1e-6 : 1e-14), () -> size + ": " + error);
    }
  }

  /** Two workers with four parts each, or four with two, or one with all. */
  @Test
  void theSumHasTheSameBitsHoweverTheWorkIsSpread() {
    SplittableRandom random = new SplittableRandom(6);
    Sequential net = Nets.tinyCnn(DType.FLOAT32, random);
    List<ParameterGradients> parts = parts(net, Nets.noise(DType.FLOAT32, 14, random), 2);
    List<NdArray> expected = values(ParameterGradients.sum(parts));
    for (int block : new int[] {1, 2, 4, 8}) {
      List<ParameterGradients> sums = new ArrayList<>();
      for (int from = 0; from < parts.size(); from += block) {
        sums.add(ParameterGradients.sum(parts.subList(from, Math.min(parts.size(), from + block))));
      }
      assertEquals(expected, values(ParameterGradients.sum(sums)), "blocks of " + block);
    }
    ParameterGradients inOrder = parts.get(0);
    for (ParameterGradients part : parts.subList(1, parts.size())) {
      inOrder = inOrder.plus(part);
    }
    assertNotEquals(expected, values(inOrder)); // the order shows in the bits
    assertEquals(values(parts.get(0)), values(ParameterGradients.mean(parts.subList(0, 1))));
  }

  private static List<NdArray> values(ParameterGradients gradients) {
    return gradients.parameters().stream().map(gradients::of).toList();
  }

  @Test
  void thereIsNoSumOfNothing() {
    assertRefused(
        IllegalArgumentException.class,
        "sum: parts is empty, expected one or more",
        () -> ParameterGradients.sum(List.of()));
    assertRefused(
        IllegalArgumentException.class,
        "mean: parts is empty, expected one or more",
        () -> ParameterGradients.mean(List.of()));
  }

  /** Second derivatives go through it as through the engine: the graph stays. */
  @Test
  void theGraphStaysDifferentiable() {
    Tensor loss = sum(sqrt(weight.tensor()));
    ParameterGradients.of(loss, all);
    Tensor slope = Gradients.backward(loss, Gradients.Mode.DIFFERENTIABLE).of(weight.tensor());
    assertEquals(
        -0.25, Gradients.backward(sum(slope), weight.tensor()).of(weight.tensor()).value().at(0));
    assertEquals(Shape.of(2), slope.shape());
  }

  private static void assertRefused(
      Class<? extends Exception> type, String message, Executable call) {
    assertEquals(message, assertThrows(type, call).getMessage());
  }
}
