package org.gradus.autograd.internal.parallel;

import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Objects to work with that nobody uses at the moment: to take one and to give it back makes no
 * objects. It keeps so many as threads are likely to use at once.
 */
public final class Spares<T> {
  private final AtomicReferenceArray<@Nullable T> free =
      new AtomicReferenceArray<>(2 * Runtime.getRuntime().availableProcessors());

  private final Supplier<T> maker;

  /** Without any yet. */
  public Spares(Supplier<T> maker) {
    this.maker = maker;
  }

  /** One that is given to nobody else until it comes back. */
  public T take() {
    for (int i = 0; i < free.length(); i++) {
      T found = free.get(i) == null ? null : free.getAndSet(i, null);
      if (found != null) {
        return found;
      }
    }
    return maker.get();
  }

  /** Takes one back. */
  public void give(T spare) {
    for (int i = 0; i < free.length(); i++) {
      if (free.get(i) == null && free.compareAndSet(i, null, spare)) {
        return;
      }
    }
  }
}
