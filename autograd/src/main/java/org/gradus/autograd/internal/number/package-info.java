/**
 * Functions of single numbers that the kernels share: special functions, numbers with a wide
 * exponent, bits, hashes. Nothing here knows of arrays. Not part of the public API.
 */
@NullMarked
package org.gradus.autograd.internal.number;

import org.jspecify.annotations.NullMarked;
