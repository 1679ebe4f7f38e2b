package org.gradus.autograd.testkit;

import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.JqwikException;
import net.jqwik.api.RandomGenerator;
import net.jqwik.api.Shrinkable;
import net.jqwik.api.sessions.JqwikSession;
import org.gradus.autograd.array.Nulls;

/**
 * Draws cases by jqwik's generators, tries each, and makes one that fails as small as it can. A
 * failure says which system properties repeat it; see {@link OpContract} for them.
 *
 * @param cases how many are drawn
 * @param seed which are drawn
 * @param orders up to which order derivatives are compared, if the row says no more
 */
public record Trials(int cases, long seed, int orders) {
  /** How many cases are drawn unless said otherwise. */
  static final int USUAL = 200;

  /** Up to which order derivatives are compared unless said otherwise. */
  static final int USUAL_ORDERS = 2;

  private static final int SHRINKING_STEPS = 200;

  /**
   * Refuses to try nothing.
   *
   * @throws IllegalArgumentException if the cases are fewer than 1
   */
  public Trials {
    if (cases < 1) {
      throw new IllegalArgumentException("trials: %s cases, expected at least 1".formatted(cases));
    }
  }

  /**
   * As the system properties say, or 200 of a fixed seed.
   *
   * @throws IllegalArgumentException if a property is not a number, or the cases are fewer than 1
   */
  public static Trials fromSystemProperties() {
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
    return cases < USUAL / 2;
  }

  /** What to ask for to draw the same cases. */
  String repeat() {
    return "repeat it with -Dgradus.testkit.seed="
        + seed
        + (cases == USUAL ? "" : " -Dgradus.testkit.cases=" + cases)
        + (orders == USUAL_ORDERS ? "" : " -Dgradus.testkit.orders=" + orders);
  }

  /** The first of the drawn cases. */
  <T> T first(Arbitrary<T> drawn) {
    return first(drawn, 1).get(0);
  }

  /** Tries a body with each of the drawn cases. */
  <T> void forAll(Arbitrary<T> drawn, Consumer<T> body) {
    forAll(cases, drawn, body);
  }

  /**
   * Tries a body with cases; what it throws is told with the smallest case for which it does.
   *
   * @param count how many are drawn, where each costs more than the cases are meant for
   * @param drawn what is drawn from
   * @throws AssertionError if the body throws anything
   */
  public <T> void forAll(int count, Arbitrary<T> drawn, Consumer<T> body) {
    Nulls.refuse("for all: drawn, body", drawn, body);
    within(
        () -> {
          Random random = new Random(seed);
          for (int i = 1; i <= count; i++) {
            tryNext(drawn, Size.SMALL, random, "as case %s of %s".formatted(i, count), body);
          }
          return true;
        });
  }

  /** Tries a body with a large case of each of the sizes. */
  <T> void forAllLarge(Arbitrary<T> drawn, Consumer<T> body) {
    within(
        () -> {
          Random random = new Random(seed);
          for (int elements : isQuick() ? Size.fewLarge() : Size.large()) {
            String how = "as a large case of about %s elements".formatted(elements);
            tryNext(drawn, Size.of(elements), random, how, body);
          }
          return true;
        });
  }

  private <T> void tryNext(
      Arbitrary<T> cases, int size, Random random, String how, Consumer<T> body) {
    Shrinkable<T> drawn = cases.generator(size).next(random);
    Optional<Throwable> failure = failure(body, drawn.value());
    if (failure.isPresent()) {
      Failing<T> smallest = shrink(body, new Failing<>(drawn, failure.get()));
      String where =
          "%s%n  drawn %s: %s%n  %s"
              .formatted(smallest.example.value(), how, drawn.value(), repeat());
      throw told(where, smallest.cause);
    }
  }

  /** The first drawn cases, of which none is tried. */
  <T> List<T> first(Arbitrary<T> drawn, int count) {
    return within(
        () -> {
          RandomGenerator<T> generator = drawn.generator(Size.SMALL);
          Random random = new Random(seed);
          return Stream.generate(() -> generator.next(random).value()).limit(count).toList();
        });
  }

  /** Tries a body; what it throws is told with where it happened. */
  static <T> void attempt(String where, T example, Consumer<T> body) {
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

  private static <T> Optional<Throwable> failure(Consumer<T> body, T example) {
    try {
      body.accept(example);
      return Optional.empty();
    } catch (RuntimeException | Error e) {
      return Optional.of(e);
    }
  }

  /** A case that failed, and how; it need not fail again. */
  private record Failing<T>(Shrinkable<T> example, Throwable cause) {}

  /** Goes from one failing case to a smaller one, as long as there is one. */
  private static <T> Failing<T> shrink(Consumer<T> body, Failing<T> failing) {
    Failing<T> smallest = failing;
    Iterator<Shrinkable<T>> smaller = failing.example.shrink().iterator();
    for (int step = 0; step < SHRINKING_STEPS && smaller.hasNext(); step++) {
      Shrinkable<T> next = smaller.next();
      Optional<Throwable> failure = failure(body, next.value());
      if (failure.isPresent()) {
        smallest = new Failing<>(next, failure.get());
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
