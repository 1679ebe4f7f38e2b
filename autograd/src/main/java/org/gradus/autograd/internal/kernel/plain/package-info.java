/**
 * Kernels in plain loops: always there, and the reference that the vector kernels are tested
 * against. Not part of the public API.
 *
 * <pre>
 *   DoublePlainKernels                             the entry point
 *     DoubleUnary, DoubleElementwise,              element by element
 *     DoubleProducts, DoubleUpdates
 *       SmoothSingles                              smooth functions of floats, in single precision
 *       SmoothBlocks                               formulas of smooth functions, block by block
 *     DoubleCopies, DoublePadding                  copies, permutations, scattering; margins
 *     DoubleReductions, DoubleExtremes,            along axes
 *     DoubleSoftmax, DoubleLosses, DoubleNorms
 *       SoftmaxLine, SoftmaxColumns, SoftmaxRows   one line; slopes of lines of floats side by side,
 *                                                  and of rows
 *       SoftmaxSingles, SoftmaxColumnSingles,      values of rows, and of lines side by side; what
 *       SoftmaxBlock                               both keep of lines
 *       LossBlock, LossSlopes                      one block of pairs; the slopes of losses
 *     DoubleNormalization, DoubleMoments,          slice by slice, or columns at once
 *     DoubleNormalizationSlopes (DoubleAlong,
 *     DoubleScaled), DoubleColumnNormalization
 *     DoubleMatmul                                 products, by EJML's multiplication of blocks
 *     DoubleIm2col                                 convolutions, as products of matrices with the
 *                                                  image's windows as columns
 *     DoublePooling, DoubleResize                  windows without weights
 *       PlainBlocks, PlainSingles, PlainColumns,   elementary functions of blocks, of floats, of
 *       PlainPairs, PlainRows, PlainRowSingles,    lines side by side, of pairs, of rows, and of
 *       PlainColumnSingles                         both in single precision
 *       DoubleRuns, DoubleElementRuns,             loops over neighbours, which vectors override
 *       DoubleColumnLoops
 *       DoubleSums, DoubleColumns, LineSums        trees of sums; of columns; of doubles
 *       DoubleTotals                               sums at many places
 *       DoubleConvolutionByDefinition,             what is not finite is computed again
 *       DoubleOverflow
 * </pre>
 */
@NullMarked
package org.gradus.autograd.internal.kernel.plain;

import org.jspecify.annotations.NullMarked;
