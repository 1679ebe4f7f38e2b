/**
 * The ops: one record each, with its formula, its forward computation and its VJP on one screen.
 * Users call them through the catalogue, {@link org.gradus.autograd.ops.Ops}.
 *
 * <p>Records whose names layers have, or may get, are not public, so that whoever imports both
 * meets each name once. What they compute is described at their functions; their VJPs stand with
 * them.
 */
@NullMarked
package org.gradus.autograd.ops;

import org.jspecify.annotations.NullMarked;
