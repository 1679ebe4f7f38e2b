package org.example.digits;

import static org.gradus.autograd.ops.Ops.add;

import java.util.List;
import org.gradus.autograd.Tensor;
import org.gradus.layers.Layer;
import org.gradus.layers.Parameter;

/**
 * y = x + body(x).
 *
 * @param body whose output has the shape of its input
 */
public record Residual(Layer body) implements Layer {
  @Override
  public Tensor forward(Tensor x) {
    return add(x, body.forward(x));
  }

  @Override
  public List<Parameter> parameters() {
    return body.parameters().stream().map(parameter -> parameter.in("body")).toList();
  }
}
