package org.gradus.autograd.testkit;

import java.util.Set;
import java.util.stream.Stream;
import org.gradus.autograd.Op;
import org.junit.jupiter.api.Test;

/**
 * The gate of a build: checks the contract of each op of some packages, and fails for an op that
 * has no row, so that none enters unchecked. A build extends it by its packages and rows:
 *
 * <pre>{@code
 * class OpsTest extends OpGate {
 *   OpsTest() {
 *     super("org.example");
 *   }
 *
 *   @Override
 *   protected Stream<OpRow> rows() {
 *     return Stream.of(OpRow.unary(new Snake(2), Domain.nonzero()));
 *   }
 * }
 * }</pre>
 *
 * <p>Ops are found by their classes: an op made by a lambda has none, and the constants of an enum
 * share one, so write ops as records.
 *
 * <p>In the end it prints how many cases were drawn for each op, and the largest error seen.
 */
public abstract class OpGate extends Gate<OpRow> {

  /**
   * A gate before these packages and those below them, as {@link Gate} says. Each of them must have
   * an op.
   *
   * @param packages one or more
   */
  protected OpGate(String... packages) {
    super(Op.class, "op", packages);
  }

  /** The rows: one or more for each op, and any of functions made of ops. */
  @Override
  protected abstract Stream<OpRow> rows();

  /** An op without a row fails the build. */
  @Test
  protected void everyOpHasARow() {
    requireRows();
  }

  /** A row of an op that is elsewhere, or cannot be made, fails the build: it is stale. */
  @Test
  protected void everyRowHasAnOp() {
    requireClasses();
  }

  /**
   * The ops of which no row states a value by {@link OpRow#calls} or {@link OpRow#special}: that of
   * the op itself, or of a function that computes with it. An op and its oracle may be wrong alike:
   * a gate that asserts that there are none of these refuses an op whose values nobody has worked
   * by hand.
   */
  protected Set<String> opsWithoutAValue() {
    Set<String> ops = classesOfTheRows();
    rows()
        .forEach(
            row ->
                row.type()
                    .filter(type -> statesAValueOf(type, row))
                    .ifPresent(type -> ops.remove(type.getName())));
    return ops;
  }

  private static boolean statesAValueOf(Class<? extends Op> type, OpRow row) {
    return row.calls().stream().anyMatch(call -> call.statesAValueOf(type));
  }
}
