/**
 * The one seam to fast code. {@link org.gradus.autograd.internal.kernel.Kernels} works on plain
 * arrays and sizes and knows nothing of tensors. Not part of the public API.
 *
 * <p>The path of a call:
 *
 * <pre>
 *   ops, array                      check shapes, once
 *     Kernels.of(array)             the kernels of the array's element type
 *       KernelProvider              chose them when the process began: plain or vector
 *         plain.DoublePlainKernels  every function, in loops; the reference for the others
 *         vector.DoubleVectorKernels  those functions that vectors make faster; the rest is inherited
 *           parallel.Parallel       threads; memory to work in
 * </pre>
 *
 * <p>This package holds the interface, the choice of an implementation, the sizes that calls take,
 * the enums that name elementwise functions, {@link org.gradus.autograd.internal.kernel.Buffer},
 * the memory of one array, and {@code Reclaimer}, which takes that memory back during a walk.
 * Outside the implementations themselves, only {@code KernelProvider} names them.
 *
 * <p>All kernels are written for doubles. The build makes the twin for floats of each file {@code
 * Double*.java}: {@code double} becomes {@code float} and {@code Double} becomes {@code Float}, in
 * names and comments too, line by line. What follows the mark <code>&#47;*wide*&#47;</code> stays a
 * double in the twin, such as the accumulator of a long sum. Line numbers are the same in both, so
 * that a stack trace of a float kernel leads to the line to edit.
 */
@NullMarked
package org.gradus.autograd.internal.kernel;

import org.jspecify.annotations.NullMarked;
