package org.gradus.layers.train;

/**
 * The steps of a run: what comes of each batch of each epoch, be it computed here or by other
 * machines. It is a function of the weights that the net has when it is asked, the seed, the number
 * of the step, and the examples of the batch; who computes it, and when, has no say in it. Steps
 * that are the same have the same text, by which a run that is resumed knows them.
 *
 * @see Trainer#fit(Steps, int)
 */
public interface Steps {

  /** The number of batches in an epoch. */
  int count();

  /**
   * The steps of an epoch from one on.
   *
   * @param number of the epoch, from 1
   * @param first how many steps of it were taken before, from 0 to {@link #count}
   * @return walked through once; the step before is taken when the next one is computed
   */
  Iterable<Computation> epoch(long number, int first);

  /** How a step is computed. */
  @FunctionalInterface
  interface Computation {
    /**
     * What comes of its batch, with the weights as they are now.
     *
     * @param seed of the run
     * @param step its number, the count of those before
     */
    MicroBatches.Sum of(long seed, long step);
  }
}
