package org.gradus.layers;

import java.util.List;
import java.util.Map;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.Nulls;

/** A layer whose weights are constants, and which computes as in inference. */
record Frozen(Layer inner) implements Layer {
  @Override
  public Tensor forward(Tensor x) {
    return forward(x, Pass.inference());
  }

  @Override
  public Tensor forward(Tensor x, Pass pass) {
    Nulls.refuse(name() + ": x, pass", x, pass);
    return inner.forward(x, pass.at(this).frozen());
  }

  @Override
  public List<Parameter> buffers() {
    return State.of(inner);
  }

  @Override
  public Map<String, Layer> parts() {
    return inner.parts();
  }

  @Override
  public String name() {
    return inner.name();
  }

  @Override
  public Layer frozen() {
    return this;
  }

  /** For example {@code frozen Relu[]}. */
  @Override
  public String toString() {
    return "frozen " + inner;
  }
}
