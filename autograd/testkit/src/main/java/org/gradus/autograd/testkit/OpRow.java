package org.gradus.autograd.testkit;

import static org.gradus.autograd.testkit.Call.call;
import static org.gradus.autograd.testkit.Call.scalar;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import org.gradus.autograd.Op;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Nulls;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.array.ShapeException;
import org.gradus.autograd.check.GradientCheck;
import org.junit.jupiter.api.function.Executable;

/**
 * What the contract must know of an op: the cases it is tried with, and what is special about it.
 *
 * <pre>{@code
 * OpRow.unary(new Snake(2), Domain.nonzero())
 *     .calls(call(new Snake(2), scalar(Math.PI / 4)).nearly().gives(scalar(Math.PI / 4 + 0.5)))
 *     .special(0, 0, 1)
 * }</pre>
 *
 * Immutable: each setting returns a new row.
 */
public final class OpRow implements Row {
  private final String name;
  private final Optional<Class<? extends Op>> type;
  private final Arbitrary<OpCase> cases;

  // Set only in a copy that nobody has seen yet.
  private double step = 1e-5;
  private double tolerance = 1e-6;
  private double singleTolerance = 5e-7;
  private int orders = 2;
  private double leastFactor = 0;
  private double mostFactor = Double.POSITIVE_INFINITY;
  private Optional<Function<OpCase, NdArray>> oracle = Optional.empty();
  private Optional<Op> elementwise = Optional.empty();
  private boolean anyShape;
  private List<OpCase> edges = List.of();
  private List<OpCase> large = List.of();
  private List<OpCase> broadcasts = List.of();
  private List<Call> calls = List.of();
  private List<WrongCall> wrongCalls = List.of();

  private OpRow(String name, Optional<Class<? extends Op>> type, Arbitrary<OpCase> cases) {
    this.name = name;
    this.type = type;
    this.cases = cases;
  }

  private OpRow changed(Consumer<OpRow> change) {
    OpRow copy = new OpRow(name, type, cases);
    copy.step = step;
    copy.tolerance = tolerance;
    copy.singleTolerance = singleTolerance;
    copy.orders = orders;
    copy.leastFactor = leastFactor;
    copy.mostFactor = mostFactor;
    copy.oracle = oracle;
    copy.elementwise = elementwise;
    copy.anyShape = anyShape;
    copy.edges = edges;
    copy.large = large;
    copy.broadcasts = broadcasts;
    copy.calls = calls;
    copy.wrongCalls = wrongCalls;
    change.accept(copy);
    return copy;
  }

  /** The op of a type, whose cases are drawn as said. */
  public static OpRow of(Class<? extends Op> type, Arbitrary<OpCase> cases) {
    Nulls.refuse("op row: type, cases", type, cases);
    String full = type.getName(); // an anonymous class has no simple one
    String simple = full.substring(Math.max(full.lastIndexOf('.'), full.lastIndexOf('$')) + 1);
    String name = Character.toLowerCase(simple.charAt(0)) + simple.substring(1);
    return new OpRow(name, Optional.of(type), cases);
  }

  /** A function made of ops, known by a name, whose cases are drawn as said. */
  public static OpRow function(String name, Arbitrary<OpCase> cases) {
    Nulls.refuse("op row: name, cases", name, cases);
    return new OpRow(name, Optional.empty(), cases);
  }

  /**
   * An op of one input of any shape, which the contract proves; the edges come with it.
   *
   * @param domain of the numbers in the input
   */
  public static OpRow unary(Op op, Domain domain) {
    Nulls.refuse("op row: op, domain", op, domain);
    return unary(op.getClass(), Arbitraries.just(op), domain)
        .changed(row -> row.elementwise = Optional.of(op));
  }

  /**
   * An op of one input of any shape, with drawn attributes; the edges come with it.
   *
   * @param type of all the ops that are drawn
   * @param ops the attributes to draw from
   * @param domain of the numbers in the input
   */
  public static OpRow unary(Class<? extends Op> type, Arbitrary<? extends Op> ops, Domain domain) {
    Nulls.refuse("op row: type, ops, domain", type, ops, domain);
    Op any = ops.generator(1).next(new Random(1)).value();
    return of(
            type,
            Combinators.combine(ops, Draw.shapes(0, 3), Draw.seeds())
                .as((op, shape, seed) -> OpCase.of(op, domain.draw(shape, seed))))
        .edges(
            edgeShapes().stream()
                .map(shape -> OpCase.of(any, domain.draw(shape, 1)))
                .toArray(OpCase[]::new))
        .large(
            Stream.concat(Size.large().stream().map(Shape::of), Size.manyAxes().stream())
                .map(shape -> OpCase.of(any, domain.draw(shape, 1)))
                .toArray(OpCase[]::new))
        .changed(row -> row.anyShape = true);
  }

  private static List<Shape> edgeShapes() {
    return List.of(
        Shape.of(),
        Shape.of(0),
        Shape.of(1),
        Shape.of(9), // more than a vector of a processor, and no multiple of one
        Shape.of(1, 1),
        Shape.of(2, 0, 3),
        Shape.of(2, 1, 2, 5),
        Shape.of(1, 2, 1, 3, 2),
        Shape.of(1, 2, 1, 2, 1, 2));
  }

  /**
   * An op of two inputs of shapes that broadcast by NumPy's rules; the edges come with it, each way
   * to broadcast, and the refusal of those that do not broadcast, in the words of {@link
   * Shape#broadcast} with the name of the op before them.
   *
   * @param first domain of the numbers in the first input
   * @param second domain of those in the second
   */
  public static OpRow broadcasting(Op op, Domain first, Domain second) {
    Nulls.refuse("op row: op, first, second", op, first, second);
    OpRow row =
        of(
            op.getClass(),
            Combinators.combine(Draw.broadcastable(), Draw.seeds())
                .as((shapes, seed) -> pair(op, shapes.get(0), first, shapes.get(1), second, seed)));
    List<List<Shape>> edges = new ArrayList<>();
    for (Shape shape : edgeShapes()) {
      edges.add(List.of(shape, Shape.of()));
      edges.add(List.of(Shape.of(1), shape));
    }
    row =
        row.edges(pairs(op, edges, first, second))
            .large(pairs(op, largeBroadcasts(), first, second))
            .broadcasts(inputs -> OpCase.of(op, inputs), first, second);
    NdArray a = NdArray.zeros(DType.FLOAT64, Shape.of(2, 3));
    NdArray b = NdArray.zeros(DType.FLOAT64, Shape.of(2));
    return row.refuses(
        ShapeException.class,
        op.name()
            + ": [2, 3] and [2] do not broadcast: extents 3 and 2 differ and neither is 1 (axes are"
            + " aligned at the right)",
        () -> op.forward(List.of(a, b)));
  }

  /**
   * Two arrays of each of the large sizes, and of some of them one that is spread over another; and
   * of more axes each way to spread them.
   */
  private static List<List<Shape>> largeBroadcasts() {
    List<List<Shape>> pairs = new ArrayList<>(Size.manyAxesBroadcast());
    for (int elements : Size.large()) {
      pairs.add(List.of(Shape.of(elements), Shape.of(elements)));
    }
    for (int elements : Size.fewLarge()) {
      Shape whole = Shape.of(elements);
      pairs.add(List.of(whole, Shape.of()));
      pairs.add(List.of(Shape.of(1), whole));
      pairs.add(List.of(Shape.of(elements, 1), Shape.of(3)));
      pairs.add(List.of(Shape.of(2, 1), whole));
    }
    return pairs;
  }

  private static OpCase[] pairs(Op op, List<List<Shape>> shapes, Domain first, Domain second) {
    return shapes.stream()
        .map(pair -> pair(op, pair.get(0), first, pair.get(1), second, 1))
        .toArray(OpCase[]::new);
  }

  private static OpCase pair(Op op, Shape a, Domain first, Shape b, Domain second, long seed) {
    return OpCase.of(op, first.draw(a, seed), second.draw(b, seed + 1));
  }

  /** An op of two inputs of one of these shapes, with numbers from a domain. */
  public static OpRow pairs(Op op, Arbitrary<Shape> shapes, Domain domain) {
    Nulls.refuse("op row: op, shapes, domain", op, shapes, domain);
    return of(
        op.getClass(),
        Combinators.combine(shapes, Draw.seeds())
            .as((shape, seed) -> pair(op, shape, domain, shape, domain, seed)));
  }

  // ---- settings --------------------------------------------------------------------------------

  /**
   * For an op that is linear or quadratic in each of its inputs: differences are then exact for any
   * step, so that almost no error is allowed.
   */
  public OpRow exact() {
    return step(1).tolerance(1e-12);
  }

  /**
   * With this step of the differences.
   *
   * @throws IllegalArgumentException if it is not a finite number above 0
   */
  public OpRow step(double step) {
    if (!(step > 0 && step <= Double.MAX_VALUE)) {
      throw new IllegalArgumentException(
          "op row: %s: step %s, expected a finite number, more than 0".formatted(name, step));
    }
    return changed(row -> row.step = step);
  }

  /**
   * With this largest error allowed, as {@link org.gradus.autograd.check.Report} defines it; 1e-6
   * unless said otherwise.
   *
   * @throws IllegalArgumentException if it is not less than 1, or less than 0
   */
  public OpRow tolerance(double tolerance) {
    requireSmall("tolerance", tolerance);
    return changed(row -> row.tolerance = tolerance);
  }

  /**
   * With this largest difference allowed between float32 and float64, relative to the element, and
   * as much again of each input and cotangent: so steep functions need no more. 5e-7 unless said
   * otherwise, some 4 units in the last place.
   *
   * @param tolerance at least 0 and below 1
   * @throws IllegalArgumentException if it is not
   */
  public OpRow singleTolerance(double tolerance) {
    requireSmall("tolerance of float32", tolerance);
    return changed(row -> row.singleTolerance = tolerance);
  }

  /**
   * Up to this order of derivative; 2 unless said otherwise. The orders from 3 on are compared
   * along random directions.
   *
   * @throws IllegalArgumentException if it is less than 2
   */
  public OpRow orders(int orders) {
    if (orders < 2) {
      throw new IllegalArgumentException(
          "op row: %s: orders %s, expected at least 2".formatted(name, orders));
    }
    return changed(row -> row.orders = orders);
  }

  /**
   * With the inputs of its extreme cases made no smaller and no larger than by these factors, where
   * the op promises nothing beyond them; 0 and infinity unless said otherwise.
   *
   * @throws IllegalArgumentException if least is more than 1 or less than 0, or most is less than 1
   */
  public OpRow factors(double least, double most) {
    if (!(least >= 0 && least <= 1 && most >= 1)) {
      throw new IllegalArgumentException(
          "op row: %s: factors from %s to %s, expected from at most 1 to at least 1"
              .formatted(name, least, most));
    }
    return changed(
        row -> {
          row.leastFactor = least;
          row.mostFactor = most;
        });
  }

  private void requireSmall(String what, double tolerance) {
    if (!(tolerance >= 0 && tolerance < 1)) {
      throw new IllegalArgumentException(
          "op row: %s: %s %s, expected at least 0 and less than 1"
              .formatted(name, what, tolerance));
    }
  }

  /**
   * With an oracle, another way to compute the output, which the op's own is compared with in both
   * element types: slow, plain, and float64.
   */
  public OpRow oracle(Function<OpCase, NdArray> oracle) {
    Nulls.refuse("op row: oracle", oracle);
    return changed(row -> row.oracle = Optional.of(oracle));
  }

  /**
   * With more cases at the edges, for which the whole contract holds too: an axis of extent 0,
   * extents of 1, rank 0 where the op takes it.
   */
  public OpRow edges(OpCase... more) {
    List<OpCase> all = and(edges, Nulls.list("op row: more", more));
    return changed(row -> row.edges = all);
  }

  /**
   * With cases of some thousand elements at most, besides the large ones that are drawn: their
   * derivatives are compared along random directions.
   *
   * @param more of these cases
   */
  public OpRow large(OpCase... more) {
    List<OpCase> all = and(large, Nulls.list("op row: more", more));
    return changed(row -> row.large = all);
  }

  /**
   * With a case for each of {@link Draw#broadcasts}: for an op whose inputs broadcast, so that no
   * way to do so is left to chance.
   *
   * @param of the case of its inputs
   * @param domains one for each input
   */
  public OpRow broadcasts(Function<List<NdArray>, OpCase> of, Domain... domains) {
    Nulls.refuse("op row: of, domains", of, domains);
    List<OpCase> all = new ArrayList<>();
    for (List<Shape> shapes : Draw.broadcasts(domains.length)) {
      List<NdArray> inputs = new ArrayList<>();
      for (int i = 0; i < domains.length; i++) {
        inputs.add(domains[i].draw(shapes.get(i), i + 1));
      }
      all.add(of.apply(inputs));
    }
    return changed(row -> row.broadcasts = and(broadcasts, all));
  }

  /**
   * With the value y and the derivative (slope) of an elementwise op at one number x, such as a
   * kink, an infinity or NaN. Asserted in both element types where both have that number, up to 2
   * units in the last place.
   *
   * @throws IllegalStateException if the row is not one of {@link #unary(Op, Domain)}
   */
  public OpRow special(double x, double y, double slope) {
    Op op =
        elementwise.orElseThrow(
            () ->
                new IllegalStateException(
                    "op row: %s is not one op of one input of any shape; use calls"
                        .formatted(name)));
    return calls(call(op, scalar(x)).nearly().gives(scalar(y)).gradients(scalar(slope)));
  }

  /**
   * With calls whose values, gradients or derivatives are known: one line for each.
   *
   * @param more of these calls
   * @throws IllegalArgumentException if nothing is said of one of them
   */
  public OpRow calls(Call... more) {
    return calls(name, more);
  }

  /**
   * With such calls of a function that has a name of its own.
   *
   * @param function the name, for messages and for {@link #valued}
   * @param more of these calls
   * @throws IllegalArgumentException if nothing is said of one of them
   */
  public OpRow calls(String function, Call... more) {
    Nulls.refuse("op row: function, more", function, more);
    List<Call> named =
        Nulls.list("op row: more", more).stream().map(call -> call.named(function)).toList();
    if (named.stream().anyMatch(Call::isSilent)) {
      throw new IllegalArgumentException(
          "op row: %s: nothing is said of a call of %s, expected a value, gradients or derivatives"
              .formatted(name, function));
    }
    return changed(row -> row.calls = and(calls, named));
  }

  /** With a call that must be refused by an exception of {@code exactType} and whole message. */
  public OpRow refuses(
      Class<? extends IllegalArgumentException> exactType, String message, Executable call) {
    Nulls.refuse("op row: exactType, message, call", exactType, message, call);
    return changed(
        row -> row.wrongCalls = and(wrongCalls, List.of(new WrongCall(exactType, message, call))));
  }

  private static <T> List<T> and(List<T> list, List<T> more) {
    return Stream.concat(list.stream(), more.stream()).toList();
  }

  // ---- for the contract and the gate -----------------------------------------------------------

  @Override
  public String name() {
    return name;
  }

  @Override
  public OpContract contract() {
    return OpContract.of(this);
  }

  /** The class of the ops that the cases are of; empty for a function made of ops. */
  @Override
  public Optional<Class<? extends Op>> type() {
    return type;
  }

  Arbitrary<OpCase> cases() {
    return cases;
  }

  GradientCheck check(OpCase example) {
    return example.gradientCheck().orders(2).step(step).tolerance(tolerance);
  }

  int orders() {
    return orders;
  }

  /** Whether the op promises something of inputs multiplied by this. */
  boolean takes(double factor) {
    return factor >= leastFactor && factor <= mostFactor;
  }

  double singleTolerance() {
    return singleTolerance;
  }

  Optional<Function<OpCase, NdArray>> oracle() {
    return oracle;
  }

  List<OpCase> edges() {
    return edges;
  }

  List<OpCase> large() {
    return large;
  }

  List<OpCase> broadcasts() {
    return broadcasts;
  }

  List<Call> calls() {
    return calls;
  }

  /** The names of the functions, and of the op itself, of which the row states a value. */
  public Set<String> valued() {
    return calls.stream()
        .flatMap(Call::valuedFunction)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  List<WrongCall> wrongCalls() {
    return wrongCalls;
  }

  /** Whether the op takes an input of any shape, so that no shape is wrong. */
  boolean takesAnyShape() {
    return anyShape;
  }

  /** The name of the op, or of the function. */
  @Override
  public String toString() {
    return name;
  }
}
