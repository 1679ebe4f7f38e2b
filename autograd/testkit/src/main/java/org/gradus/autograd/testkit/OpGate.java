package org.gradus.autograd.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.gradus.autograd.array.Nulls;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;

/**
 * The gate of a build: checks the contract of each op of some packages, and fails for an op that
 * has no row, so that none enters unchecked. A build extends it by its packages and rows:
 *
 * <pre>{@code
 * class OpsTest extends OpGate {
 *   OpsTest() {
 *     super("org.example.ops");
 *   }
 *
 *   @Override
 *   protected Stream<OpRow> rows() {
 *     return Stream.of(OpRow.unary(new Softplus(), Domain.nonzero()));
 *   }
 * }
 * }</pre>
 *
 * <p>Ops are found by their classes: an op made by a lambda has none, and the constants of an enum
 * share one, so write ops as records.
 *
 * <p>In the end it prints how many cases were drawn for each op, and the largest error seen.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class OpGate {
  private final List<String> packages;
  private final Map<OpRow, OpContract> contracts = new LinkedHashMap<>();

  /**
   * A gate before these packages and those below them, in folders and jars of the class path, and
   * in modules: those of the layer that the gate itself is in, exported or not, and of the layers
   * above it. Each of them must have an op. A jar that has no entries for its folders hides its
   * classes from a gate on the class path.
   *
   * @param packages one or more
   */
  protected OpGate(String... packages) {
    this.packages = Nulls.list("op gate: packages", packages);
  }

  /** The rows: one or more for each op, and any of functions made of ops. */
  protected abstract Stream<OpRow> rows();

  /** The contract of each row. */
  @TestFactory
  protected Stream<DynamicContainer> contracts() {
    rows().forEach(row -> contracts.put(row, OpContract.of(row)));
    return contracts.entrySet().stream()
        .map(e -> DynamicContainer.dynamicContainer(e.getKey().name(), e.getValue().tests()));
  }

  /** An op without a row fails the build. */
  @Test
  protected void everyOpHasARow() {
    assertFalse(packages.isEmpty(), "no packages; the gate guards nothing");
    for (String name : packages) {
      assertFalse(
          opsOf(name).isEmpty(), () -> "no op in " + name + "; the gate guards nothing there");
    }
    Set<String> ops = opsOfThePackages();
    ops.removeAll(opsOfTheRows());
    assertEquals(Set.of(), ops, "ops without a row, so with gradients that nothing checks");
  }

  /** A row of an op that is elsewhere, or cannot be made, fails the build: it is stale. */
  @Test
  protected void everyRowHasAnOp() {
    Set<String> rows = opsOfTheRows();
    rows.removeAll(opsOfThePackages());
    assertEquals(Set.of(), rows, () -> "rows of no op in " + packages);
  }

  /**
   * The ops of which no row states a value by {@link OpRow#calls} or {@link OpRow#special}. An op
   * and its oracle may be wrong alike: a gate that asserts that there are none of these refuses an
   * op whose values nobody has worked by hand.
   */
  protected Set<String> opsWithoutAValue() {
    Set<String> ops = opsOfTheRows();
    rows()
        .filter(row -> !row.valued().isEmpty())
        .forEach(row -> row.type().ifPresent(type -> ops.remove(type.getName())));
    return ops;
  }

  private Set<String> opsOfTheRows() {
    Set<String> names = new TreeSet<>();
    rows().forEach(row -> row.type().ifPresent(type -> names.add(type.getName())));
    return names;
  }

  private Set<String> opsOfThePackages() {
    Set<String> names = new TreeSet<>();
    packages.forEach(name -> names.addAll(opsOf(name)));
    return names;
  }

  private Set<String> opsOf(String packageName) {
    return OpSearch.opsIn(packageName, getClass().getModule());
  }

  /** Prints how much was checked. */
  @AfterAll
  protected void printWhatWasChecked() {
    Map<String, Tally> tallies = new TreeMap<>();
    contracts.forEach((row, contract) -> tallies.merge(row.name(), contract.tally(), Tally::and));
    tallies.forEach(OpGate::print);
    print("in all", tallies.values().stream().reduce(Tally.NOTHING, Tally::and));
  }

  private static void print(String name, Tally tally) {
    System.out.printf(
        "%-22s %7d cases %11d derivatives, largest error %.1e%n",
        name, tally.cases(), tally.report().comparisons(), tally.report().largestError());
  }
}
