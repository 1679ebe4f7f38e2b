package org.gradus.autograd.ops;

import static java.lang.Double.NaN;
import static java.lang.Double.POSITIVE_INFINITY;
import static net.jqwik.api.Combinators.combine;
import static org.gradus.autograd.testkit.Domain.awayFrom;
import static org.gradus.autograd.testkit.Domain.between;
import static org.gradus.autograd.testkit.Domain.integers;
import static org.gradus.autograd.testkit.Domain.nonzero;
import static org.gradus.autograd.testkit.Domain.positive;

import java.util.List;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoublePredicate;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Function;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import org.gradus.autograd.Op;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.array.ShapeException;
import org.gradus.autograd.ops.Compare.Relation;
import org.gradus.autograd.testkit.Domain;
import org.gradus.autograd.testkit.Draw;
import org.gradus.autograd.testkit.OpCase;
import org.gradus.autograd.testkit.OpRow;

/**
 * The rows of the elementwise ops. The oracles are formulas in {@link Math}, or series, and know
 * nothing of the kernels.
 */
final class ElementRows {
  private static final double INF = POSITIVE_INFINITY;

  private ElementRows() {}

  static Stream<OpRow> rows() {
    return Stream.of(
            arithmetic(), powers(), functions(), normals(), activations(), pairs(), masks())
        .flatMap(Function.identity());
  }

  // ---- of one element --------------------------------------------------------------------------

  private static Stream<OpRow> arithmetic() {
    return Stream.of(
        unary(new Neg(), nonzero(), x -> 0.0 - x)
            .exact()
            .special(0, -0.0, -1)
            .special(-0.0, 0, -1)
            .special(INF, -INF, -1)
            .special(NaN, NaN, -1),
        unary(new Abs(), nonzero(), x -> x < 0 ? -x : x)
            .special(0, 0, 0)
            .special(-0.0, 0, -0.0)
            .special(1e-300, 1e-300, 1)
            .special(-1e300, 1e300, -1)
            .special(INF, INF, 1)
            .special(-INF, INF, -1)
            .special(NaN, NaN, NaN),
        unary(new Sign(), nonzero(), x -> x < 0 ? -1 : 1)
            .special(0, 0, 0)
            .special(-0.0, -0.0, 0)
            .special(1e-300, 1, 0)
            .special(-INF, -1, 0)
            .special(NaN, NaN, NaN),
        unary(new Clamp(-1, 1.5), awayFrom(-1, 1.5), x -> x < -1 ? -1 : x > 1.5 ? 1.5 : x)
            .special(-1, -1, 1)
            .special(1.5, 1.5, 1)
            .special(-1.25, -1, 0)
            .special(1.75, 1.5, 0)
            .special(-INF, -1, 0)
            .special(INF, 1.5, 0)
            .special(NaN, NaN, NaN)
            .refuses(
                IllegalArgumentException.class,
                "clamp: bounds 2.0 and 1.5, expected the first at most the second",
                () -> Ops.clamp(zeros(), 2, 1.5))
            .refuses(
                IllegalArgumentException.class,
                "clamp: bounds NaN and 1.0, expected the first at most the second",
                () -> Ops.clamp(zeros(), NaN, 1))
            .refuses(
                IllegalArgumentException.class,
                "clamp: bounds 1.0 and NaN, expected the first at most the second",
                () -> Ops.clamp(zeros(), 1, NaN)),
        unary(new Clamp(-INF, 0), nonzero(), x -> x < 0 ? x : 0)
            .special(-INF, -INF, 1)
            .special(-0.0, -0.0, 1)
            .special(INF, 0, 0),
        unary(new Clamp(0.5, 0.5), awayFrom(0.5), x -> 0.5).special(0.5, 0.5, 1),
        OpRow.unary(AddScalar.class, Draw.numbers().map(AddScalar::new), nonzero())
            .exact()
            .oracle(c -> c.input(0).map(x -> x + c.op(AddScalar.class).addend())),
        unary(new AddScalar(-2.5), nonzero(), x -> x - 2.5)
            .exact()
            .special(2.5, 0, 1)
            .special(1e300, 1e300, 1)
            .special(-INF, -INF, 1)
            .special(NaN, NaN, 1),
        OpRow.unary(MulScalar.class, Draw.numbers().map(MulScalar::new), nonzero())
            .exact()
            .oracle(c -> c.input(0).map(x -> x * c.op(MulScalar.class).factor())),
        unary(new MulScalar(-2), nonzero(), x -> -2 * x)
            .exact()
            .special(0, -0.0, -2)
            .special(INF, -INF, -2)
            .special(1e308, -INF, -2)
            .special(NaN, NaN, -2));
  }

  private static Stream<OpRow> powers() {
    return Stream.of(
        unary(new Square(), nonzero(), x -> Math.pow(x, 2))
            .exact()
            .special(0, 0, 0)
            .special(-3, 9, -6)
            .special(-1e-200, 0, -2e-200)
            .special(-1e200, INF, -2e200)
            .special(-INF, INF, -INF)
            .special(NaN, NaN, NaN),
        unary(new Reciprocal(), nonzero(), x -> Math.pow(x, -1))
            .special(-4, -0.25, -0.0625)
            .special(0, INF, -INF)
            .special(-0.0, -INF, -INF)
            .special(1e200, 1e-200, -0.0)
            .special(-1e-200, -1e200, -INF)
            .special(-INF, -0.0, -0.0)
            .special(NaN, NaN, NaN),
        unary(new Sqrt(), positive(), x -> Math.pow(x, 0.5))
            .special(4, 2, 0.25)
            .special(0, 0, INF)
            .special(-0.0, -0.0, -INF)
            .special(1e-300, 1e-150, 5e149)
            .special(-1, NaN, NaN)
            .special(INF, INF, 0)
            .special(NaN, NaN, NaN),
        OpRow.unary(Pow.class, Draw.numbers().map(Pow::new), positive()).oracle(ElementRows::pow),
        OpRow.unary(Pow.class, Arbitraries.integers().between(-2, 3).map(Pow::new), nonzero())
            .oracle(ElementRows::pow),
        unary(new Pow(3), nonzero(), x -> x * x * x)
            .refuses(
                IllegalArgumentException.class,
                "pow: exponent NaN, expected a number",
                () -> Ops.pow(zeros(), NaN))
            .special(0, 0, 0)
            .special(-2, -8, 12)
            .special(-INF, -INF, INF)
            .special(1e-200, 0, 0)
            .special(NaN, NaN, NaN),
        unary(new Pow(2), nonzero(), x -> x * x).special(0, 0, 0).special(-3, 9, -6),
        unary(new Pow(1), nonzero(), x -> x).special(0, 0, 1).special(-INF, -INF, 1),
        unary(new Pow(0), nonzero(), x -> 1).special(0, 1, 0).special(INF, 1, 0).special(NaN, 1, 0),
        unary(new Pow(0.5), positive(), Math::sqrt)
            .special(0, 0, INF)
            .special(-4, NaN, NaN)
            .special(INF, INF, 0),
        unary(new Pow(-1), nonzero(), x -> 1 / x)
            .special(0, INF, -INF)
            .special(-0.0, -INF, -INF)
            .special(INF, 0, -0.0),
        unary(new Pow(-2), nonzero(), x -> 1 / (x * x))
            .special(0, INF, -INF)
            .special(-0.0, INF, INF));
  }

  private static NdArray pow(OpCase c) {
    double exponent = c.op(Pow.class).exponent();
    return c.input(0)
        .map(x -> Math.signum(Math.pow(x, exponent)) * Math.exp(exponent * Math.log(Math.abs(x))));
  }

  private static Stream<OpRow> functions() {
    return Stream.of(
        unary(new Exp(), nonzero(), x -> Math.pow(Math.E, x))
            .special(0, 1, 1)
            .special(-0.0, 1, 1)
            .special(88.5, Math.exp(88.5), Math.exp(88.5))
            .special(89, Math.exp(89), Math.exp(89)) // infinite in float32
            .special(-104, Math.exp(-104), Math.exp(-104)) // and 0
            .special(710, INF, INF)
            .special(-746, 0, 0)
            .special(INF, INF, INF)
            .special(-INF, 0, 0)
            .special(NaN, NaN, NaN)
            .refuses(
                IllegalArgumentException.class,
                "exp: 2 inputs, expected 1",
                () -> Tensor.of(new Exp(), zeros(), zeros())),
        unary(new Expm1(), nonzero(), x -> Math.exp(x) - 1)
            .special(0, 0, 1)
            .special(-0.0, -0.0, 1)
            .special(-1e-30, -1e-30, 1)
            .special(-40, -1, 4.248354255291589e-18)
            .special(1000, INF, INF)
            .special(-1e4, -1, 0)
            .special(INF, INF, INF)
            .special(-INF, -1, 0)
            .special(NaN, NaN, NaN),
        unary(new Log(), positive(), x -> Math.log10(x) * Math.log(10))
            .special(1, 0, 1)
            .special(0, -INF, INF)
            .special(-0.0, -INF, -INF)
            .special(-2, NaN, -0.5)
            .special(INF, INF, 0)
            .special(NaN, NaN, NaN),
        unary(new Log1p(), between(-0.7, 2), x -> Math.log(1 + x))
            .special(0, 0, 1)
            .special(-0.0, -0.0, 1)
            .special(-1e-30, -1e-30, 1)
            .special(-1, -INF, INF)
            .special(-3, NaN, -0.5)
            .special(1e300, Math.log(10) * 300, 1e-300)
            .special(INF, INF, 0)
            .special(NaN, NaN, NaN),
        unary(new Sin(), nonzero(), x -> Math.cos(x - Math.PI / 2))
            .special(0, 0, 1)
            .special(-0.0, -0.0, 1)
            .special(1e-30, 1e-30, 1)
            .special(INF, NaN, NaN)
            .special(NaN, NaN, NaN),
        unary(new Cos(), nonzero(), x -> Math.sin(x + Math.PI / 2))
            .special(0, 1, -0.0)
            .special(1e-30, 1, -1e-30)
            .special(-INF, NaN, NaN)
            .special(NaN, NaN, NaN),
        unary(new Tanh(), nonzero(), x -> 1 - 2 / (Math.exp(2 * x) + 1))
            .special(0, 0, 1)
            .special(-0.0, -0.0, 1)
            .special(1000, 1, 0)
            .special(-1e300, -1, 0)
            .special(INF, 1, 0)
            .special(-INF, -1, 0)
            .special(NaN, NaN, NaN));
  }

  private static Stream<OpRow> normals() {
    double slope = 2 / Math.sqrt(Math.PI);
    return Stream.of(
        unary(new Erf(), nonzero(), x -> 2 * distribution(x * Math.sqrt(2)) - 1)
            .special(0, 0, slope)
            .special(-0.0, -0.0, slope)
            .special(1e-30, slope * 1e-30, slope)
            .special(1, 0.8427007929497149, slope / Math.E)
            .special(-1000, -1, 0)
            .special(INF, 1, 0)
            .special(-INF, -1, 0)
            .special(NaN, NaN, NaN));
  }

  /** The normal density. */
  private static double density(double x) {
    return Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
  }

  /** The normal distribution function: 1/2 + density (x + x^3/3 + x^5/(3 5) + ...). */
  private static double distribution(double x) {
    double term = x;
    double sum = 0;
    for (int k = 3; Math.abs(term) > 1e-20; k += 2) {
      sum += term;
      term *= x * x / k;
    }
    return 0.5 + density(x) * sum;
  }

  private static Stream<OpRow> activations() {
    return Stream.of(
        unary(new Relu(), nonzero(), x -> x > 0 ? x : 0)
            .special(0, 0, 0)
            .special(-0.0, 0, 0)
            .special(Double.MIN_VALUE, Double.MIN_VALUE, 1)
            .special(-Double.MIN_VALUE, 0, 0)
            .special(INF, INF, 1)
            .special(-INF, 0, 0)
            .special(NaN, NaN, 1),
        OpRow.unary(LeakyRelu.class, Draw.numbers().map(LeakyRelu::new), nonzero())
            .oracle(c -> c.input(0).map(x -> x > 0 ? x : x * c.op(LeakyRelu.class).slope())),
        unary(new LeakyRelu(0.25), nonzero(), x -> Math.max(x, x / 4))
            .special(0, 0, 0.25)
            .special(-0.0, -0.0, 0.25)
            .special(Double.MIN_VALUE, Double.MIN_VALUE, 1)
            .special(INF, INF, 1)
            .special(-INF, -INF, 0.25)
            .special(NaN, NaN, 0.25)
            .refuses(
                IllegalArgumentException.class,
                "leakyRelu: slope NaN, expected a finite number",
                () -> Ops.leakyRelu(zeros(), NaN))
            .refuses(
                IllegalArgumentException.class,
                "leakyRelu: slope Infinity, expected a finite number",
                () -> Ops.leakyRelu(zeros(), INF)),
        OpRow.unary(Elu.class, Draw.numbers().map(Elu::new), nonzero())
            .oracle(c -> c.input(0).map(x -> elu(c.op(Elu.class).alpha(), x))),
        unary(new Elu(1.5), nonzero(), x -> elu(1.5, x))
            .refuses(
                IllegalArgumentException.class,
                "elu: alpha NaN, expected a finite number",
                () -> Ops.elu(zeros(), NaN))
            .refuses(
                IllegalArgumentException.class,
                "elu: alpha -Infinity, expected a finite number",
                () -> Ops.elu(zeros(), -INF))
            .special(0, 0, 1.5)
            .special(-0.0, -0.0, 1.5)
            .special(-1e-30, -1.5e-30, 1.5)
            .special(Double.MIN_VALUE, Double.MIN_VALUE, 1)
            .special(1000, 1000, 1)
            .special(-1000, -1.5, 0)
            .special(1e300, 1e300, 1)
            .special(INF, INF, 1)
            .special(-INF, -1.5, 0)
            .special(NaN, NaN, NaN),
        unary(new Sigmoid(), nonzero(), x -> 0.5 + 0.5 * Math.tanh(x / 2))
            .special(0, 0.5, 0.25)
            .special(-0.0, 0.5, 0.25)
            .special(1000, 1, 0)
            .special(-1000, 0, 0)
            .special(-700, 9.85967654375977e-305, 9.85967654375977e-305)
            .special(INF, 1, 0)
            .special(-INF, 0, 0)
            .special(NaN, NaN, NaN),
        unary(new Softplus(), nonzero(), x -> Math.log(1 + Math.exp(x)))
            .special(0, Math.log(2), 0.5)
            .special(-50, 1.928749847963918e-22, 1.928749847963918e-22)
            .special(1000, 1000, 1)
            .special(-1000, 0, 0)
            .special(1e300, 1e300, 1)
            .special(INF, INF, 1)
            .special(-INF, 0, 0)
            .special(NaN, NaN, NaN),
        unary(new Silu(), nonzero(), x -> x / (1 + Math.exp(-x)))
            .special(0, 0, 0.5)
            .special(-0.0, -0.0, 0.5)
            .special(1000, 1000, 1)
            .special(-1000, -0.0, -0.0)
            .special(1e300, 1e300, 1)
            .special(INF, INF, 1)
            .special(-INF, -0.0, -0.0)
            .special(NaN, NaN, NaN),
        unary(new Gelu(), nonzero(), x -> x * distribution(x))
            .special(0, 0, 0.5)
            .special(-0.0, -0.0, 0.5)
            .special(1000, 1000, 1)
            .special(-1000, -0.0, 0)
            .special(1e300, 1e300, 1)
            .special(INF, INF, 1)
            .special(-INF, -0.0, 0)
            .special(NaN, NaN, NaN));
  }

  private static double elu(double alpha, double x) {
    return x > 0 ? x : alpha * Math.exp(x) - alpha;
  }

  // ---- of two elements -------------------------------------------------------------------------

  private static Stream<OpRow> pairs() {
    return Stream.of(
        broadcasting(new Add(), Double::sum)
            .exact()
            .refuses(
                ShapeException.class,
                "add: [4, 1, 3] and [5, 2, 3] do not broadcast: extents 4 and 5 differ and neither"
                    + " is 1 (axes are aligned at the right)",
                () -> Ops.add(zeros(4, 1, 3), zeros(5, 2, 3)))
            .refuses(
                ShapeException.class,
                "add: [50000, 50000] has at least 2500000000 elements, and an array holds at most"
                    + " 2147483639",
                () -> Ops.add(zeros(50_000, 1), zeros(1, 50_000)))
            .refuses(
                IllegalArgumentException.class,
                "add: 1 inputs, expected 2",
                () -> Tensor.of(new Add(), zeros())),
        broadcasting(new Sub(), (a, b) -> a - b).exact(),
        broadcasting(new Mul(), (a, b) -> a * b)
            .exact()
            .refuses(
                ShapeException.class,
                "mul: [0] and [2] do not broadcast: extents 0 and 2 differ and neither is 1 (axes"
                    + " are aligned at the right)",
                () -> Ops.mul(zeros(0), zeros(2))),
        broadcasting(new Div(), (a, b) -> a / b)
            .gives(
                OpCase.of(new Div(), vector(1, -1, 0, 1, INF), vector(0, 0, 0, -0.0, INF)),
                vector(INF, -INF, NaN, -INF, NaN))
            .givesGradients(
                OpCase.of(new Div(), vector(1, 1, INF), vector(0, -0.0, 2)),
                vector(INF, -INF, 0.5),
                vector(-INF, -INF, -INF)),
        comparing(new Maximum(), (a, b) -> a > b ? a : b)
            .gives(ties(new Maximum()), vector(1, 2, NaN, NaN, INF, 0))
            .givesGradients(
                ties(new Maximum()), vector(1, 0, 1, 1, 1, 1), vector(0, 1, 0, 0, 0, 0)),
        comparing(new Minimum(), (a, b) -> a < b ? a : b)
            .gives(ties(new Minimum()), vector(1, -INF, NaN, NaN, 3, -0.0))
            .givesGradients(
                ties(new Minimum()), vector(1, 1, 1, 1, 0, 1), vector(0, 0, 0, 0, 1, 0)));
  }

  /** A tie, both orders, NaN on each side, and the two zeros. */
  private static OpCase ties(Op op) {
    return OpCase.of(op, vector(1, -INF, NaN, 5, INF, 0), vector(1, 2, 4, NaN, 3, -0.0));
  }

  // ---- masks, choices --------------------------------------------------------------------------

  private static Stream<OpRow> masks() {
    return Stream.concat(
        Stream.of(
            comparison(Relation.GREATER, (a, b) -> a > b ? 1 : 0, 0, 1, 0, 0, 0),
            comparison(Relation.GREATER_EQUAL, (a, b) -> a > b ? 1 : 0, 0, 1, 1, 0, 1),
            comparison(Relation.LESS, (a, b) -> a < b ? 1 : 0, 1, 0, 0, 0, 0),
            comparison(Relation.LESS_EQUAL, (a, b) -> a < b ? 1 : 0, 1, 0, 1, 0, 1),
            comparison(Relation.EQUAL, (a, b) -> 0, 0, 0, 1, 0, 1),
            comparison(Relation.NOT_EQUAL, (a, b) -> 1, 1, 1, 0, 1, 0)),
        Stream.of(
            broadcasting(new Gate(), (a, b) -> a > 0 ? b : 0)
                .gives(
                    OpCase.of(new Gate(), vector(NaN, -1, 0, -0.0, 1), vector(7, NaN, INF, 2, NaN)),
                    vector(7, 0, 0, 0, NaN))
                .givesGradients(
                    OpCase.of(new Gate(), vector(NaN, -1, 0, -0.0, 1), vector(7, NaN, INF, 2, NaN)),
                    vector(0, 0, 0, 0, 0),
                    vector(1, 0, 0, 0, 1)),
            where(),
            OpRow.function("where of a mask", choices(ElementRows::ofMask))
                .oracle(c -> choose(c, mask -> mask > 0))
                .edges(edges(ElementRows::ofMask))
                .broadcasts(ElementRows::ofMask, nonzero(), nonzero(), nonzero())
                .refuses(
                    ShapeException.class,
                    "greater: [2, 3] and [2] do not broadcast: extents 3 and 2 differ and neither"
                        + " is 1 (axes are aligned at the right)",
                    () -> Ops.greater(zeros(2, 3), zeros(2)))));
  }

  /** A row of a relation, with its mask of ordinary pairs, a tie, NaN, and the two zeros. */
  private static OpRow comparison(Relation relation, DoubleBinaryOperator f, double... mask) {
    Op op = new Compare(relation);
    OpCase ties = OpCase.of(op, vector(1, INF, 3, NaN, 0), vector(2, -INF, 3, NaN, -0.0));
    return comparing(op, f)
        .gives(ties, vector(mask))
        .givesGradients(ties, vector(0, 0, 0, 0, 0), vector(0, 0, 0, 0, 0));
  }

  private static OpRow where() {
    Op op = new Where();
    OpCase unreached =
        OpCase.of(
            op,
            vector(0, -0.0, 1, NaN, -2, 1e-40),
            vector(NaN, INF, 3, 4, NaN, 6),
            vector(1, 2, INF, NaN, 5, -INF));
    OpCase repeated =
        OpCase.of(op, NdArray.of(new double[] {1, 0}, 2, 1), vector(7, 8, 9), vector(5));
    return OpRow.of(Where.class, choices(inputs -> OpCase.of(op, inputs)))
        .oracle(c -> choose(c, mask -> mask != 0))
        .edges(edges(inputs -> OpCase.of(op, inputs)))
        .gives(unreached, vector(1, 2, 3, 4, NaN, 6))
        .givesGradients(
            unreached, vector(0, 0, 0, 0, 0, 0), vector(0, 0, 1, 1, 1, 1), vector(1, 1, 0, 0, 0, 0))
        .gives(repeated, NdArray.of(new double[] {7, 8, 9, 5, 5, 5}, 2, 3))
        .givesGradients(repeated, NdArray.of(new double[] {0, 0}, 2, 1), vector(1, 1, 1), vector(3))
        .refuses(
            ShapeException.class,
            "where: [2, 3] and [2] do not broadcast: extents 3 and 2 differ and neither is 1 (axes"
                + " are aligned at the right)",
            () -> Ops.where(zeros(2, 1), zeros(3), zeros(2)))
        .refuses(
            IllegalArgumentException.class,
            "where: 2 inputs, expected 3",
            () -> Tensor.of(op, zeros(), zeros()));
  }

  /** A mask that differences can step beside without a change, and that has zeros. */
  private static OpCase ofMask(List<NdArray> inputs) {
    return OpCase.of(
        "where(m > 0, a, b)",
        in -> Ops.where(Ops.greater(in.get(0), 0), in.get(1), in.get(2)),
        inputs);
  }

  private static Arbitrary<OpCase> choices(Function<List<NdArray>, OpCase> of) {
    return Draw.shapes(0, 3)
        .flatMap(
            common ->
                combine(Draw.within(common), Draw.within(common), Draw.within(common), Draw.seeds())
                    .as((m, a, b, seed) -> of.apply(Draw.fill(seed, nonzero(), m, a, b))));
  }

  private static OpCase[] edges(Function<List<NdArray>, OpCase> of) {
    Shape one = Shape.of(1, 1);
    Shape empty = Shape.of(2, 0, 3);
    return Stream.of(
            List.of(Shape.of(), Shape.of(), Shape.of()),
            List.of(one, Shape.of(1), Shape.of()),
            List.of(empty, one, Shape.of()),
            List.of(Shape.of(), empty, Shape.of(1)),
            List.of(one, Shape.of(), empty))
        .map(shapes -> of.apply(Draw.fill(1, nonzero(), shapes.toArray(Shape[]::new))))
        .toArray(OpCase[]::new);
  }

  private static NdArray choose(OpCase c, DoublePredicate first) {
    Naive mask = Naive.of(c.input(0));
    Naive a = Naive.of(c.input(1));
    Naive b = Naive.of(c.input(2));
    Shape both = Shape.broadcast("oracle", a.shape(), b.shape());
    return Naive.generate(
            Shape.broadcast("oracle", mask.shape(), both).toArray(),
            i -> first.test(mask.broadcastAt(i)) ? a.broadcastAt(i) : b.broadcastAt(i))
        .as(DType.FLOAT64)
        .value();
  }

  // ---- what rows share -------------------------------------------------------------------------

  private static OpRow unary(Op op, Domain domain, DoubleUnaryOperator f) {
    return OpRow.unary(op, domain).oracle(c -> c.input(0).map(f));
  }

  private static OpRow broadcasting(Op op, DoubleBinaryOperator f) {
    return broadcasting(op, nonzero(), nonzero(), f);
  }

  /** Between pairs that do not tie. */
  private static OpRow comparing(Op op, DoubleBinaryOperator f) {
    Domain halves = (shape, seed) -> integers(-3, 3).draw(shape, seed).map(x -> x + 0.5);
    return broadcasting(op, integers(-3, 3), halves, f);
  }

  private static OpRow broadcasting(Op op, Domain first, Domain second, DoubleBinaryOperator f) {
    return OpRow.broadcasting(op, first, second)
        .oracle(
            c -> {
              Naive a = Naive.of(c.input(0));
              Naive b = Naive.of(c.input(1));
              Shape shape = Shape.broadcast("oracle", a.shape(), b.shape());
              return Naive.generate(
                      shape.toArray(), i -> f.applyAsDouble(a.broadcastAt(i), b.broadcastAt(i)))
                  .as(DType.FLOAT64)
                  .value();
            });
  }

  private static NdArray vector(double... values) {
    return NdArray.of(values, values.length);
  }

  private static Tensor zeros(int... dims) {
    return Tensor.constant(NdArray.zeros(DType.FLOAT64, Shape.of(dims)));
  }
}
