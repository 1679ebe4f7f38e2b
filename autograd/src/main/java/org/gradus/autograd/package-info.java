/**
 * Reverse-mode automatic differentiation in five words.
 *
 * <ul>
 *   <li>A <em>tensor</em> is a node of the graph: an immutable value, and the op and inputs that
 *       made it.
 *   <li>An <em>op</em> is a function of tensors: how to compute it, and its VJPs.
 *   <li>A <em>VJP</em>, vector-Jacobian product, turns the cotangent g = dL/dy of an output y =
 *       f(x) into that of an input: g^T (dy/dx) = dL/dx.
 *   <li>The <em>graph</em> is tensors and their inputs: no cycles, and nothing else holds it.
 *   <li><em>Gradients</em> are the derivatives of one tensor with respect to others, as a value.
 * </ul>
 *
 * <p>An example: L = (w x - t)^2 at w = 3, x = 2, t = 5. {@code Tensor loss = mse(mul(w, x), t)}
 * computes L = 1 and records the graph; {@code Gradients.backward(loss).of(w)} walks it from the
 * loss to the variables. It starts with dL/dL = 1; the VJP of {@code mse} makes of it dL/d(wx) = 2
 * (6 - 5) = 2; that of {@code mul} makes dL/dw = 2 x = 4. Where paths meet, cotangents add up.
 *
 * <p>Read {@link Tensor}, {@link Op}, {@link Gradients}; then an op, such as {@code ops.Sigmoid}.
 */
@NullMarked
package org.gradus.autograd;

import org.jspecify.annotations.NullMarked;
