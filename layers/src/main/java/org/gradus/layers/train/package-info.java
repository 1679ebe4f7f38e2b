/** Measures of how well a network does. */
@NullMarked
package org.gradus.layers.train;

import org.jspecify.annotations.NullMarked;
