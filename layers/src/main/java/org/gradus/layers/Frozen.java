package org.gradus.layers;

import java.util.Collections;
import java.util.LinkedHashMap;
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
    Nulls.refuse("frozen: pass", pass);
    return inner.forward(x, pass.at(this).frozen());
  }

  @Override
  public List<Parameter> buffers() {
    return List.copyOf(State.of(inner));
  }

  @Override
  public Map<String, Layer> parts() {
    Map<String, Layer> frozen = new LinkedHashMap<>();
    inner.parts().forEach((name, part) -> frozen.put(name, part.frozen()));
    return Collections.unmodifiableMap(frozen);
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
    return "frozen " + Names.text(inner);
  }
}
