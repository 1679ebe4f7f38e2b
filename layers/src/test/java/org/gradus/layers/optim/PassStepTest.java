package org.gradus.layers.optim;

import static org.gradus.autograd.ops.Ops.mse;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
      ": the pass has observed nothing for 1.running_mean, 1.running_var since the last step;"
          + " compute the loss by forward(x, pass), and hand the pass on to all parts";

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
    assertRefused("minimize" + UNSEEN, () -> optimizer.minimize(loss, pass));
    ParameterGradients gradients = ParameterGradients.of(loss, net.parameters());
    assertRefused("step" + UNSEEN, () -> optimizer.step(gradients, pass));
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
    assertRefused("minimize" + UNSEEN, () -> optimizer.minimize(loss, pass));
    assertEquals(before, net.state());
    double unusedAgain = optimizer.minimize(loss(pass, 1), pass);
    assertNotEquals(before, net.state());
  }

  /** Two nets may share a pass, as those of a GAN: each step takes what is its own. */
  @Test
  void aStepTakesWhatWasObservedOfItsNet() {
    Layer other = new Sequential(new BatchNorm1d(3), new Linear(3, 3, new SplittableRandom(1)));
    Optimizer others = new Optimizer(other, new Sgd(0.1));
    Pass pass = Pass.training(1, 1);
    NdArray x = NdArray.generate(DType.FLOAT32, Shape.of(8, 3), i -> 0.1 * i);
    Tensor loss = mse(other.forward(x, pass.in("other")), Tensor.constant(x));
    assertRefused("minimize" + UNSEEN, () -> optimizer.minimize(loss(Pass.inference(), 1), pass));
    Map<String, NdArray> before = other.state();
    double unused = optimizer.minimize(loss(pass.in("this"), 1), pass);
    assertEquals(before, other.state());
    double unusedOther = others.minimize(loss, pass);
    assertNotEquals(before.get("0.running_mean"), other.state().get("0.running_mean"));
    assertEquals(List.of(), pass.observed());
  }

  /** One of two, in a block that does not hand its pass on. */
  @Test
  void aLayerThatWasNotGivenThePassIsRefused() {
    BatchNorm1d forgotten = new BatchNorm1d(3);
    Layer block = new Forgetful(forgotten);
    Layer both = new Sequential(new BatchNorm1d(3), block);
    Optimizer all = new Optimizer(both, new Sgd(0.1));
    Map<String, NdArray> before = both.state();
    Pass pass = Pass.training(1, 1);
    NdArray x = NdArray.generate(DType.FLOAT32, Shape.of(8, 3), i -> 0.1 * i);
    Tensor loss = mse(both.forward(x, pass), Tensor.constant(x));
    assertRefused(
        "minimize: the pass has observed nothing for 1.norm.running_mean, 1.norm.running_var since"
            + " the last step; compute the loss by forward(x, pass), and hand the pass on to all"
            + " parts",
        () -> all.minimize(loss, pass));
    assertEquals(before, both.state());
  }

  private static final class Forgetful extends AbstractLayer {
    private final Layer norm;

    Forgetful(Layer norm) {
      this.norm = part("norm", norm);
    }

    @Override
    protected Tensor compute(Tensor x, Pass pass) {
      return norm.forward(x);
    }
  }

  /** What the loss does not depend on has nothing to follow. */
  @Test
  void aLayerThatDidNotComputeIsNotAskedFor() {
    BatchNorm1d unused = new BatchNorm1d(3);
    Layer both = new Sequential(new BatchNorm1d(3), new Skipping(unused));
    Optimizer all = new Optimizer(both, new Sgd(0.1));
    Pass pass = Pass.training(1, 1);
    NdArray x = NdArray.generate(DType.FLOAT32, Shape.of(8, 3), i -> 0.1 * i);
    double loss = all.minimize(mse(both.forward(x, pass), Tensor.constant(x)), pass);
    assertTrue(loss > 0);
    assertEquals(0, unused.runningMean().value().at(0));
  }

  private static final class Skipping extends AbstractLayer {
    Skipping(Layer norm) {
      Layer unused = part("norm", norm);
    }

    @Override
    protected Tensor compute(Tensor x, Pass pass) {
      return x;
    }
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
    Group half = new Group(net.parameters().subList(0, 2), new Sgd(0.1));
    Group rest = new Group(net.parameters().subList(2, 4), new Sgd(0.2));
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
