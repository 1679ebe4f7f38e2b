package org.gradus.layers;

import java.util.List;
import java.util.Map;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.Nulls;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.array.ShapeException;
import org.gradus.autograd.ops.Ops;

/**
 * Layers side by side: each is given the input, and their outputs are joined along an axis. The
 * layers are called by their position, from 0. See {@link Ops#concat}.
 */
public final class Branches extends AbstractLayer {
  private final int axis;

  /**
   * The layers side by side.
   *
   * @param axis along which the outputs are joined: 1 for the channels of images; negative to count
   *     from the end
   * @param layers one or more
   * @throws IllegalArgumentException if there is none
   */
  public Branches(int axis, Layer... layers) {
    List<Layer> all = Nulls.list("branches: layers", layers);
    if (all.isEmpty()) {
      throw new IllegalArgumentException("branches: 0 layers, expected one or more");
    }
    for (int i = 0; i < all.size(); i++) {
      part(String.valueOf(i), all.get(i));
    }
    this.axis = axis;
  }

  @Override
  protected Tensor compute(Tensor x, Pass pass) {
    Tensor[] outputs = new Tensor[parts().size()];
    for (Map.Entry<String, Layer> part : parts().entrySet()) {
      int i = Integer.parseInt(part.getKey());
      outputs[i] = part.getValue().forward(x, pass.within(part.getKey()));
    }
    requireJoint(outputs);
    return Ops.concat(axis, outputs);
  }

  private void requireJoint(Tensor[] outputs) {
    Shape first = outputs[0].shape();
    int place = axis < 0 ? axis + first.rank() : axis;
    if (place < 0 || place >= first.rank()) {
      throw new ShapeException(
          name(), "there is no axis %s in the output %s of 0".formatted(axis, first));
    }
    for (int i = 1; i < outputs.length; i++) {
      Shape other = outputs[i].shape();
      if (other.rank() != first.rank() || !other.with(place, 0).equals(first.with(place, 0))) {
        throw new ShapeException(
            name(),
            "the output %s of 0 and %s of %s differ beside axis %s"
                .formatted(first, other, i, axis));
      }
    }
  }
}
