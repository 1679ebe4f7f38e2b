/**
 * What a walk over any graph needs, whatever its nodes are: their order, and sums of what arrives
 * at one of them. Only the engine uses it. Not part of the public API.
 */
@NullMarked
package org.gradus.autograd.internal.graph;

import org.jspecify.annotations.NullMarked;
