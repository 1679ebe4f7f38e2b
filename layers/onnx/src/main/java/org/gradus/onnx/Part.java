package org.gradus.onnx;

import java.util.Set;
import org.gradus.autograd.Tensor;
import org.gradus.layers.AbstractLayer;
import org.gradus.layers.Parameter;
import org.gradus.layers.Pass;

/** The parameters of a model whose names begin alike. The model computes with them. */
final class Part extends AbstractLayer {
  Part(ParameterTree tree, Set<Parameter> frozen) {
    tree.parameters().forEach((name, own) -> shared(name, own, frozen.contains(own)));
    tree.parts().forEach((name, inner) -> part(name, new Part(inner, frozen)));
  }

  @Override
  protected Tensor compute(Tensor x, Pass pass) {
    throw new IllegalStateException("part: this holds parameters of a model, which computes");
  }
}
