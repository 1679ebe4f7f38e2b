/** Labelled images: as one value, in batches, and read from IDX files. */
@NullMarked
package org.gradus.layers.data;

import org.jspecify.annotations.NullMarked;
