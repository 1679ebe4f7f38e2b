/** First values of weights: {@link org.gradus.layers.init.Initializer}, He's and Glorot's rules. */
@NullMarked
package org.gradus.layers.init;

import org.jspecify.annotations.NullMarked;
