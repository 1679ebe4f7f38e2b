/**
 * How optimisers change parameters, yours and the library's: an {@link
 * org.gradus.autograd.update.UpdateRule} says what becomes of one number, and an {@link
 * org.gradus.autograd.update.UpdateState} keeps what the rule remembers of a whole array, and
 * applies it. Adam, for example, is a rule that keeps two numbers of each element:
 *
 * <pre>{@code
 * record Adam(double rate, double b1, double b2, double epsilon, int step) implements UpdateRule {
 *   public int kept() {
 *     return 2;
 *   }
 *
 *   public double next(double value, double gradient, double[] kept) {
 *     kept[0] = b1 * kept[0] + (1 - b1) * gradient;
 *     kept[1] = b2 * kept[1] + (1 - b2) * gradient * gradient;
 *     double mean = kept[0] / (1 - Math.pow(b1, step));
 *     double square = kept[1] / (1 - Math.pow(b2, step));
 *     return value - rate * mean / (Math.sqrt(square) + epsilon);
 *   }
 * }
 * }</pre>
 *
 * <p>An optimiser holds a state for each parameter, and puts each next value in place of the last:
 *
 * <pre>{@code
 * UpdateState state = UpdateState.zeros(2, parameter.dtype(), parameter.shape());
 * parameter.set(state.step(new Adam(0.001, 0.9, 0.999, 1e-8, 1), parameter.value(), gradient));
 * }</pre>
 */
@NullMarked
package org.gradus.autograd.update;

import org.jspecify.annotations.NullMarked;
