/**
 * Kernels with the module {@code jdk.incubator.vector}. This folder is compiled by itself, with
 * that module; nothing else names it, so that everything works where the module is absent. Not part
 * of the public API.
 */
@NullMarked
package org.gradus.autograd.internal.kernel.vector;

import org.jspecify.annotations.NullMarked;
