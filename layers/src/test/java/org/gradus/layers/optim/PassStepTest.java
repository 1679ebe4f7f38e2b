package org.gradus.layers.optim;

import static org.gradus.autograd.ops.Ops.mse;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.gradus.autograd.Gradients;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.update.Sgd;
import org.gradus.layers.BatchNorm1d;
import org.gradus.layers.Layer;
import org.gradus.layers.Linear;
import org.gradus.layers.Parameter;
import org.gradus.layers.Pass;
import org.gradus.layers.Sequential;
import org.junit.jupiter.api.Test;

/** A step puts in place what the pass has observed. */
class PassStepTest {
  private static final String REFUSAL =
      ": the net has 1.running_mean, 1.running_var, which follow what a pass of training observes;"
          + " give the pass, too";

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
    String refusal =
        ": the pass has observed nothing for 1.running_mean, 1.running_var; compute the loss by"
            + " forward(x, pass), and hand the pass on to all parts";
    assertRefused("minimize" + refusal, () -> optimizer.minimize(loss, pass));
    ParameterGradients gradients = ParameterGradients.of(loss, net.parameters());
    assertRefused("step" + refusal, () -> optimizer.step(gradients, pass));
    assertEquals(before, net.state());
    optimizer.step(gradients, Pass.inference()); // the running statistics are to stay
    assertEquals(before.get("1.running_mean"), mean());
    assertNotEquals(before, net.state());
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
