package org.gradus.layers;

import java.util.Optional;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.Nulls;
import org.gradus.autograd.array.ShapeException;
import org.gradus.autograd.ops.Ops;

/**
 * A block and the skip around it.
 *
 * <pre>
 *   y = body(x) + x, or body(x) + shortcut(x)
 * </pre>
 *
 * <p>Its parts are {@code body} and {@code shortcut}. The two outputs must have one shape.
 *
 * @see <a href="https://arxiv.org/abs/1512.03385">He, Zhang, Ren, Sun: Deep Residual Learning for
 *     Image Recognition, 2015</a>
 */
public final class Residual extends AbstractLayer {
  private final Layer body;
  private final Optional<Layer> shortcut;

  /**
   * A body whose output has the shape of its input.
   *
   * @param body of one layer or a {@link Sequential}
   */
  public Residual(Layer body) {
    this.body = part("body", Nulls.given("residual: body", body));
    this.shortcut = Optional.empty();
  }

  /**
   * A body, and a shortcut that brings the input to the shape of the body's output.
   *
   * @param shortcut such as a convolution of 1 x 1
   */
  public Residual(Layer body, Layer shortcut) {
    Nulls.refuse("residual: body, shortcut", body, shortcut);
    this.body = part("body", body);
    this.shortcut = Optional.of(part("shortcut", shortcut));
  }

  @Override
  protected Tensor compute(Tensor x, Pass pass) {
    Tensor y = body.forward(x, pass);
    Tensor skip = shortcut.map(layer -> layer.forward(x, pass)).orElse(x);
    if (!y.shape().equals(skip.shape())) {
      throw new ShapeException(
          name(),
          "the body makes %s of input %s, but the skip around it has %s"
              .formatted(y.shape(), x.shape(), skip.shape()));
    }
    return Ops.add(y, skip);
  }
}
