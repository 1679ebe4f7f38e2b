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
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;

/**
 * What the gates of a build have in common: {@link OpGate}, and those of other kits. A gate checks
 * the contract of each row, and fails for a class that has no row, and for a row that has no class.
 * In the end it prints how many cases were compared with finite differences for each name, and the
 * largest error seen.
 *
 * @param <R> the rows
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class Gate<R extends Row> {
  private final Class<?> type;
  private final String noun;
  private final List<String> packages;
  private final Map<R, Contract> contracts = new LinkedHashMap<>();

  /**
   * A gate before these packages and those below them, in folders and jars of the class path, and
   * in modules: those of the layer that the gate itself is in, exported or not, and of the layers
   * above it. A jar that has no entries for its folders hides its classes from a gate on the class
   * path.
   *
   * @param type what the guarded classes implement
   * @param noun what one of them is called in messages
   * @param packages one or more
   */
  protected Gate(Class<?> type, String noun, String... packages) {
    Nulls.refuse("gate: type, noun", type, noun);
    this.type = type;
    this.noun = noun;
    this.packages = Nulls.list(noun + " gate: packages", packages);
  }

  /** The rows: one or more for each class, and any of functions. */
  protected abstract Stream<R> rows();

  /**
   * Whether this gate checks the contract of a row: of each, unless a build shares the contracts
   * out over several gates of the same rows, which then run in several JVMs.
   *
   * @param row one of {@link #rows}
   */
  protected boolean checks(R row) {
    return true;
  }

  /** The contract of each row that this gate {@link #checks}. */
  @TestFactory
  protected Stream<DynamicContainer> contracts() {
    rows().filter(this::checks).forEach(row -> contracts.put(row, row.contract()));
    return contracts.entrySet().stream()
        .map(e -> DynamicContainer.dynamicContainer(e.getKey().name(), e.getValue().tests()));
  }

  /** Fails for a class without a row, for a package without a class, and for no package at all. */
  protected final void requireRows() {
    assertFalse(packages.isEmpty(), "no packages; the gate guards nothing");
    for (String name : packages) {
      assertFalse(
          classesIn(name).isEmpty(),
          () -> "no %s in %s; the gate guards nothing there".formatted(noun, name));
    }
    Set<String> classes = classesOfThePackages();
    classes.removeAll(classesOfTheRows());
    assertEquals(
        Set.of(), classes, noun + "s without a row, so with gradients that nothing checks");
  }

  /** Fails for a row of a class that is elsewhere, or cannot be made. */
  protected final void requireClasses() {
    Set<String> rows = classesOfTheRows();
    rows.removeAll(classesOfThePackages());
    assertEquals(Set.of(), rows, () -> "rows of no %s in %s".formatted(noun, packages));
  }

  final Set<String> classesOfTheRows() {
    Set<String> names = new TreeSet<>();
    rows().forEach(row -> row.type().ifPresent(found -> names.add(found.getName())));
    return names;
  }

  private Set<String> classesOfThePackages() {
    Set<String> names = new TreeSet<>();
    packages.forEach(name -> names.addAll(classesIn(name)));
    return names;
  }

  private Set<String> classesIn(String packageName) {
    return Implementations.of(type, packageName, getClass().getModule());
  }

  /** Prints how much was checked. */
  @AfterAll
  protected void printWhatWasChecked() {
    Map<String, Tally> tallies = new TreeMap<>();
    contracts.forEach((row, contract) -> tallies.merge(row.name(), contract.tally(), Tally::and));
    tallies.forEach(Gate::print);
    print("in all", tallies.values().stream().reduce(Tally.NOTHING, Tally::and));
  }

  private static void print(String name, Tally tally) {
    System.out.printf(
        "%-22s %7d cases %11d derivatives, largest error %.1e%n",
        name, tally.cases(), tally.report().comparisons(), tally.report().largestError());
  }
}
