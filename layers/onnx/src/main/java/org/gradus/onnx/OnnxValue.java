package org.gradus.onnx;

import java.util.List;
import org.gradus.autograd.array.Nulls;

/**
 * An input or output of a model.
 *
 * @param name such as {@code input}
 * @param type of its elements, as the format calls it, such as {@code FLOAT}; empty if the model
 *     does not say
 * @param dims the extent of each axis: a number, a name such as {@code N}, or {@code ?} where it is
 *     not known; empty for a scalar, or if the model does not say
 * @param hasShape whether the model says what its axes are
 */
public record OnnxValue(String name, String type, List<String> dims, boolean hasShape) {

  /** Takes a copy of the list. */
  public OnnxValue {
    Nulls.refuse("onnxValue: name, type", name, type);
    dims = Nulls.list("onnxValue: dims", dims);
  }

  /** For example {@code input FLOAT [N, 3, 224, 224]}. */
  @Override
  public String toString() {
    return name + " " + type + (hasShape ? " " + dims : "");
  }
}
