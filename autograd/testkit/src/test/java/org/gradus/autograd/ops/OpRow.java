package org.gradus.autograd.ops;

import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import org.gradus.autograd.Op;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.check.GradientCheck;

/**
 * What a contract must know of an op: its class, the cases it is tried with, and whether
 * differences of any step are exact for it, since it is linear or quadratic in each of its inputs.
 */
public record OpRow(Class<? extends Op> type, Arbitrary<OpCase> cases, boolean exact) {

  /** An op whose cases are drawn as said. */
  public static OpRow of(Class<? extends Op> type, Arbitrary<OpCase> cases) {
    return new OpRow(type, cases, false);
  }

  /** An op of one input of any shape. */
  public static OpRow unary(Op op, Domain domain) {
    return unary(op, Draw.shapes(0, 3), domain);
  }

  /** An op of one input of these shapes. */
  public static OpRow unary(Op op, Arbitrary<Shape> shapes, Domain domain) {
    return of(
        op.getClass(),
        Combinators.combine(shapes, Draw.seeds())
            .as((shape, seed) -> new OpCase(op, Draw.fill(seed, domain, shape))));
  }

  /** An op of two inputs of shapes that broadcast. */
  public static OpRow broadcasting(Op op) {
    return of(
        op.getClass(),
        Combinators.combine(Draw.broadcastable(), Draw.seeds())
            .as(
                (shapes, seed) ->
                    new OpCase(op, Draw.fill(seed, Domain.NONZERO, shapes.get(0), shapes.get(1)))));
  }

  /** An op of two inputs of one shape. */
  public static OpRow pairs(Op op, Arbitrary<Shape> shapes) {
    return of(
        op.getClass(),
        Combinators.combine(shapes, Draw.seeds())
            .as((shape, seed) -> new OpCase(op, Draw.fill(seed, Domain.NONZERO, shape, shape))));
  }

  /** The same row, with differences that are exact for any step. */
  public OpRow asExact() {
    return new OpRow(type, cases, true);
  }

  /** The gradient check of a case. */
  GradientCheck check(OpCase example) {
    GradientCheck check = GradientCheck.of(example.op()).orders(2);
    return exact ? check.linear() : check;
  }
}
