package org.gradus.autograd.functional;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.gradus.autograd.Gradients;
import org.gradus.autograd.Gradients.Mode;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.inspect.GraphView;
import org.junit.jupiter.api.Test;

/** Null in the engine and in functions of functions; the test kit tries all others. */
class NullsTest {
  private final Tensor x = Tensor.variable(NdArray.full(DType.FLOAT64, Shape.of(1), 1));
  private final List<Tensor> xs = List.of(x);

  private static void refused(String message, Runnable call) {
    assertEquals(message, assertThrows(NullPointerException.class, call::run).getMessage());
  }

  @Test
  void ofWalks() {
    refused("gradients: cotangent is null", () -> Gradients.pullback(x, null, Mode.VALUES));
    refused("gradients: mode is null", () -> Gradients.pullback(x, x, null));
  }

  @Test
  void ofViews() {
    refused("graph view: outputs[1] is null", () -> GraphView.of(x, null));
    GraphView view = GraphView.of(x);
    Map<Tensor, String> unnamed = new HashMap<>();
    unnamed.put(x, null);
    refused("graph view: more is null", () -> view.names(null));
    refused("graph view: names[0] is null", () -> view.names(unnamed));
  }

  @Test
  void ofDerivatives() {
    refused("vjp: f is null", () -> Derivatives.vjp((Function<Tensor, Tensor>) null, x, x));
    refused("vjp: mode is null", () -> Derivatives.vjp(in -> in.get(0), xs, x, null));
    refused("jvp: tangent is null", () -> Derivatives.jvp(z -> z, x, null));
    refused("jvp: mode is null", () -> Derivatives.jvp(in -> in.get(0), xs, xs, null));
    refused("jvp: tangent is null", () -> new Derivatives.Jvp(x, null));
    refused(
        "hessianVectorProduct: v is null", () -> Derivatives.hessianVectorProduct(z -> z, x, null));
    refused("hessian: f is null", () -> Derivatives.hessian(null, x));
    refused("jacobian: f is null", () -> Derivatives.jacobian(null, x));
  }

  @Test
  void ofCheckpoints() {
    refused(
        "checkpoint: f is null", () -> Checkpoint.checkpoint((Function<Tensor, Tensor>) null, x));
    List<Tensor> none = Arrays.asList(x, null);
    refused("checkpoint: inputs[1] is null", () -> Checkpoint.checkpoint(in -> in.get(0), none));
    refused("checkpoint: function is null", () -> new Checkpoint(null, List.of(Shape.of(1))));
  }
}
