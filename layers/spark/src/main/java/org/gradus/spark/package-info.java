/**
 * Training and prediction by many machines, with the bits of one.
 *
 * <pre>
 *   SparkRows        the rows of a table as examples; Field says what is read of a column
 *   SparkTrainer     a Trainer whose steps are computed by executors
 *     StepCost       what a step has cost
 *   SparkPredictor   adds columns of predictions to a table
 * </pre>
 *
 * <p>How a step goes: the examples of an epoch lie on shelves, one for each block of parts ({@code
 * Arrangement}, {@code Shelf}). A task computes its block ({@code BlockTask}) and returns the sum
 * ({@code BlockSum}, {@code Head}); sums come to the driver whole, {@code Packed} or in slices
 * ({@code Reduction}), and are added up in the order of the parts ({@code SparkSteps}).
 */
@NullMarked
package org.gradus.spark;

import org.jspecify.annotations.NullMarked;
