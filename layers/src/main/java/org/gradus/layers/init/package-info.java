/** First values of weights: {@link org.gradus.layers.init.Initializer}, and those of the field. */
@NullMarked
package org.gradus.layers.init;

import org.jspecify.annotations.NullMarked;
