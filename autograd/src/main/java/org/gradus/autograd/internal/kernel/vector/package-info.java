/**
 * Kernels with the module {@code jdk.incubator.vector}. This folder is compiled by itself, with
 * that module, and nothing else names it, so that everything works where the module is absent. Not
 * part of the public API.
 *
 * <p>{@code DoubleVectorKernels} is the entry point. Convolutions go the way that {@link
 * org.gradus.autograd.internal.kernel.vector.Ways} chooses, in a table; products end in the loops
 * of {@code DoubleTiles}:
 *
 * <pre>
 *   DoubleVectorKernels
 *     DoubleVectorMatmul                         which way a matrix product goes:
 *       DoublePackedMatmul, DoubleSmallMatmul    by tiles, of packed factors or of small ones
 *       DoubleRowMatmul                          of few rows, or of one column and one row
 *       DoubleDotMatmul, DoubleDotPanels         by partial sums along the depth
 *     Ways                                       which way a convolution goes
 *     DoubleDepthwise, DoubleDepthwiseLoops      of planes with a filter of 3x3 each
 *     DoubleConvolution                          forward, from slabs (Layout)
 *     DoubleInputByPhases, DoubleInputByTaps     in the input, likewise
 *       DoubleRowCopies                          rows of a slab
 *       DoubleFilterLanes                        with many filters, in the lanes
 *     DoubleConvolutionWeight                    in the weights, likewise
 *       DoubleWeightByFilters                    with many filters, in the lanes
 *     DoubleWinograd, DoubleWinogradTiles        by transforms: forward and in the input
 *     DoubleWinogradWeight, DoubleSparseWeight   in the weights, likewise
 *       DoubleTransforms, DoubleCertificate      of one tile; whether they are accurate
 *     DoubleStrips                               a left factor, packed
 *       DoubleTiles                              the innermost loops
 *     DoublePixelKernels                         of predictions: channels side by side (Pixels)
 *       DoublePixelDense, DoublePixelDepthwise   convolutions and products, in parts (DoublePixelTask)
 *         DoublePixelTiles, DoublePixelLoops,    the innermost loops
 *         DoublePixelLanes
 *     DoubleLanewise, DoubleRowLanes,            elementwise functions; where rows are broadcast;
 *     DoubleUpdateLanes                          steps of optimisers
 *     VectorBlocks                               elementary functions of blocks of doubles,
 *     VectorSingles, VectorColumns, VectorPairs, of floats, of lines side by side, of pairs, of
 *     VectorRows                                 rows
 *       VectorRowSingles, VectorColumnSingles    values of softmax, in single precision
 *     DoubleQuads                                pooling of 2 x 2
 *     DoubleExtremeLanes                         the largest and smallest elements
 *     DoubleRunLanes, DoubleSumLanes,            sums and normalisation, in double precision for
 *     DoubleAlongLanes, DoubleAffineLanes,       both (WideLanes)
 *     DoubleColumnLanes
 *     MixedProfiles                              what the JIT sees of operators before all these
 * </pre>
 *
 * <p>The product of two packed factors. A strip holds some rows of the left factor, column by
 * column; a panel some columns of the right factor, row by row. Their product is a band of tiles,
 * each of which stays in registers while one loop runs over the depth k:
 *
 * <pre>
 *                              panel [k, COLUMNS]
 *                              b00 b01 ... b0m
 *                              b10 b11 ... b1m          m = COLUMNS - 1, l = k - 1
 *                               :
 *   rows [ROWS, k]             tile [ROWS, COLUMNS]
 *   a00 a01 a02 .. a0l         c00 c01 ... c0m      c[r, j] += a[r, i] * b[i, j]
 *   a10 a11 a12 .. a1l    *    c10 c11 ... c1m      for i = 0 to l
 *   a20 a21 a22 .. a2l         c20 c21 ... c2m
 *   a30 a31 a32 .. a3l         c30 c31 ... c3m      a strip in memory, [k, STRIP]:
 *                                                   a00 a10 a20 a30 .. a01 a11 a21 a31 ..
 * </pre>
 *
 * <p>Words:
 *
 * <dl>
 *   <dt>LANES
 *   <dd>elements of a vector
 *   <dt>VIRTUAL_LANES
 *   <dd>elements of 512 bits: where lanes are added up, sums have so many for any width
 *   <dt>ROWS, COLUMNS
 *   <dd>of a tile: 4, and two vectors; what the literature on matrix products calls MR and NR
 *   <dt>STRIP
 *   <dd>rows of a strip: a vector of them, and at least a tile
 *   <dt>DEPTH, LEFT, PACKED
 *   <dd>in {@code DoubleVectorMatmul} and {@code DoublePackedMatmul}: depth of one product of tiles
 *       (KC), and what stays in the caches (MC, NC)
 *   <dt>slab
 *   <dd>some rows of planes, with their padding, taken apart by the stride as a {@link
 *       org.gradus.autograd.internal.kernel.vector.Layout} says: windows slide over it by one step
 *   <dt>tap
 *   <dd>one element of a window; its offset is where it lies from the window's first
 *   <dt>sweep
 *   <dd>a product without panels: 1, 2, 4, 6 or 8 filters, straight over a slab
 *   <dt>component
 *   <dd>one of the 36 numbers of a transformed tile of 6 x 6 pixels
 * </dl>
 *
 * <p>What a writer of a kernel must know:
 *
 * <ul>
 *   <li>An innermost loop is a method of its own that takes and returns no vector, with its sums in
 *       local variables. A vector that is passed, returned or kept in a field may become an object
 *       in the loop: some thirty times slower.
 *   <li>What a loop adds up is an argument: {@code sum = x.add(sum)}, never {@code sum.add(x)}. The
 *       JIT knows the class of x, but not that of a sum that comes around the loop; it asks the
 *       profile, and in some processes makes an object of each sum.
 *   <li>Vectors have one width, for the same reason. A copy, which has no operation that knows the
 *       class, is made by {@code DoubleMoves}.
 *   <li>The JIT stops inlining into a method that has become too large, with all that was inlined
 *       into it. Vector calls that are not inlined make objects, too. Keep packing, multiplying and
 *       writing in separate methods, and measure allocations.
 *   <li>Sizes alone decide the order of sums, never the number of threads, nor LANES: results have
 *       the same bits for any width of vectors. An output, and a gradient in the input, is the same
 *       in any batch. {@code ConvolutionBitsTest} compares the bits. Where values decide (the
 *       certificate, sparse cotangents), they are those of the arrays that are computed with.
 *   <li>Memory from the pool holds anything. Write before you read, even elements behind the last
 *       row that are loaded but not used.
 *   <li>What is not finite is computed again by its definition ({@code
 *       DoubleConvolutionByDefinition}, {@code DoubleOverflow}): a kernel may make NaN of
 *       infinities, but must not lose them.
 *   <li>{@code AgainstPlain}, in the tests, compares each way with the plain kernels over drawn
 *       sizes; {@code ConvolutionAccuracyTest} with sums of twice the digits.
 * </ul>
 */
@NullMarked
package org.gradus.autograd.internal.kernel.vector;

import org.jspecify.annotations.NullMarked;
