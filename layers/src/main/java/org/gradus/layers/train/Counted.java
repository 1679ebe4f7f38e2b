package org.gradus.layers.train;

import java.util.Iterator;
import org.gradus.autograd.array.Nulls;

/**
 * The steps of an epoch from one on, as many as there are said to be.
 *
 * @param steps of the run
 * @param epoch its number
 * @param first how many were taken before
 */
record Counted(Steps steps, int epoch, int first) implements Iterable<Steps.Computation> {

  @Override
  public Iterator<Steps.Computation> iterator() {
    Iterator<Steps.Computation> left =
        Nulls.given("fit: the epoch of " + steps, steps.epoch(epoch, first)).iterator();
    return new Iterator<>() {
      private int taken = first;

      @Override
      public boolean hasNext() {
        boolean has = left.hasNext();
        if (!has && taken < steps.count()) {
          throw wrong(Integer.toString(taken));
        }
        return has;
      }

      @Override
      public Steps.Computation next() {
        Steps.Computation next = Nulls.given("fit: a step of " + steps, left.next());
        if (taken++ == steps.count()) {
          throw wrong("more");
        }
        return next;
      }
    };
  }

  private IllegalArgumentException wrong(String count) {
    return new IllegalArgumentException(
        "fit: an epoch of %s has %s steps, expected %s".formatted(steps, count, steps.count()));
  }
}
