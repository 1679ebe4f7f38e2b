package org.gradus.layers.optim;

import static org.gradus.autograd.ops.Ops.mse;
import static org.gradus.autograd.ops.Ops.mul;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.gradus.autograd.Gradients;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.update.Sgd;
import org.gradus.layers.AbstractLayer;
import org.gradus.layers.BatchNorm1d;
import org.gradus.layers.Layer;
import org.gradus.layers.Linear;
import org.gradus.layers.Parameter;
import org.gradus.layers.Pass;
import org.gradus.layers.Sequential;
import org.gradus.layers.optim.Optimizer.Group;
import org.junit.jupiter.api.Test;

/** A step puts in place what the pass has observed. */
class PassStepTest {
  private static final String REFUSAL =
      ": the net has 1.running_mean, 1.running_var, which follow what a pass of training observes;"
          + " give the pass, too";

  private static final String UNSEEN =
      ", so 1.running_mean, 1.running_var would not follow; compute the loss by forward(x, pass)";

  private static final String NOT_WITH = ": the net has not computed with the pass";

  private final Layer net =
      new Sequential(new Linear(3, 2, new SplittableRandom(1)), new BatchNorm1d(2));
  private final Optimizer optimizer = new Optimizer(net, new Sgd(0.1));

  private Tensor loss(Pass pass, double scale) {
    SplittableRandom random = new SplittableRandom(2);
    NdArray x = NdArray.generate(DType.FLOAT32, Shape.of(8, 3), i -> scale * random.nextDouble());
    Tensor y = net.forward(Tensor.constant(x), pass);
    return mse(y, Tensor.constant(NdArray.zeros(DType.FLOAT32, y.shape())));
  }

  private NdArray mean() {
    return net.buffers().get(0).value();
  }

  @Test
  void minimizeAndStepPutInPlaceWhatWasObserved() {
    NdArray before = mean();
    Pass first = Pass.training(1, 1);
    Tensor loss = loss(first, 1);
    assertEquals(before, mean());
    double value = optimizer.minimize(loss, first);
    assertEquals(loss.item(), value);
    NdArray after = mean();
    assertNotEquals(before, after);
    assertEquals(List.of(), first.observed());

    Pass second = Pass.training(1, 2);
    optimizer.step(ParameterGradients.of(loss(second, 1), net.parameters()), second);
    assertNotEquals(after, mean());
  }

  @Test
  void aStepWithoutThePassIsRefusedAndChangesNothing() {
    Map<String, NdArray> before = net.state();
    Pass pass = Pass.training(1, 1);
    Tensor loss = loss(pass, 1);
    ParameterGradients gradients = ParameterGradients.of(loss, net.parameters());
    assertRefused("minimize" + REFUSAL, () -> optimizer.minimize(loss));
    assertRefused("step" + REFUSAL, () -> optimizer.step(gradients));
    assertRefused("step" + REFUSAL, () -> optimizer.step(Gradients.backward(loss)));
    assertEquals(before, net.state());
    optimizer.step(gradients, pass);
    assertNotEquals(before, net.state());
  }

  /** A forward pass without the pass, or a layer that does not hand it on. */
  @Test
  void aPassThatHasObservedNothingIsRefused() {
    Map<String, NdArray> before = net.state();
    Pass pass = Pass.training(1, 1);
    Tensor loss = loss(Pass.inference(), 1);
    assertRefused("minimize" + NOT_WITH + UNSEEN, () -> optimizer.minimize(loss, pass));
    ParameterGradients gradients = ParameterGradients.of(loss, net.parameters());
    assertRefused("step" + NOT_WITH + UNSEEN, () -> optimizer.step(gradients, pass));
    assertEquals(before, net.state());
    optimizer.step(gradients, Pass.inference()); // the running statistics are to stay
    assertEquals(before.get("1.running_mean"), mean());
    assertNotEquals(before, net.state());
  }

  /** The forward pass of this step was without the pass, and it is that of the step before. */
  @Test
  void aPassThatAStepHasTakenIsRefused() {
    Pass pass = Pass.training(1, 1);
    double unused = optimizer.minimize(loss(pass, 1), pass);
    Map<String, NdArray> before = net.state();
    Tensor loss = loss(Pass.training(1, 2), 1);
    assertRefused(
        "minimize" + NOT_WITH + " since the last step" + UNSEEN,
        () -> optimizer.minimize(loss, pass));
    assertEquals(before, net.state());
    double unusedAgain = optimizer.minimize(loss(pass, 1), pass);
    assertNotEquals(before, net.state());
  }

  /** Two nets may share a pass, as those of a GAN: what was observed is put in place once. */
  @Test
  void twoNetsShareAPass() {
    Layer other = new Sequential(new BatchNorm1d(3), new Linear(3, 3, new SplittableRandom(1)));
    Optimizer others = new Optimizer(other, new Sgd(0.1));
    Pass pass = Pass.training(1, 1);
    NdArray x = NdArray.generate(DType.FLOAT32, Shape.of(8, 3), i -> 0.1 * i);
    Tensor loss = mse(other.forward(x, pass.in("other")), Tensor.constant(x));
    assertRefused(
        "minimize" + NOT_WITH + UNSEEN, () -> optimizer.minimize(loss(Pass.inference(), 1), pass));
    double unused = optimizer.minimize(loss(pass.in("this"), 1), pass);
    assertEquals(List.of(), pass.observed());
    Map<String, NdArray> after = other.state();
    assertNotEquals(0, after.get("0.running_mean").at(0));
    double unusedOther = others.minimize(loss, pass);
    assertEquals(after.get("0.running_mean"), other.state().get("0.running_mean"));
    assertNotEquals(after.get("1.weight"), other.state().get("1.weight"));
  }

  /** Whoever puts in place what was observed may do so before the step. */
  @Test
  void whatWasObservedMayBeInPlaceBeforeTheStep() {
    List<ParameterGradients> parts = new ArrayList<>();
    Pass pass = Pass.training(1, 0);
    for (int step = 0; step < 3; step++) {
      pass = Pass.training(1, step);
      parts.add(ParameterGradients.of(loss(pass, 1 + step), net.parameters()));
      pass.commit();
    }
    Map<String, NdArray> before = net.state();
    optimizer.step(ParameterGradients.mean(parts), pass);
    assertEquals(before.get("1.running_mean"), mean());
    assertNotEquals(before.get("0.weight"), net.state().get("0.weight"));
  }

  @Test
  void twoOptimisersOfOneNetShareAPass() {
    Optimizer first = new Optimizer(net, List.of(group(0, 2)));
    Optimizer second = new Optimizer(net, List.of(group(2, 4)));
    Pass pass = Pass.training(1, 1);
    ParameterGradients gradients = ParameterGradients.of(loss(pass, 1), net.parameters());
    first.step(gradients, pass);
    second.step(ParameterGradients.of(loss(pass, 1), net.parameters()), pass);
    assertEquals(1, second.steps());
  }

  private Group group(int from, int to) {
    return new Group(net.parameters().subList(from, to), new Sgd(0.1));
  }

  /** A table is a buffer that follows nothing; a block may be left out. */
  private static final class Sometimes extends AbstractLayer {
    private final Layer norm = part("norm", new BatchNorm1d(3));
    private final Parameter table = buffer("table", NdArray.of(new float[] {1, 2, 3}, 3));
    private boolean on;

    @Override
    protected Tensor compute(Tensor x, Pass pass) {
      Tensor y = mul(x, pass.use(table));
      return on ? norm.forward(y, pass) : norm.frozen().forward(y, pass);
    }
  }

  @Test
  void aLayerThatIsLeftOutOrFrozenForAStepIsNotAskedFor() {
    Sometimes sometimes = new Sometimes();
    Layer whole = new Sequential(sometimes, new Linear(3, 3, new SplittableRandom(1)));
    Optimizer all = new Optimizer(whole, new Sgd(0.1));
    NdArray x = NdArray.generate(DType.FLOAT32, Shape.of(8, 3), i -> 0.1 * i);
    for (int step = 0; step < 2; step++) {
      Map<String, NdArray> before = whole.state();
      Pass pass = Pass.training(1, step);
      sometimes.on = step == 1;
      double unused = all.minimize(mse(whole.forward(x, pass), Tensor.constant(x)), pass);
      assertEquals(
          step == 0,
          before.get("0.norm.running_mean").equals(whole.state().get("0.norm.running_mean")));
    }
    Layer tables = new Sequential(new Table(), new Linear(3, 3, new SplittableRandom(1)));
    double unused =
        new Optimizer(tables, new Sgd(0.1)).minimize(mse(tables.forward(x), Tensor.constant(x)));
  }

  private static final class Table extends AbstractLayer {
    private final Parameter table = buffer("table", NdArray.of(new float[] {1, 2, 3}, 3));

    @Override
    protected Tensor compute(Tensor x, Pass pass) {
      return mul(x, pass.use(table));
    }
  }

  /** Of a statistic that stays where it is, nothing can become infinite. */
  @Test
  void aShareOfNothingIsNoMatter() {
    Layer still = new BatchNorm1d(3, 1e-5, 0, DType.FLOAT32);
    NdArray x = NdArray.generate(DType.FLOAT32, Shape.of(8, 3), i -> 1e25 * i);
    Pass pass = Pass.training(1, 1);
    Tensor loss = mse(still.forward(x, pass), Tensor.constant(x.map(v -> 0)));
    double value = new Optimizer(still, new Sgd(0.1)).minimize(loss, pass);
    assertTrue(Double.isFinite(value));
    assertEquals(0, still.buffers().get(0).value().at(0));
  }

  /** The loss and all gradients are finite, but the variance is none that float32 holds. */
  @Test
  void statisticsThatAreNotFiniteAreRefused() {
    Map<String, NdArray> before = net.state();
    Pass pass = Pass.training(1, 1);
    Tensor loss = loss(pass, 1e25);
    String text =
        assertThrows(NonFiniteStepException.class, () -> optimizer.minimize(loss, pass))
            .getMessage();
    assertEquals(
        "minimize: of 1.running_var, 2 of 2 elements were observed as NaN or infinite, so no step"
            + " was taken",
        text);
    assertEquals(before, net.state());
    Optimizer whole = new Optimizer(net.parameters(), new Sgd(0.1));
    Pass again = Pass.training(1, 2);
    assertThrows(NonFiniteStepException.class, () -> whole.minimize(loss(again, 1e25), again));
    assertEquals(before, net.state());
    Pass third = Pass.training(1, 3);
    double unused = whole.allowNonFinite().minimize(loss(third, 1e25), third);
    assertTrue(Double.isInfinite(net.state().get("1.running_var").at(0)));
  }

  @Test
  void groupsOfANetAskForThePass() {
    Group half = group(0, 2);
    Group rest = group(2, 4);
    Optimizer groups = new Optimizer(net, List.of(half, rest));
    assertRefused("minimize" + REFUSAL, () -> groups.minimize(loss(Pass.training(1, 1), 1)));
    Pass pass = Pass.training(1, 1);
    double unused = groups.minimize(loss(pass, 1), pass);
    assertNotEquals(0, mean().at(0));
    assertEquals(
        "optimizer: 0.weight FLOAT32 [2, 3] is no parameter of the net",
        assertThrows(
                IllegalArgumentException.class,
                () -> new Optimizer(new Linear(3, 2, new SplittableRandom(1)), List.of(half)))
            .getMessage());
  }

  @Test
  void frozenStatisticsNeedNoPass() {
    Layer tail = new Linear(2, 1, new SplittableRandom(1));
    Layer half = new Sequential(net.frozen(), tail);
    Tensor x = Tensor.constant(NdArray.full(DType.FLOAT32, Shape.of(2, 3), 1));
    Tensor y = half.forward(x, Pass.training(1, 1));
    Map<String, NdArray> before = half.state();
    double unused =
        new Optimizer(half, new Sgd(0.1))
            .minimize(mse(y, Tensor.constant(NdArray.full(DType.FLOAT32, y.shape(), 9))));
    assertEquals(before.get("0.0.weight"), half.state().get("0.0.weight"));
    assertNotEquals(before.get("1.weight"), half.state().get("1.weight"));
  }

  /** Neither weights nor running statistics become NaN. */
  @Test
  void aStepThatIsRefusedObservesNothing() {
    Map<String, NdArray> before = net.state();
    Pass pass = Pass.training(1, 1);
    Tensor loss = loss(pass, Double.NaN);
    assertThrows(NonFiniteStepException.class, () -> optimizer.minimize(loss, pass));
    assertEquals(before, net.state());
  }

  @Test
  void aNetWithoutBuffersNeedsNoPass() {
    Layer plain = new Sequential(new Linear(3, 1, new SplittableRandom(1)));
    Tensor x = Tensor.constant(NdArray.full(DType.FLOAT32, Shape.of(2, 3), 1));
    NdArray before = plain.parameters().get(0).value();
    double unused =
        new Optimizer(plain, new Sgd(0.1))
            .minimize(mse(plain.forward(x), plain.forward(x).detach()));
    assertEquals(before, plain.parameters().get(0).value());
    Parameter weight = plain.parameters().get(0);
    assertEquals("0.weight", weight.name());
  }

  private static void assertRefused(String message, Runnable call) {
    assertEquals(message, assertThrows(IllegalStateException.class, call::run).getMessage());
  }
}
