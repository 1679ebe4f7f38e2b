/** What several rooms of this module need. Not part of the public API. */
@NullMarked
package org.gradus.layers.internal;

import org.jspecify.annotations.NullMarked;
