package org.gradus.autograd.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrowsExactly;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.stream.Stream;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Nulls;
import org.gradus.autograd.check.Report;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.function.Executable;

/** The promises of one thing, each of which is checked by itself. */
public abstract class Contract {
  private Tally tally = Tally.NOTHING;

  /** A contract that has checked nothing yet. */
  protected Contract() {}

  /** The promises, in the order in which they are checked. */
  protected abstract Stream<Promise> promises();

  /**
   * Checks all of it.
   *
   * @return what was compared with finite differences
   * @throws AssertionError at the first broken promise
   */
  public final Report check() {
    promises().forEach(Promise::check);
    return compared();
  }

  /** Each promise as a test of its own. */
  public final Stream<DynamicTest> tests() {
    return promises().map(promise -> DynamicTest.dynamicTest(promise.text, promise::check));
  }

  /**
   * Adds to what the comparisons with finite differences have seen.
   *
   * @param cases how many were compared
   * @param report of the comparisons
   */
  protected final synchronized void count(int cases, Report report) {
    tally = tally.and(new Tally(cases, Nulls.given("count: report", report)));
  }

  /** What the comparisons with finite differences have seen so far. */
  protected final Report compared() {
    return tally().report();
  }

  final synchronized Tally tally() {
    return tally;
  }

  /**
   * A promise, which a failure names, since not every report shows the names of tests.
   *
   * @param text goes on from "the promise that it"
   * @param body throws if the promise is broken
   */
  protected record Promise(String text, Runnable body) {
    /** Refuses null. */
    public Promise {
      Nulls.refuse("promise: text, body", text, body);
    }

    void check() {
      try {
        body.run();
      } catch (AssertionError e) {
        throw new AssertionError("the promise that it %s: %s".formatted(text, e.getMessage()), e);
      }
    }
  }

  /**
   * Fails unless the elements have the bits that the expected numbers have in the actual element
   * type, or are within 2 units in the last place of them.
   *
   * @param what stands before the message
   */
  protected static void assertBits(String what, NdArray expected, NdArray actual) {
    assertEquals(expected.shape(), actual.shape(), what);
    NdArray rounded = expected.as(actual.dtype());
    for (int i = 0; i < rounded.size(); i++) {
      double e = rounded.at(i);
      double a = actual.at(i);
      if (!Closeness.NEAR.allows(e, a, actual.dtype())) {
        fail("%s: element %s is %s, expected %s".formatted(what, i, a, e));
      }
    }
  }

  /** Fails unless the call is refused by an exception of this very type and message. */
  protected static void assertRefused(
      Class<? extends IllegalArgumentException> type, String message, Executable call) {
    assertEquals(message, assertThrowsExactly(type, call, message).getMessage());
  }
}
