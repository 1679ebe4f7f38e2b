/**
 * Kernels in plain loops: always there, and the reference that the vector kernels are tested
 * against. Not part of the public API.
 *
 * <pre>
 *   DoublePlainKernels                             the entry point
 *     DoubleUnary, DoubleElementwise,              element by element
 *     DoubleProducts, DoubleUpdates
 *       SmoothBlocks                               formulas of smooth functions, block by block
 *     DoubleCopies, DoublePadding                  copies, permutations, scattering; margins
 *     DoubleReductions, DoubleExtremes,            along axes
 *     DoubleSoftmax, DoubleLosses, DoubleNorms
 *       SoftmaxLine, LossBlock                     one line; one block of pairs
 *     DoubleNormalization, DoubleMoments,          slice by slice, or columns at once
 *     DoubleColumnNormalization
 *     DoubleMatmul                                 products, by EJML's multiplication of blocks
 *     DoubleIm2col                                 convolutions, as products of matrices with the
 *                                                  image's windows as columns
 *     DoublePooling, DoubleResize                  windows without weights
 *       PlainBlocks                                elementary functions of blocks
 *       DoubleRuns, DoubleColumnLoops              loops over neighbours, which vectors override
 *       DoubleSums, DoubleColumns, LineSums        trees of sums; of columns; of doubles
 *       DoubleTotals                               sums at many places
 *       DoubleConvolutionByDefinition,             what is not finite is computed again
 *       DoubleOverflow
 * </pre>
 */
@NullMarked
package org.gradus.autograd.internal.kernel.plain;

import org.jspecify.annotations.NullMarked;
