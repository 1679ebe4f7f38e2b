/**
 * Derivatives of functions of tensors, of every order: products with Jacobians and Hessians from
 * either side, whole Jacobians and Hessians, and functions that keep no intermediate values.
 *
 * <p>Nothing here has a rule of its own: all of it is made of the VJPs of the ops.
 */
@NullMarked
package org.gradus.autograd.functional;

import org.jspecify.annotations.NullMarked;
