package org.example.digits;

import static org.gradus.autograd.ops.Ops.add;

import org.gradus.autograd.Tensor;
import org.gradus.layers.AbstractLayer;
import org.gradus.layers.Layer;
import org.gradus.layers.Pass;

/** y = x + body(x). */
public final class Residual extends AbstractLayer {
  private final Layer body;

  /**
   * The skip around a body.
   *
   * @param body whose output has the shape of its input
   */
  public Residual(Layer body) {
    this.body = part("body", body);
  }

  @Override
  protected Tensor compute(Tensor x, Pass pass) {
    return add(x, body.forward(x, pass));
  }
}
