package org.gradus.autograd.internal.kernel.vector;

import java.util.function.Supplier;
import org.gradus.autograd.internal.kernel.PixelKernels;
import org.gradus.autograd.internal.parallel.Parallel;

/**
 * A function of arrays that is computed in parts which do not depend on each other.
 *
 * @param <S> what a thread works with
 */
final class DoublePixelTask<S extends Parallel.State> implements PixelKernels.Ready<double[]> {
  private final Parallel.Repeated<S> loop;
  private final int parts;
  private final Supplier<S> state;
  private final Part<S> part;
  private final double[] none = {};
  private double[] x = none;
  private double[] added = none;
  private double[] y = none;

  /** Computes a part of y. */
  @FunctionalInterface
  interface Part<S> {
    void run(S state, int number, double[] x, double[] added, double[] y);
  }

  /** So many parts, which cost about so much each; see {@link Parallel#each}. */
  DoublePixelTask(int parts, long cost, Supplier<S> state, Part<S> part) {
    this.part = part;
    this.parts = parts;
    this.state = state;
    this.loop = new Parallel.Repeated<>(parts, cost, state, this::part);
  }

  private void part(S state, int number) {
    part.run(state, number, x, added, y);
  }

  @Override
  public PixelKernels.Ready<double[]> alone() {
    return new DoublePixelTask<>(parts, /* cost= */ 0, state, part);
  }

  @Override
  public void run(double[] givenX, double[] givenAdded, double[] givenY) {
    x = givenX;
    added = givenAdded;
    y = givenY;
    loop.run();
    x = none; // which are not kept from the garbage collector
    added = none;
    y = none;
  }
}
