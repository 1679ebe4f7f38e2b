/**
 * How a net is trained and measured.
 *
 * <pre>
 *   Trainer          epochs of steps: losses, measures, the best weights
 *     MicroBatches   one step, in parts that may be computed anywhere
 *     Steps          all steps of a run, computed here or elsewhere
 *     Loss           of outputs and targets
 *     Metric         accuracy, F1, AUC, errors and more; Measures of several
 *     Listener       is told how the run goes: Progress shows it
 *   History          the epochs of a run
 *   ConfusionMatrix  which class was taken for which
 * </pre>
 */
@NullMarked
package org.gradus.layers.train;

import org.jspecify.annotations.NullMarked;
