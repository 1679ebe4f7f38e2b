package org.gradus.autograd.testkit;

import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import net.jqwik.api.JqwikException;
import net.jqwik.api.RandomGenerator;
import net.jqwik.api.Shrinkable;
import net.jqwik.api.sessions.JqwikSession;

/**
 * Draws cases by jqwik's generators, tries each, and makes one that fails as small as it can.
 *
 * @param cases how many are drawn
 * @param seed which are drawn
 * @param orders up to which order derivatives are compared, if the row says no more
 */
record Trials(int cases, long seed, int orders) {
  /** How many cases are drawn unless said otherwise. */
  static final int USUAL = 200;

  /** Up to which order derivatives are compared unless said otherwise. */
  static final int USUAL_ORDERS = 2;

  private static final int SHRINKING_STEPS = 200;

  /**
   * As the system properties say, or 200 of a fixed seed.
   *
   * @throws IllegalArgumentException if a property is not a number, or the cases are fewer than 1
   */
  static Trials fromSystemProperties() {
    long cases = property("gradus.testkit.cases", USUAL, 1, Integer.MAX_VALUE);
    long seed = property("gradus.testkit.seed", 20260101, Long.MIN_VALUE, Long.MAX_VALUE);
    long orders = property("gradus.testkit.orders", USUAL_ORDERS, USUAL_ORDERS, 5);
    return new Trials((int) cases, seed, (int) orders);
  }

  private static long property(String name, long otherwise, long least, long most) {
    String text = System.getProperty(name, Long.toString(otherwise));
    try {
      long value = Long.parseLong(text);
      if (value >= least && value <= most) {
        return value;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw new IllegalArgumentException(
        "system property %s: '%s', expected a whole number from %s to %s"
            .formatted(name, text, least, most));
  }

  /** Whether so few cases are asked for that of others there should be fewer too. */
  boolean isQuick() {
    return cases < USUAL;
  }

  /** What to ask for to draw the same cases. */
  String repeat() {
    return "repeat it with -Dgradus.testkit.seed="
        + seed
        + (cases == USUAL ? "" : " -Dgradus.testkit.cases=" + cases)
        + (orders == USUAL_ORDERS ? "" : " -Dgradus.testkit.orders=" + orders);
  }

  /** The first of the drawn cases. */
  OpCase first(OpRow row) {
    return first(row, 1).get(0);
  }

  /** Tries a body with each drawn case. */
  void forAll(OpRow row, Consumer<OpCase> body) {
    within(
        () -> {
          Random random = new Random(seed);
          for (int i = 1; i <= cases; i++) {
            tryNext(row, Size.SMALL, random, "as case %s of %s".formatted(i, cases), body);
          }
          return true;
        });
  }

  /** Tries a body with a large case of each of the sizes. */
  void forAllLarge(OpRow row, Consumer<OpCase> body) {
    within(
        () -> {
          Random random = new Random(seed);
          for (int elements : isQuick() ? Size.fewLarge() : Size.large()) {
            String how = "as a large case of about %s elements".formatted(elements);
            tryNext(row, Size.of(elements), random, how, body);
          }
          return true;
        });
  }

  private void tryNext(OpRow row, int size, Random random, String how, Consumer<OpCase> body) {
    Shrinkable<OpCase> drawn = row.cases().generator(size).next(random);
    Optional<Throwable> failure = failure(body, drawn.value());
    if (failure.isPresent()) {
      Failing smallest = shrink(body, new Failing(drawn, failure.get()));
      String where =
          "%s%n  drawn %s: %s%n  %s"
              .formatted(smallest.example.value(), how, drawn.value(), repeat());
      throw told(where, smallest.cause);
    }
  }

  /** The first drawn cases, of which none is tried. */
  List<OpCase> first(OpRow row, int count) {
    return within(
        () -> {
          RandomGenerator<OpCase> generator = row.cases().generator(Size.SMALL);
          Random random = new Random(seed);
          return Stream.generate(() -> generator.next(random).value()).limit(count).toList();
        });
  }

  /** Tries a body; what it throws is told with where it happened. */
  static void attempt(String where, OpCase example, Consumer<OpCase> body) {
    failure(body, example)
        .ifPresent(
            e -> {
              throw told(where, e);
            });
  }

  private static AssertionError told(String where, Throwable e) {
    String what = e instanceof AssertionError ? e.getMessage() : e.toString();
    return new AssertionError("%s%n  %s".formatted(what, where), e);
  }

  private static Optional<Throwable> failure(Consumer<OpCase> body, OpCase example) {
    try {
      body.accept(example);
      return Optional.empty();
    } catch (RuntimeException | Error e) {
      return Optional.of(e);
    }
  }

  /** A case that failed, and how; it need not fail again. */
  private record Failing(Shrinkable<OpCase> example, Throwable cause) {}

  /** Goes from one failing case to a smaller one, as long as there is one. */
  private static Failing shrink(Consumer<OpCase> body, Failing failing) {
    Failing smallest = failing;
    Iterator<Shrinkable<OpCase>> smaller = failing.example.shrink().iterator();
    for (int step = 0; step < SHRINKING_STEPS && smaller.hasNext(); step++) {
      Shrinkable<OpCase> next = smaller.next();
      Optional<Throwable> failure = failure(body, next.value());
      if (failure.isPresent()) {
        smallest = new Failing(next, failure.get());
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
