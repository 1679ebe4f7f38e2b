/** Checks of vector-Jacobian products against finite differences; needs no test library. */
@NullMarked
package org.gradus.autograd.check;

import org.jspecify.annotations.NullMarked;
