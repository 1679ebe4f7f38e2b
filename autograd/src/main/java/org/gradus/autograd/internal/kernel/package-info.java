/**
 * The one seam to fast code: {@link org.gradus.autograd.internal.kernel.Kernels} works on plain
 * arrays and sizes and knows nothing of tensors. Not part of the public API.
 */
@NullMarked
package org.gradus.autograd.internal.kernel;

import org.jspecify.annotations.NullMarked;
