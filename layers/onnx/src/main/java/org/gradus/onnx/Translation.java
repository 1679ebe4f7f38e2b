package org.gradus.onnx;

import org.gradus.autograd.Op;

/**
 * What one op is in ONNX: the nodes that compute the same. For an op of yours, {@link
 * OnnxExport#translating} takes one.
 *
 * <pre>{@code
 * Translation<Snake> translation = (op, to) -> {       // x + sin(a x)^2 / a
 *   String sine = to.node("Sin", to.node("Mul", to.input(0), to.number(op.a())));
 *   String square = to.node("Mul", sine, sine);
 *   return to.node("Add", to.input(0), to.node("Div", square, to.number(op.a())));
 * };
 * }</pre>
 *
 * @param <O> the op
 */
@FunctionalInterface
public interface Translation<O extends Op> {

  /**
   * Writes the nodes.
   *
   * @param op with its attributes
   * @param to takes the nodes; knows the names of the op's inputs, and their shapes
   * @return the name of the value that is the op's output
   * @throws IllegalArgumentException if these attributes have no counterpart; the message says
   *     which, and the exporter adds where the op was called
   */
  String write(O op, NodeWriter to);
}
