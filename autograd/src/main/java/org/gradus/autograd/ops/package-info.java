/**
 * The ops: one record each, with its formula, its forward computation and its VJP on one screen.
 * Users call them through the catalogue, {@link org.gradus.autograd.ops.Ops}.
 */
@NullMarked
package org.gradus.autograd.ops;

import org.jspecify.annotations.NullMarked;
