package org.gradus.examples;

import static org.gradus.autograd.ops.Ops.crossEntropy;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.gradus.autograd.Gradients;
import org.gradus.autograd.Gradients.Mode;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.inspect.GraphView;
import org.gradus.autograd.inspect.NonFiniteException;
import org.gradus.autograd.inspect.Watch;
import org.gradus.autograd.update.Sgd;
import org.gradus.layers.Parameter;
import org.gradus.layers.Sequential;
import org.gradus.layers.optim.Optimizer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Training under a watch, and a picture of what is trained. */
class WatchedTrainingTest {
  private static final int[] LABELS = {3, 1, 4, 1};

  private static Tensor images() {
    SplittableRandom random = new SplittableRandom(7);
    return Tensor.constant(
        NdArray.generate(DType.FLOAT32, Shape.of(4, 1, 28, 28), i -> random.nextDouble()));
  }

  private static Tensor loss(Sequential net, Tensor images) {
    return crossEntropy(net.forward(images), LABELS);
  }

  /** The loss, the gradients and the parameters of each of two steps. */
  private static List<NdArray> train(Mode mode, Tensor images) {
    Sequential net = TrainDigits.lenet(new SplittableRandom(1));
    Optimizer optimizer = new Optimizer(net.parameters(), new Sgd(0.1).momentum(0.9));
    List<NdArray> numbers = new ArrayList<>();
    for (int step = 0; step < 2; step++) {
      Tensor loss = loss(net, images);
      numbers.add(loss.value());
      Gradients gradients = Gradients.backward(loss, mode);
      net.parameters().forEach(p -> numbers.add(gradients.of(p.tensor()).value()));
      optimizer.step(gradients);
      net.parameters().forEach(p -> numbers.add(p.value()));
    }
    return numbers;
  }

  @ParameterizedTest
  @EnumSource
  void aWatchChangesNoBit(Mode mode) {
    assertEquals(train(mode, images()), train(mode, Watch.finite(images())));
  }

  @Test
  void aStepThatIsTooLongIsFound() {
    Sequential net = TrainDigits.lenet(new SplittableRandom(1));
    Optimizer optimizer = new Optimizer(net.parameters(), new Sgd(1e20));
    optimizer.step(Gradients.backward(loss(net, images())));
    assertTrue(Double.isNaN(loss(net, images()).item()));
    NonFiniteException e =
        assertThrows(NonFiniteException.class, () -> loss(net, Watch.finite(images())));
    List<String> lines = e.getMessage().lines().toList();
    assertEquals(5, lines.size(), e::getMessage);
    assertMatches("matmul: its output has \\d+ of 480 elements NaN or infinite, .+", lines.get(0));
    assertMatches("  input 0: FLOAT32 \\[4, 256\\], 0.0 to .+", lines.get(1));
    assertMatches("  input 1: FLOAT32 \\[120, 256\\], -.+ to .+", lines.get(2));
    assertMatches("  output: FLOAT32 \\[4, 120\\], .+", lines.get(3));
    assertMatches(
        "  called at org\\.gradus\\.layers\\.Linear\\.compute\\(Linear\\.java:\\d+\\), from"
            + " org\\.gradus\\.examples\\.WatchedTrainingTest\\.loss"
            + "\\(WatchedTrainingTest\\.java:\\d+\\)",
        lines.get(4));
  }

  private static void assertMatches(String pattern, String text) {
    assertTrue(text.matches(pattern), text);
  }

  @Test
  void aPictureNamesTheParameters() {
    Sequential net = TrainDigits.lenet(new SplittableRandom(1));
    Map<Tensor, String> names =
        net.parameters().stream().collect(Collectors.toMap(Parameter::tensor, Parameter::name));
    Tensor loss = loss(net, images());
    GraphView view = GraphView.of(loss).names(names).gradients(Gradients.backward(loss));
    String text = view.mermaid();
    for (Parameter parameter : net.parameters()) {
      String label = parameter.name() + ": variable<br/>FLOAT32 " + parameter.shape();
      assertTrue(text.contains("([\"" + label + "<br/>|gradient| = "), () -> label + " in " + text);
    }
    assertEquals(1 + 27 + 26, text.lines().count(), text);
  }
}
