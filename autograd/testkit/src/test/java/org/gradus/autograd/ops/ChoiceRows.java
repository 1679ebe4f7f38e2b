package org.gradus.autograd.ops;

import static java.lang.Double.NaN;
import static net.jqwik.api.Combinators.combine;
import static org.gradus.autograd.ops.Elementwise.broadcasting;
import static org.gradus.autograd.ops.Elementwise.comparing;
import static org.gradus.autograd.ops.Values.INF;
import static org.gradus.autograd.ops.Values.count;
import static org.gradus.autograd.ops.Values.shape;
import static org.gradus.autograd.ops.Values.zeros;
import static org.gradus.autograd.testkit.Call.array;
import static org.gradus.autograd.testkit.Call.call;
import static org.gradus.autograd.testkit.Call.scalar;
import static org.gradus.autograd.testkit.Call.vector;
import static org.gradus.autograd.testkit.Domain.nonzero;

import java.util.List;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoublePredicate;
import java.util.function.Function;
import java.util.stream.Stream;
import net.jqwik.api.Arbitrary;
import org.gradus.autograd.Op;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.array.ShapeException;
import org.gradus.autograd.ops.Compare.Relation;
import org.gradus.autograd.testkit.Draw;
import org.gradus.autograd.testkit.OpCase;
import org.gradus.autograd.testkit.OpRow;

/** The rows of masks, and of what chooses by them. */
final class ChoiceRows {
  private ChoiceRows() {}

  static Stream<OpRow> rows() {
    return Stream.concat(
        Stream.of(
            comparison(Relation.GREATER, (a, b) -> a > b ? 1 : 0, 0, 1, 0, 0, 0)
                .calls(
                    "greater",
                    call(Ops::greater, vector(1, 2, 3), vector(2, 2, 2)).gives(vector(0, 0, 1)),
                    call(Ops::greater, vector(1, 2, 3), array(shape(2, 1), 2, 4))
                        .gives(array(shape(2, 3), 0, 0, 1, 0, 0, 0)),
                    call(x -> Ops.greater(x, 2), vector(1, 2, 3)).gives(vector(0, 0, 1)),
                    call(x -> Ops.greater(x, 2), vector()).gives(vector())),
            comparison(Relation.GREATER_EQUAL, (a, b) -> a > b ? 1 : 0, 0, 1, 1, 0, 1)
                .calls(
                    "greaterEqual",
                    call(Ops::greaterEqual, vector(1, 2, 3), vector(2, 2, 2))
                        .gives(vector(0, 1, 1)),
                    call(Ops::greaterEqual, vector(1, 2, 3), array(shape(2, 1), 2, 4))
                        .gives(array(shape(2, 3), 0, 1, 1, 0, 0, 0)),
                    call(x -> Ops.greaterEqual(x, 2), vector(1, 2, 3)).gives(vector(0, 1, 1)),
                    call(x -> Ops.greaterEqual(x, 2), vector()).gives(vector())),
            comparison(Relation.LESS, (a, b) -> a < b ? 1 : 0, 1, 0, 0, 0, 0)
                .calls(
                    "less",
                    call(Ops::less, vector(1, 2, 3), vector(2, 2, 2)).gives(vector(1, 0, 0)),
                    call(Ops::less, vector(1, 2, 3), array(shape(2, 1), 2, 4))
                        .gives(array(shape(2, 3), 1, 0, 0, 1, 1, 1)),
                    call(x -> Ops.less(x, 2), vector(1, 2, 3)).gives(vector(1, 0, 0)),
                    call(x -> Ops.less(x, 2), vector()).gives(vector())),
            comparison(Relation.LESS_EQUAL, (a, b) -> a < b ? 1 : 0, 1, 0, 1, 0, 1)
                .calls(
                    "lessEqual",
                    call(Ops::lessEqual, vector(1, 2, 3), vector(2, 2, 2)).gives(vector(1, 1, 0)),
                    call(Ops::lessEqual, vector(1, 2, 3), array(shape(2, 1), 2, 4))
                        .gives(array(shape(2, 3), 1, 1, 0, 1, 1, 1)),
                    call(x -> Ops.lessEqual(x, 2), vector(1, 2, 3)).gives(vector(1, 1, 0)),
                    call(x -> Ops.lessEqual(x, 2), vector()).gives(vector())),
            comparison(Relation.EQUAL, (a, b) -> 0, 0, 0, 1, 0, 1)
                .calls(
                    "equal",
                    call(Ops::equal, vector(1, 2, 3), vector(2, 2, 2)).gives(vector(0, 1, 0)),
                    call(Ops::equal, vector(1, 2, 3), array(shape(2, 1), 2, 4))
                        .gives(array(shape(2, 3), 0, 1, 0, 0, 0, 0)),
                    call(x -> Ops.equal(x, 2), vector(1, 2, 3)).gives(vector(0, 1, 0)),
                    call(x -> Ops.equal(x, 2), vector()).gives(vector())),
            comparison(Relation.NOT_EQUAL, (a, b) -> 1, 1, 1, 0, 1, 0)
                .calls(
                    "notEqual",
                    call(Ops::notEqual, vector(1, 2, 3), vector(2, 2, 2)).gives(vector(1, 0, 1)),
                    call(Ops::notEqual, vector(1, 2, 3), array(shape(2, 1), 2, 4))
                        .gives(array(shape(2, 3), 1, 0, 1, 1, 1, 1)),
                    call(x -> Ops.notEqual(x, 2), vector(1, 2, 3)).gives(vector(1, 0, 1)),
                    call(x -> Ops.notEqual(x, 2), vector()).gives(vector()))),
        Stream.of(
            broadcasting(new Gate(), (a, b) -> a > 0 ? b : 0)
                .calls(
                    call(Ops::gate, array(shape(2, 3), 0.1, -0.1, 0, -0.0, -7, 7), count(2, 3))
                        .gives(array(shape(2, 3), 1, 0, 0, 0, 0, 6)),
                    call(Ops::gate, vector(-1, 1, 0), count(2, 3))
                        .gives(array(shape(2, 3), 0, 2, 0, 0, 5, 0)),
                    call(Ops::gate, array(shape(2, 1), 1, -1), count(2, 3))
                        .gives(array(shape(2, 3), 1, 2, 3, 0, 0, 0)),
                    call(Ops::gate, array(shape(2, 1), 1, -1), vector(5, 6))
                        .gives(array(shape(2, 2), 5, 6, 0, 0)),
                    call(Ops::gate, scalar(1), scalar(-3)).gives(scalar(-3)),
                    call(new Gate(), vector(NaN, -1, 0, -0.0, 1), vector(7, NaN, INF, 2, NaN))
                        .gives(vector(7, 0, 0, 0, NaN))
                        .gradients(vector(0, 0, 0, 0, 0), vector(1, 0, 0, 0, 1))),
            where(),
            OpRow.function("where of a mask", choices(ChoiceRows::ofMask))
                .oracle(c -> choose(c, mask -> mask > 0))
                .edges(edges(ChoiceRows::ofMask))
                .broadcasts(ChoiceRows::ofMask, nonzero(), nonzero(), nonzero())
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
        .calls(
            call(ties).gives(vector(mask)).gradients(vector(0, 0, 0, 0, 0), vector(0, 0, 0, 0, 0)));
  }

  private static OpRow where() {
    Op op = new Where();
    OpCase unreached =
        OpCase.of(
            op,
            vector(0, -0.0, 1, NaN, -2, 1e-40),
            vector(NaN, INF, 3, 4, NaN, 6),
            vector(1, 2, INF, NaN, 5, -INF));
    OpCase repeated = OpCase.of(op, array(shape(2, 1), 1, 0), vector(7, 8, 9), vector(5));
    return OpRow.of(Where.class, choices(inputs -> OpCase.of(op, inputs)))
        .oracle(c -> choose(c, mask -> mask != 0))
        .edges(edges(inputs -> OpCase.of(op, inputs)))
        .calls(
            call(
                    Ops::where,
                    array(shape(2, 3), 1, 0, -2, 0, 0.5, -0.0),
                    count(2, 3),
                    vector(10, 20, 30))
                .gives(array(shape(2, 3), 1, 20, 3, 10, 5, 30)),
            call(
                    Ops::where,
                    array(shape(2, 3), 1, 0, -2, 0, 0.5, -0.0),
                    array(shape(2, 1), 10, 20),
                    count(2, 3))
                .gives(array(shape(2, 3), 10, 2, 10, 4, 20, 6)),
            call(Ops::where, array(shape(2, 1), 1, 0), scalar(3), vector(7, 8))
                .gives(array(shape(2, 2), 3, 3, 7, 8)),
            call(
                    (mask, x) -> Ops.where(mask, x, -9),
                    array(shape(2, 3), 1, 0, -2, 0, 0.5, -0.0),
                    count(2, 3))
                .gives(array(shape(2, 3), 1, -9, 3, -9, 5, -9)),
            call(
                    (mask, x) -> Ops.where(mask, -9, x),
                    array(shape(2, 3), 1, 0, -2, 0, 0.5, -0.0),
                    count(2, 3))
                .gives(array(shape(2, 3), -9, 2, -9, 4, -9, 6)),
            call((mask, x) -> Ops.where(mask, 1, x), scalar(0), scalar(2)).gives(scalar(2)),
            call((mask, x) -> Ops.where(mask, 1, x), vector(), vector(2)).gives(vector()),
            // no gradient goes to the mask
            call((mask, x) -> Ops.where(mask, x, 0), vector(1, -2), vector(5, 6))
                .gradients(vector(0, 0)),
            call(
                    (x, y) -> Ops.square(Ops.where(Ops.less(x, y), x, y)),
                    vector(1, 2, 3),
                    vector(1, 3, 2))
                .derivatives(vector(0, 4, 0), vector(0, 2, 0)),
            call(unreached)
                .gives(vector(1, 2, 3, 4, NaN, 6))
                .gradients(
                    vector(0, 0, 0, 0, 0, 0), vector(0, 0, 1, 1, 1, 1), vector(1, 1, 0, 0, 0, 0)),
            call(repeated)
                .gives(array(shape(2, 3), 7, 8, 9, 5, 5, 5))
                .gradients(array(shape(2, 1), 0, 0), vector(1, 1, 1), vector(3)))
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
}
