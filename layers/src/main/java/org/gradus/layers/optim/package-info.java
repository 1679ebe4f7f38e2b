/** Optimisers: rules by which gradients change parameters. */
@NullMarked
package org.gradus.layers.optim;

import org.jspecify.annotations.NullMarked;
