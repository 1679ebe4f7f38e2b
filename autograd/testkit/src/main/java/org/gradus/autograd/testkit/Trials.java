package org.gradus.autograd.testkit;

import java.util.Iterator;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.Supplier;
import net.jqwik.api.JqwikException;
import net.jqwik.api.RandomGenerator;
import net.jqwik.api.Shrinkable;
import net.jqwik.api.sessions.JqwikSession;

/**
 * Draws cases by jqwik's generators, tries each, and makes one that fails as small as it can.
 *
 * @param cases how many are drawn
 * @param seed which are drawn
 */
record Trials(int cases, long seed) {
  private static final int SHRINKING_STEPS = 200;
  private static final int SIZE = 1000; // tells generators how many will be drawn; any number does

  static Trials fromSystemProperties() {
    return new Trials(
        Integer.getInteger("gradus.testkit.cases", 200),
        Long.getLong("gradus.testkit.seed", 20260101L));
  }

  /** The first of the drawn cases. */
  OpCase first(OpRow row) {
    return within(() -> row.cases().generator(SIZE).next(new Random(seed)).value());
  }

  /** Tries a body with each drawn case. */
  void forAll(OpRow row, Consumer<OpCase> body) {
    within(
        () -> {
          RandomGenerator<OpCase> generator = row.cases().generator(SIZE);
          Random random = new Random(seed);
          for (int i = 1; i <= cases; i++) {
            Shrinkable<OpCase> drawn = generator.next(random);
            if (failure(body, drawn.value()).isPresent()) {
              Shrinkable<OpCase> smallest = shrink(body, drawn);
              String where =
                  "%s%n  drawn as case %s of %s: %s%n  repeat it with -Dgradus.testkit.seed=%s"
                      .formatted(smallest.value(), i, cases, drawn.value(), seed);
              attempt(where, smallest.value(), body);
            }
          }
          return true;
        });
  }

  /** Tries a body; what it throws is told with where it happened. */
  static void attempt(String where, OpCase example, Consumer<OpCase> body) {
    failure(body, example)
        .ifPresent(
            e -> {
              throw new AssertionError("%s%n  %s".formatted(e.getMessage(), where), e);
            });
  }

  private static Optional<Throwable> failure(Consumer<OpCase> body, OpCase example) {
    try {
      body.accept(example);
      return Optional.empty();
    } catch (RuntimeException | AssertionError e) {
      return Optional.of(e);
    }
  }

  /** Goes from one failing case to a smaller one, as long as there is one. */
  private static Shrinkable<OpCase> shrink(Consumer<OpCase> body, Shrinkable<OpCase> failing) {
    Shrinkable<OpCase> smallest = failing;
    Iterator<Shrinkable<OpCase>> smaller = failing.shrink().iterator();
    for (int step = 0; step < SHRINKING_STEPS && smaller.hasNext(); step++) {
      Shrinkable<OpCase> next = smaller.next();
      if (failure(body, next.value()).isPresent()) {
        smallest = next;
        smaller = next.shrink().iterator();
      }
    }
    return smallest;
  }

  /** Generators need a session of jqwik, which one of its own properties has already. */
  private static <T> T within(Supplier<T> body) {
    boolean started = startSession();
    try {
      return body.get();
    } finally {
      if (started) {
        JqwikSession.finish();
      }
    }
  }

  private static boolean startSession() {
    if (JqwikSession.isActive()) {
      return false;
    }
    try {
      JqwikSession.start();
      return true;
    } catch (JqwikException withinAProperty) { // there is no other way to ask
      return false;
    }
  }
}
