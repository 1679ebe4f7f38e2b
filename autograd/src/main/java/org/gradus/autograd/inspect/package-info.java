/** Seeing a graph, and finding the op that made the first NaN or infinity. */
@NullMarked
package org.gradus.autograd.inspect;

import org.jspecify.annotations.NullMarked;
