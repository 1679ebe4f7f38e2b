/**
 * Reverse-mode automatic differentiation in five words. Read {@link Tensor}, {@link Op}, {@link
 * Gradients}; then an op, such as {@code ops.Sigmoid}.
 *
 * <ul>
 *   <li>A <em>tensor</em> is a node of the graph: an immutable value, its op and its inputs.
 *   <li>An <em>op</em> is a function of tensors: how to compute it, and its VJPs.
 *   <li>A <em>VJP</em>, vector-Jacobian product, is dL/dx = g^T (dy/dx) of a cotangent g = dL/dy.
 *   <li>The <em>graph</em> is tensors and their inputs: no cycles, and nothing else holds it.
 *   <li><em>Gradients</em> are the derivatives of one tensor with respect to others, as a value.
 * </ul>
 *
 * <p>At w = 3, x = 2, t = 5, {@code Tensor loss = mse(mul(w, x), t)} computes L = (w x - t)^2 = 1
 * and records the graph; {@code Gradients.backward(loss).of(w)} walks it back. From dL/dL = 1, the
 * VJP of {@code mse} makes 2 (6 - 5) = 2, that of {@code mul} makes 2 x = 4.
 */
@NullMarked
package org.gradus.autograd;

import org.jspecify.annotations.NullMarked;
