/** Nets in service: {@link org.gradus.layers.serve.Predictor}, a net frozen for prediction. */
@NullMarked
package org.gradus.layers.serve;

import org.jspecify.annotations.NullMarked;
