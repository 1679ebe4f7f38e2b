package org.gradus.autograd.functional;

import static org.gradus.autograd.functional.Numbers.assertRefused;
import static org.gradus.autograd.functional.Numbers.variable;
import static org.gradus.autograd.ops.ConvOptions.same;
import static org.gradus.autograd.ops.Ops.add;
import static org.gradus.autograd.ops.Ops.batchNorm;
import static org.gradus.autograd.ops.Ops.concat;
import static org.gradus.autograd.ops.Ops.conv2d;
import static org.gradus.autograd.ops.Ops.convTranspose2d;
import static org.gradus.autograd.ops.Ops.crossEntropy;
import static org.gradus.autograd.ops.Ops.flip;
import static org.gradus.autograd.ops.Ops.groupNorm;
import static org.gradus.autograd.ops.Ops.layerNorm;
import static org.gradus.autograd.ops.Ops.logSoftmax;
import static org.gradus.autograd.ops.Ops.matmul;
import static org.gradus.autograd.ops.Ops.maxPool2d;
import static org.gradus.autograd.ops.Ops.mean;
import static org.gradus.autograd.ops.Ops.mul;
import static org.gradus.autograd.ops.Ops.normalize;
import static org.gradus.autograd.ops.Ops.permute;
import static org.gradus.autograd.ops.Ops.prelu;
import static org.gradus.autograd.ops.Ops.relu;
import static org.gradus.autograd.ops.Ops.reshape;
import static org.gradus.autograd.ops.Ops.sin;
import static org.gradus.autograd.ops.Ops.slice;
import static org.gradus.autograd.ops.Ops.softmax;
import static org.gradus.autograd.ops.Ops.square;
import static org.gradus.autograd.ops.Ops.sub;
import static org.gradus.autograd.ops.Ops.sum;
import static org.gradus.autograd.ops.Ops.take;
import static org.gradus.autograd.ops.Ops.tanh;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.gradus.autograd.Gradients;
import org.gradus.autograd.Op;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.ops.CrossEntropyOptions;
import org.junit.jupiter.api.Test;

/** Gradients of each example, beside those of batches of one. */
class PerExampleTest {

  // ---- by hand ---------------------------------------------------------------------------------

  /** L = (w x + b - t)^2 at w = 2, b = 1, for (x, t) = (1, 2), (-1, 3), (0, 1). */
  @Test
  void ofALineByHand() {
    Tensor w = variable(2);
    Tensor b = variable(1);
    NdArray x = NdArray.of(new double[] {1, -1, 0}, 3);
    NdArray t = NdArray.of(new double[] {2, 3, 1}, 3);
    PerExample made =
        PerExample.of(in -> square(sub(add(mul(in.get(0), w), b), in.get(1))), List.of(x, t), w, b);
    assertEquals(NdArray.of(new double[] {1, 16, 0}, 3), made.losses());
    assertEquals(List.of(w, b), made.variables());
    assertEquals(NdArray.of(new double[] {2, 8, 0}, 3, 1), made.gradients(w));
    assertEquals(NdArray.of(new double[] {2, -8, 0}, 3, 1), made.gradients(b));
    assertClose(
        1e-15, NdArray.of(new double[] {2 * Math.sqrt(2), 8 * Math.sqrt(2), 0}, 3), made.norms());
    Gradients clipped = made.clippedSum(2 * Math.sqrt(2));
    assertClose(1e-15, NdArray.of(new double[] {4}, 1), clipped.of(w).value());
    assertClose(1e-15, NdArray.of(new double[] {0}, 1), clipped.of(b).value());
  }

  // ---- drawn nets ------------------------------------------------------------------------------

  /** Weights by the order in which they are asked for; each example of a net has the same ones. */
  private static final class Weights {
    private final DType type;
    private final long seed;
    private final List<Tensor> made = new ArrayList<>();
    private int next;

    Weights(DType type, long seed) {
      this.type = type;
      this.seed = seed;
    }

    Tensor of(int... dims) {
      if (next == made.size()) {
        SplittableRandom random = new SplittableRandom(seed + next);
        made.add(
            Tensor.variable(
                NdArray.generate(type, Shape.of(dims), i -> random.nextDouble(-0.7, 0.7))));
      }
      return made.get(next++);
    }
  }

  private static final int STEPS = 20;

  /** What makes a tensor [N, 2, 4, 4] of another, with weights if the kind has any. */
  private static Tensor step(int kind, Tensor x, Weights w) {
    int n = x.shape().dim(0);
    return switch (kind) {
      case 0 -> conv2d(x, w.of(2, 2, 3, 3), w.of(2), same());
      case 1 -> {
        Tensor twice = w.of(2, 2, 3, 3);
        yield conv2d(tanh(conv2d(x, twice, same())), twice, same());
      }
      case 2 -> conv2d(x, normalize(w.of(2, 2, 3, 3), 1e-3, 1, 2, 3), same());
      case 3 -> {
        Tensor squared = w.of(2, 2, 1, 1);
        yield conv2d(x, mul(squared, squared), same());
      }
      case 4 -> relu(x);
      case 5 -> Tensor.of(new Snake(2), x, w.of(2, 1, 1));
      case 6 -> Tensor.of(new Opaque(), x);
      case 7 -> add(x, mul(sin(x), w.of(2, 1, 4)));
      case 8 -> prelu(x, w.of(2));
      case 9 -> layerNorm(x, w.of(2, 4, 4), w.of(2, 4, 4), 1e-3);
      case 10 -> groupNorm(x, 2, w.of(2), w.of(2), 1e-3);
      case 11 -> permute(mul(permute(x, 0, 2, 3, 1), w.of(2)), 0, 3, 1, 2);
      case 12 -> {
        Tensor rows = reshape(x, n * 8, 4);
        yield reshape(tanh(matmul(rows, w.of(4, 4), false, true)), n, 2, 4, 4);
      }
      case 13 -> matmul(x, w.of(4, 4));
      case 14 -> matmul(softmax(matmul(x, x, false, true), -1), matmul(w.of(4, 4), x));
      case 15 -> convTranspose2d(x, w.of(2, 2, 3, 3), same());
      case 16 -> add(flip(x, 1), slice(concat(1, x, mul(x, w.of(1))), 1, 1, 3));
      case 17 -> add(x, batchNorm(x, w.of(2), w.of(2), w.of(2), square(w.of(2)), 0.1));
      case 18 -> mul(x, permute(w.of(4, 2, 4), 1, 0, 2));
      default -> concat(2, maxPool2d(x, 2).then(y -> concat(3, y, y)), slice(x, 2, 0, 2));
    };
  }

  private static Function<List<Tensor>, Tensor> net(int[] kinds, Weights weights) {
    return in -> {
      weights.next = 0;
      Tensor x = in.get(0);
      for (int kind : kinds) {
        x = step(kind, x, weights);
      }
      Tensor logits = matmul(reshape(x, x.shape().dim(0), 32), weights.of(32, 3));
      return sum(mul(logSoftmax(logits, 1), in.get(1)), 1);
    };
  }

  @Property(tries = 120)
  void areThoseOfBatchesOfOne(
      @ForAll long seed, @ForAll @IntRange(max = 4) int count, @ForAll DType type) {
    SplittableRandom random = new SplittableRandom(seed);
    int[] kinds = random.ints(4, 0, STEPS).toArray();
    NdArray x = draw(type, random, count, 2, 4, 4);
    NdArray t = draw(type, random, count, 3);
    compare(net(kinds, new Weights(type, seed)), List.of(x, t));
  }

  @Test
  void ofEachStep() {
    for (int kind = 0; kind < STEPS; kind++) {
      SplittableRandom random = new SplittableRandom(kind);
      List<NdArray> batch =
          List.of(draw(DType.FLOAT64, random, 3, 2, 4, 4), draw(DType.FLOAT64, random, 3, 3));
      compare(net(new int[] {0, kind, 0}, new Weights(DType.FLOAT64, 1)), batch);
    }
  }

  private static NdArray draw(DType type, SplittableRandom random, int... dims) {
    return NdArray.generate(type, Shape.of(dims), i -> random.nextDouble(-1, 1));
  }

  private static void compare(Function<List<Tensor>, Tensor> losses, List<NdArray> batch) {
    int count = batch.get(0).shape().dim(0);
    DType type = batch.get(0).dtype();
    double tolerance = type == DType.FLOAT32 ? 2e-6 : 5e-15;
    PerExample made = PerExample.of(losses, batch);
    double all = IntStream.range(0, count).mapToDouble(made.norms()::at).sum();
    double most = all == 0 ? 1 : all / count; // 0 of no examples, and of a relu that is 0 for all
    List<Gradients> alone = new ArrayList<>();
    for (int n = 0; n < count; n++) {
      int example = n;
      List<Tensor> own = batch.stream().map(each -> row(each, example)).toList();
      Gradients gradients =
          Gradients.backward(losses.apply(own), made.variables().toArray(Tensor[]::new));
      double[] norms =
          made.variables().stream().mapToDouble(w -> gradients.of(w).value().norm()).toArray();
      double norm = NdArray.of(norms, norms.length).norm();
      assertEquals(norm, made.norms().at(n), tolerance * norm);
      alone.add(gradients);
    }
    double longest = IntStream.range(0, count).mapToDouble(made.norms()::at).max().orElse(0);
    Gradients clipped = made.clippedSum(most);
    Map<Tensor, NdArray> together = made.gradients();
    assertEquals(made.variables(), List.copyOf(together.keySet()));
    for (Tensor w : made.variables()) {
      NdArray each = made.gradients(w);
      assertEquals(each, together.get(w));
      assertEquals(w.shape().stacked("stack", count), each.shape());
      NdArray sum = NdArray.zeros(type, w.shape());
      for (int n = 0; n < count; n++) {
        NdArray own = row(each, n).value().reshape(w.shape());
        NdArray expected = alone.get(n).of(w).value();
        double error = own.plusScaled(-1, expected).norm();
        assertTrue(error <= tolerance * made.norms().at(n), () -> own + " and " + expected);
        double norm = made.norms().at(n);
        sum = sum.plusScaled(norm > most ? most / norm : 1, expected);
      }
      double error = sum.plusScaled(-1, clipped.of(w).value()).norm();
      assertTrue(error <= tolerance * count * longest, () -> "clipped sum " + clipped.of(w));
    }
  }

  private static Tensor row(NdArray all, int n) {
    return slice(Tensor.constant(all), 0, n, n + 1);
  }

  private static void assertClose(double tolerance, NdArray expected, NdArray actual) {
    assertEquals(expected.shape(), actual.shape());
    double error = expected.plusScaled(-1, actual).norm();
    assertTrue(error <= tolerance * Math.max(1, expected.norm()), () -> actual.toString());
  }

  // ---- ops of a user's own ---------------------------------------------------------------------

  /** x + sin(a x b)^2 / a, b a weight; its VJPs are made of ops. */
  record Snake(double a) implements Op {
    @Override
    public NdArray forward(List<NdArray> in) {
      Tensor x = Tensor.constant(in.get(0));
      Tensor s = sin(mul(mul(x, Tensor.constant(in.get(1))), a));
      return add(x, mul(square(s), 1 / a)).value();
    }

    @Override
    public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
      Tensor slope = sin(mul(mul(in.get(0), in.get(1)), 2 * a));
      Tensor product = mul(g, mul(slope, in.get(1 - input)));
      return input == 0 ? add(g, product) : sum(reshape(sumOver(product), 1, 2, 1, 1), 0);
    }

    private static Tensor sumOver(Tensor x) {
      return sum(x, 0, 2, 3);
    }
  }

  /** x^2 by its own loops, with a VJP that takes the value of the cotangent. */
  record Opaque() implements Op {
    @Override
    public NdArray forward(List<NdArray> in) {
      return in.get(0).map(x -> x * x);
    }

    @Override
    public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
      return Tensor.constant(g.value().zip(in.get(0).value(), (a, x) -> 2 * a * x));
    }
  }

  /** Each example and half of the next one; its VJP is an op of its own. */
  record Blend(boolean back) implements Op {
    @Override
    public NdArray forward(List<NdArray> in) {
      NdArray x = in.get(0);
      int size = x.size();
      int step = back ? -1 : 1;
      return NdArray.generate(
          x.dtype(), x.shape(), i -> x.at(i) + x.at((i + step + size) % size) / 2);
    }

    @Override
    public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
      return Tensor.of(new Blend(!back), g);
    }
  }

  /** 2 x; its VJP is the op itself, of which no rule is known. */
  record Twice() implements Op {
    @Override
    public NdArray forward(List<NdArray> in) {
      return in.get(0).map(x -> 2 * x);
    }

    @Override
    public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
      return Tensor.of(this, g);
    }
  }

  @Test
  void ofAnOpWhoseVjpIsAnOpOfItsOwn() {
    Tensor w = variable(1, 2);
    NdArray x = NdArray.of(new double[][] {{1, 2}, {3, 4}, {5, 6}});
    PerExample made = PerExample.of(z -> sum(Tensor.of(new Twice(), mul(z, w)), 1), x);
    assertEquals(NdArray.of(new double[][] {{2, 4}, {6, 8}, {10, 12}}), made.gradients(w));
    PerExample ofWeights = PerExample.of(z -> sum(mul(z, Tensor.of(new Twice(), w)), 1), x);
    assertEquals(made.gradients(w), ofWeights.gradients(w));
  }

  /** b x, b shared by all rows; its VJP by b adds ones on the way, and takes them away behind. */
  record Roundabout() implements Op {
    @Override
    public NdArray forward(List<NdArray> in) {
      return mul(Tensor.constant(in.get(0)), Tensor.constant(in.get(1))).value();
    }

    @Override
    public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
      if (input == 0) {
        return mul(g, in.get(1));
      }
      Tensor ones = Tensor.constant(NdArray.full(g.dtype(), g.shape(), 1));
      return sub(sum(add(mul(g, in.get(0)), ones), 0), g.shape().dim(0));
    }
  }

  /** What is not 0 where a cotangent is 0 is no sum of what single examples make. */
  @Test
  void ofAVjpThatIsLinearOnlyAsAWhole() {
    Tensor w = variable(1, 2);
    PerExample made = PerExample.of(x -> sum(Tensor.of(new Roundabout(), x, w), 1), ROWS);
    assertEquals(ROWS, made.gradients(w));
  }

  // ---- what is refused -------------------------------------------------------------------------

  private static final NdArray ROWS = NdArray.of(new double[][] {{1, 2}, {3, 4}, {5, 7}});

  private static void assertMixes(String op, String input, UnaryOperator<Tensor> f) {
    String message =
        "perExample: %s mixes the 3 examples of its input %s, or their axis is not the first";
    Tensor w = variable(1, 2);
    assertRefused(
        IllegalArgumentException.class,
        message.formatted(op, input.formatted("mul")),
        () -> PerExample.of(x -> sum(f.apply(mul(x, w)), 1), ROWS));
    assertRefused( // also in front of all that a gradient is by
        IllegalArgumentException.class,
        message.formatted(op, input.formatted("the batch")),
        () -> PerExample.of(x -> sum(mul(f.apply(x), w), 1), ROWS));
  }

  @Test
  void opsThatMixExamplesAreNamed() {
    Tensor one = Tensor.constant(NdArray.of(new double[] {1, 1}, 2));
    String rows = "[3, 2] from %s";
    assertMixes("normalizeAffine", rows, x -> batchNorm(x, one, one, 0.1));
    assertMixes("softmax", rows, x -> softmax(x, 0));
    assertMixes("sub", "[2] from mean", x -> sub(x, mean(x, 0)));
    assertMixes("flip", rows, x -> flip(x, 0));
    assertMixes("permute", rows, x -> reshape(permute(x, 1, 0), 3, 2));
    assertMixes("blend", rows, x -> Tensor.of(new Blend(false), x));
    assertMixes(
        "matmul",
        rows,
        x -> matmul(Tensor.constant(NdArray.full(DType.FLOAT64, Shape.of(3, 3), 1)), x));
  }

  /** Of one input, a checkpoint keeps its examples apart; several are joined to one tensor. */
  @Test
  void checkpointsOfSeveralInputsAreRefused() {
    Tensor w = variable(1, 2);
    compare(
        in -> sum(Checkpoint.checkpoint(x -> mul(sin(x), x), mul(in.get(0), w)), 1), List.of(ROWS));
    assertRefused(
        IllegalArgumentException.class,
        "perExample: checkpoint mixes the 3 examples of its input [8] from concat, or their axis is"
            + " not the first",
        () ->
            PerExample.of(
                x -> sum(Checkpoint.checkpoint(in -> mul(in.get(0), in.get(1)), List.of(x, w)), 1),
                ROWS));
  }

  @Test
  void whatIsDetachedIsHeldFixed() {
    Tensor w = variable(1, 2);
    PerExample made = PerExample.of(x -> sum(mul(sub(x, mean(x, 0).detach()), w), 1), ROWS);
    assertClose(
        1e-15,
        NdArray.of(new double[][] {{-2, 2 - 13 / 3.0}, {0, 4 - 13 / 3.0}, {2, 7 - 13 / 3.0}}),
        made.gradients(w));
  }

  // ---- numbers at their limits, variables in particular ----------------------------------------

  @Test
  void largeGradientsHaveNorms() {
    for (double large : new double[] {1e30, 1e-30}) {
      Tensor w = Tensor.variable(NdArray.of(new float[] {1, 1}, 2));
      NdArray x = NdArray.of(new float[][] {{(float) (3 * large), (float) (4 * large)}, {3, 4}});
      PerExample made = PerExample.of(z -> sum(mul(z, w), 1), x);
      assertEquals(5 * large, made.norms().at(0), 1e-6 * large);
      assertEquals(5, made.norms().at(1));
      NdArray clipped = made.clippedSum(1).of(w).value();
      assertEquals(0.6 + (large > 1 ? 0.6 : 0), clipped.at(0), 1e-6);
    }
    Tensor w = variable(1, 1);
    NdArray x = NdArray.of(new double[][] {{3e200, 4e200}});
    assertEquals(5e200, PerExample.of(z -> sum(mul(z, w), 1), x).norms().at(0), 1e186);
  }

  @Test
  void aGradientThatIsNotFiniteIsNamed() {
    Tensor w = variable(1, 1);
    NdArray x = NdArray.of(new double[][] {{1, 1}, {1, Double.POSITIVE_INFINITY}});
    PerExample made = PerExample.of(z -> sum(mul(z, w), 1), x);
    assertEquals(Math.sqrt(2), made.norms().at(0));
    assertEquals(
        "clippedSum: the gradient of example 1 has the norm Infinity",
        assertThrows(IllegalStateException.class, () -> made.clippedSum(1)).getMessage());
  }

  @Test
  void onlyThoseThatWereNamedCount() {
    Tensor w = variable(1, 2);
    Tensor v = variable(3, 4);
    Tensor unused = variable(5);
    PerExample made = PerExample.of(x -> sum(mul(mul(x, w), v), 1), ROWS, v, unused);
    assertEquals(NdArray.of(new double[][] {{1, 4}, {3, 8}, {5, 14}}), made.gradients(v));
    assertEquals(NdArray.zeros(DType.FLOAT64, Shape.of(3, 1)), made.gradients(unused));
    assertEquals(Math.hypot(1, 4), made.norms().at(0), 1e-15);
    assertThrows(IllegalArgumentException.class, () -> made.gradients(w));
    assertThrows(IllegalArgumentException.class, () -> made.clippedSum(1).of(w));
  }

  /** Words are taken from a table by numbers of the batch; those that are not taken get zeros. */
  @Test
  void ofATableOfWords() {
    Tensor table = Tensor.variable(NdArray.of(new double[][] {{1, 2}, {3, 4}, {5, 6}}));
    NdArray words = NdArray.of(new double[][] {{0, 2, 0}, {1, 1, 1}});
    PerExample made = PerExample.of(x -> sum(square(take(table, 0, x)), 1, 2), words);
    assertEquals(
        NdArray.of(new double[][][] {{{4, 8}, {0, 0}, {10, 12}}, {{0, 0}, {18, 24}, {0, 0}}}),
        made.gradients(table));
  }

  /** A bias for each example, which no other has. */
  @Test
  void ofAVariableThatTheExamplesDoNotShare() {
    Tensor b = variable(1, 2, 3);
    PerExample made = PerExample.of(x -> mul(sum(x, 1), b), ROWS);
    assertEquals(NdArray.of(new double[][] {{3, 0, 0}, {0, 7, 0}, {0, 0, 12}}), made.gradients(b));
  }

  @Test
  void ofCrossEntropy() {
    Tensor w = Tensor.variable(NdArray.of(new double[][] {{1, -1}, {0.5, 0.25}}));
    CrossEntropyOptions each = CrossEntropyOptions.none();
    PerExample made =
        PerExample.of(x -> crossEntropy(matmul(x, w), new int[] {0, 1, 1}, each), ROWS);
    Gradients sum =
        Gradients.backward(
            sum(crossEntropy(matmul(Tensor.constant(ROWS), w), new int[] {0, 1, 1}, each)));
    assertClose(1e-15, sum.of(w).value(), sum(Tensor.constant(made.gradients(w)), 0).value());
  }
}
