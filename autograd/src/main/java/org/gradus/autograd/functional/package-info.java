/**
 * Derivatives of functions of tensors, of every order: products with Jacobians and Hessians from
 * either side, whole Jacobians and Hessians, and functions that keep no intermediate values. They
 * are functions of {@link Derivatives} and {@link Checkpoint}.
 *
 * <p>{@link PerExample} has the gradients of a batch of losses one by one: for each example the
 * gradient, its norm, and the sum of gradients that are clipped first, as differential privacy asks
 * for. A sum of losses has one gradient, and who wants to know which examples it comes from need
 * not compute as many as there are examples:
 *
 * <pre>{@code
 * // given Tensor weight
 * CrossEntropyOptions none = CrossEntropyOptions.none(); // losses [N], not their mean
 * PerExample g = PerExample.of(x -> crossEntropy(net.forward(x), labels, none), images);
 * NdArray lengths = g.norms(); // of the gradients by all weights, [N]
 * NdArray each = g.gradients(weight); // [N, the shape of the weight]
 * Gradients sum = g.clippedSum(1); // by all weights
 * }</pre>
 *
 * <p>No op has a rule for any of this: all of it is made of the VJPs of the ops.
 */
@NullMarked
package org.gradus.autograd.functional;

import org.jspecify.annotations.NullMarked;
