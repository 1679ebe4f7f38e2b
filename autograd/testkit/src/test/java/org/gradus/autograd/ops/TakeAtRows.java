package org.gradus.autograd.ops;

import static org.gradus.autograd.ops.Values.count;
import static org.gradus.autograd.ops.Values.shape;
import static org.gradus.autograd.testkit.Call.array;
import static org.gradus.autograd.testkit.Call.call;
import static org.gradus.autograd.testkit.Call.vector;
import static org.gradus.autograd.testkit.Domain.nonzero;
import static org.gradus.autograd.testkit.Draw.fill;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.gradus.autograd.Op;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.Indices;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.ShapeException;
import org.gradus.autograd.testkit.OpCase;
import org.gradus.autograd.testkit.OpRow;

/** The row of what takes slabs at positions that are numbers of a tensor. */
final class TakeAtRows {
  private TakeAtRows() {}

  static Stream<OpRow> rows() {
    Op first = new TakeAt(0);
    return Stream.of(
        OpRow.of(
                TakeAt.class,
                RearrangementRows.slabs(
                    (whole, axis, indices, seed) ->
                        OpCase.of(
                            new TakeAt(axis),
                            fill(seed, nonzero(), whole).get(0),
                            numbers(indices))))
            .factors(1, 1) // or positions are none
            .oracle(
                c -> {
                  NdArray p = c.input(1);
                  int[] places = new int[p.size()];
                  Arrays.setAll(places, i -> (int) Math.rint(p.at(i)));
                  Take take = new Take(c.op(TakeAt.class).axis(), Indices.wrap(places, p.shape()));
                  return take.forward(List.of(c.input(0)));
                })
            .edges(
                OpCase.of(first, vector(5), array(shape(), 0)),
                OpCase.of(first, vector(5, 6), vector()),
                OpCase.of(new TakeAt(-1), count(2, 3), vector(2, 2, 0)))
            .calls(
                call((x, p) -> Ops.take(x, 0, p), count(3, 2), vector(2, 0))
                    .gives(array(shape(2, 2), 5, 6, 1, 2)),
                call(first, vector(5, 6, 7), vector(2, 0, 2))
                    .gives(vector(7, 5, 7))
                    .gradients(vector(1, 0, 2), vector(0, 0, 0)),
                call(first, vector(5, 6, 7), vector(1.999, -0.001)).gives(vector(7, 5)))
            .refuses(
                IllegalArgumentException.class,
                "take: position 3.0 at [1], expected a whole number from 0 to 2, for axis 0 of [3]",
                () -> first.forward(List.of(vector(5, 6, 7), vector(0, 3))))
            .refuses(
                IllegalArgumentException.class,
                "take: position -1.0 at [0], expected a whole number from 0 to 2, for axis 0 of"
                    + " [3]",
                () -> first.forward(List.of(vector(5, 6, 7), vector(-1))))
            .refuses(
                IllegalArgumentException.class,
                "take: position 0.01 at [0], expected a whole number from 0 to 2, for axis 0 of"
                    + " [3]",
                () -> first.forward(List.of(vector(5, 6, 7), vector(0.01))))
            .refuses(
                IllegalArgumentException.class,
                "take: position NaN at [0], expected a whole number from 0 to 2, for axis 0 of [3]",
                () -> first.forward(List.of(vector(5, 6, 7), vector(Double.NaN))))
            .refuses(
                ShapeException.class,
                "take: there is no axis 1 in [3], which has rank 1",
                () -> new TakeAt(1).forward(List.of(vector(5, 6, 7), vector(0)))));
  }

  private static NdArray numbers(Indices indices) {
    return NdArray.generate(DType.FLOAT64, indices.shape(), indices::at);
  }
}
