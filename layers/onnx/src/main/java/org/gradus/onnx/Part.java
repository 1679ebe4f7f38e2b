package org.gradus.onnx;

import org.gradus.autograd.Tensor;
import org.gradus.layers.AbstractLayer;
import org.gradus.layers.Pass;

/** The parameters of a model whose names begin alike. The model computes with them. */
final class Part extends AbstractLayer {
  Part(ParameterTree tree) {
    tree.parameters().forEach(this::shared);
    tree.parts().forEach((name, inner) -> part(name, new Part(inner)));
  }

  @Override
  protected Tensor compute(Tensor x, Pass pass) {
    throw new IllegalStateException("part: this holds parameters of a model, which computes");
  }
}
