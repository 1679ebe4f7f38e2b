/** The library's own way to the memory of arrays. */
@NullMarked
package org.gradus.autograd.internal.memory;

import org.jspecify.annotations.NullMarked;
