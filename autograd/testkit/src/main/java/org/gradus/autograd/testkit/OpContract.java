package org.gradus.autograd.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.gradus.autograd.Op;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.DTypeException;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Nulls;
import org.gradus.autograd.check.GradientCheck;
import org.gradus.autograd.check.Report;

/**
 * What every op promises, checked for the op of one row. In one call, within a test of any kind:
 *
 * <pre>{@code
 * OpContract.of(OpRow.unary(new Snake(2), Domain.nonzero())).check();
 * }</pre>
 *
 * <p>The promises:
 *
 * <ul>
 *   <li>its VJPs, and the VJPs of its VJPs, agree with finite differences, and keep the exact laws
 *       of {@link org.gradus.autograd.check.GradientCheck}, over drawn cases and at the edges;
 *   <li>so they do for each way in which inputs broadcast, where the row says that they do, and,
 *       along random directions, for large cases of some thousand elements;
 *   <li>float32 agrees with float64 within a few units in the last place, in the value and the
 *       derivatives of orders 1 and 2, and keeps the exact laws too; and both agree with the
 *       oracle, where the row has one;
 *   <li>a plan of it computes the same, to the bit, in float32 and in float64;
 *   <li>inputs multiplied by factors from 1e-30 to 1e30 have the derivatives that differences say,
 *       entry by entry, and float32 loses none of their values, unless the row says that the op
 *       takes no such numbers;
 *   <li>the values, gradients and derivatives of the calls that the row states are right;
 *   <li>wrong calls are refused, with the whole message: those of the row, and for each op a wrong
 *       number of inputs, and inputs of different element types; an op that always takes the same
 *       number says so by {@link Op#arity}.
 * </ul>
 *
 * <p>The system property {@code gradus.testkit.cases} says how many cases are drawn (200 unless
 * said otherwise; of fewer than 100, there are also fewer large ones and fewer ways to broadcast),
 * and {@code gradus.testkit.seed} which: a failure of a drawn case prints the properties that
 * repeat it. {@code gradus.testkit.orders} asks for higher orders than 2 of each row, as {@link
 * OpRow#orders} does of one.
 */
public final class OpContract extends Contract {
  private static final double DOUBLE = 1e-12;

  /** An error in one element is lost among others along one direction, but hardly along three. */
  private static final int DIRECTIONS = 3;

  private static final int QUICK_AXES = 2;
  private static final int QUICK_ELEMENTS = 100;

  private final OpRow row;
  private final Trials trials;

  private OpContract(OpRow row, Trials trials) {
    this.row = row;
    this.trials = trials;
  }

  /** The contract of the op of a row. */
  public static OpContract of(OpRow row) {
    return of(Nulls.given("op contract: row", row), Trials.fromSystemProperties());
  }

  static OpContract of(OpRow row, Trials trials) {
    return new OpContract(row, trials);
  }

  @Override
  protected Stream<Promise> promises() {
    return Stream.of(
        new Promise("holds at the edges", this::holdsAtTheEdges),
        new Promise("holds for each way to broadcast", this::holdsForEachWayToBroadcast),
        new Promise("has the known values and gradients", this::hasTheKnownValues),
        new Promise("refuses wrong calls with the whole message", this::refusesWrongCalls),
        new Promise(
            "computes the same in float32, float64 and by the oracle",
            this::computesTheSameWhereDrawn),
        new Promise(
            "has gradients of order 1 and 2 that agree with finite differences",
            this::agreesWithDifferencesWhereDrawn),
        new Promise("holds for many elements", this::holdsForManyElements),
        new Promise("holds for very small and very large numbers", this::holdsForExtremes),
        new Promise(
            "has gradients of the higher orders that are asked for", this::hasHigherOrders));
  }

  // ---- drawn cases and edges -------------------------------------------------------------------

  private void agreesWithDifferencesWhereDrawn() {
    trials.forAll(row.cases(), this::agreesWithDifferences);
    assertTrue(
        compared().comparisons() > 0,
        () -> row + ": no case has an element, so that no derivative was compared");
  }

  private void agreesWithDifferences(OpCase example) {
    row.type()
        .ifPresent(
            type ->
                assertEquals(
                    type,
                    example.op().<Object>map(Op::getClass).orElse("none"),
                    () -> row + ": the row is of one op and its case of another"));
    compare(row.check(example), example);
  }

  private void compare(GradientCheck check, OpCase example) {
    Report report = check.check(example.inputs().toArray(new NdArray[0]));
    assertEquals(List.of(), report.notDifferentiable(), "cases keep away from kinks");
    count(1, report);
  }

  private void computesTheSameWhereDrawn() {
    trials.forAll(
        row.cases(),
        example -> {
          computesTheSame(example);
          keepsTheLaws(example, 1);
        });
  }

  private void computesTheSame(OpCase example) {
    OpCase rounded = SinglePrecision.rounded(example);
    Planned.assertSameBits(example);
    Planned.assertSameBits(example.withInputs(as(DType.FLOAT32, example.inputs())));
    NdArray value = new SinglePrecision(rounded, row.singleTolerance(), true).check();
    if (row.oracle().isPresent()) {
      assertClose("the value beside the oracle", row.oracle().get().apply(rounded), value);
    }
  }

  /** The exact laws, which hold in float32 too. */
  private void keepsTheLaws(OpCase example, int orders) {
    NdArray[] single = as(DType.FLOAT32, example.inputs()).toArray(new NdArray[0]);
    row.check(example).orders(orders).checkLaws(single);
  }

  private void holdsForManyElements() {
    trials.forAllLarge(row.cases(), this::agreesAlongDirections);
    row.large().stream()
        .filter(large -> !trials.isQuick() || large.mostElements() <= QUICK_ELEMENTS)
        .forEach(
            large ->
                Trials.attempt(large + ", of many elements", large, this::agreesAlongDirections));
  }

  /** Moving all elements at once costs as much as moving one. */
  private void agreesAlongDirections(OpCase example) {
    computesTheSame(example);
    keepsTheLaws(example, 1);
    compare(row.check(example).projections(DIRECTIONS), example);
  }

  private void holdsForExtremes() {
    for (OpCase extreme : Extremes.of(row, trials)) {
      String where =
          "%s, of inputs up to %s%n  %s"
              .formatted(extreme, Extremes.sizes(extreme), trials.repeat());
      Trials.attempt(where, extreme, this::agreesWhereExtreme);
    }
  }

  private void agreesWhereExtreme(OpCase example) {
    OpCase rounded = SinglePrecision.rounded(example);
    if (Extremes.refuses(rounded)) {
      return;
    }
    new SinglePrecision(rounded, row.singleTolerance(), false).check();
    Slopes.compare(example);
    count(1, new Report(0, 0, List.of()));
  }

  /** Over no more cases than are drawn unless said otherwise, since each costs as much as many. */
  private void hasHigherOrders() {
    int orders = Math.max(row.orders(), trials.orders());
    if (orders > Trials.USUAL_ORDERS) {
      new Trials(Math.min(trials.cases(), Trials.USUAL), trials.seed(), orders)
          .forAll(
              row.cases(),
              example ->
                  compare(row.check(example).orders(orders).projections(DIRECTIONS), example));
    }
  }

  private void holdsAtTheEdges() {
    assertTrue(
        !row.edges().isEmpty(),
        () -> row + ": the row names no edges; give it cases of extents 0 and 1");
    for (OpCase edge : row.edges()) {
      Trials.attempt(edge + ", at the edges", edge, this::computesTheSame);
      Trials.attempt(edge + ", at the edges", edge, example -> keepsTheLaws(example, 2));
      Trials.attempt(edge + ", at the edges", edge, this::agreesWithDifferences);
    }
  }

  private void holdsForEachWayToBroadcast() {
    row.broadcasts().stream()
        .filter(way -> !trials.isQuick() || way.mostAxes() <= QUICK_AXES)
        .forEach(
            way -> Trials.attempt(way + ", a way to broadcast", way, this::agreesWhereBroadcast));
  }

  /** Each entry of the Jacobian by itself; order 2 along directions, which see each of them. */
  private void agreesWhereBroadcast(OpCase example) {
    computesTheSame(example);
    row.check(example).orders(1).check(example.inputs().toArray(new NdArray[0]));
    compare(row.check(example).projections(DIRECTIONS), example);
  }

  private static List<NdArray> as(DType type, List<NdArray> arrays) {
    return arrays.stream().map(array -> array.as(type)).toList();
  }

  /** Equal, or with an error of almost nothing beside what is larger than 1. */
  private static void assertClose(String what, NdArray expected, NdArray actual) {
    assertEquals(expected.shape(), actual.shape(), what);
    for (int i = 0; i < expected.size(); i++) {
      double e = expected.at(i);
      double a = actual.at(i);
      boolean same = Double.compare(e, a) == 0 || e == a;
      if (!same && !(Math.abs(e - a) <= DOUBLE * Math.max(1, Math.abs(e)))) {
        fail("%s: element %s is %s, expected %s".formatted(what, i, a, e));
      }
    }
  }

  // ---- known values ----------------------------------------------------------------------------

  private void hasTheKnownValues() {
    row.calls().forEach(Call::check);
  }

  // ---- wrong calls -----------------------------------------------------------------------------

  private void refusesWrongCalls() {
    assertTrue(
        row.takesAnyShape() || !row.wrongCalls().isEmpty(),
        () -> row + ": the row names no wrong call; say what the op refuses");
    for (WrongCall wrong : row.wrongCalls()) {
      assertRefused(wrong.type(), wrong.message(), wrong.call());
    }
    OpCase first = trials.first(row.cases());
    first.op().ifPresent(op -> refusesWrongInputs(op, first.inputs()));
    Set<Integer> counts = new TreeSet<>();
    trials.forAll(row.cases(), example -> counts.add(example.inputs().size()));
    assertTrue(
        counts.size() > 1 || first.op().stream().allMatch(op -> op.arity() > 0),
        () ->
            "%s: each case has %s inputs, but arity() says any number; let it say how many"
                .formatted(row, first.inputs().size()));
  }

  private static void refusesWrongInputs(Op op, List<NdArray> inputs) {
    List<Tensor> x = inputs.stream().map(Tensor::constant).toList();
    assertInputsRefused(op, List.of(), op.arity() > 0 ? op.arity() : "one or more");
    if (op.arity() > 0) {
      assertEquals(op.arity(), x.size(), () -> op.name() + ": the arity");
      List<Tensor> more = new ArrayList<>(x);
      more.add(x.get(0));
      assertInputsRefused(op, more, op.arity());
      if (x.size() > 1) {
        assertInputsRefused(op, x.subList(1, x.size()), op.arity());
      }
    }
    for (int i = 1; i < x.size(); i++) {
      List<Tensor> mixed = new ArrayList<>(x);
      mixed.set(i, Tensor.constant(inputs.get(i).as(DType.FLOAT32)));
      assertRefused(
          DTypeException.class,
          "%s: input %s is FLOAT32, but input 0 is FLOAT64; convert one with NdArray.as"
              .formatted(op.name(), i),
          () -> Tensor.of(op, mixed.toArray(new Tensor[0])));
    }
  }

  private static void assertInputsRefused(Op op, List<Tensor> inputs, Object expected) {
    assertRefused(
        IllegalArgumentException.class,
        "%s: %s inputs, expected %s".formatted(op.name(), inputs.size(), expected),
        () -> Tensor.of(op, inputs.toArray(new Tensor[0])));
  }
}
