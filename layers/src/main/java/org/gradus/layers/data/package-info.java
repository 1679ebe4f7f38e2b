/**
 * What a net learns from: data sets, their parts, and the batches of an epoch.
 *
 * <pre>
 *   Dataset     examples by number: in memory, computed, or read
 *     split, stratified, folds, subset, and, map, labels
 *   Ragged      a data set of sequences of different lengths, padded in each batch
 *   Batches     a data set in batches: a function of seed and epoch
 *     augmented (Augmentation: Augmentations), mixed (Mixing), prefetch, dropLast
 *   Batch       inputs [N, ...] and targets [N, ...]
 *   Normalization, Classes    what a data set is like, and how to make up for it; some classes alone
 * </pre>
 */
@NullMarked
package org.gradus.layers.data;

import org.jspecify.annotations.NullMarked;
