/**
 * How optimisers change parameters, yours and the library's.
 *
 * <pre>
 *   UpdateMethod   a method of optimising, as {@link org.gradus.autograd.update.Adam} or {@link
 *                  org.gradus.autograd.update.Sgd}: what is kept of an element, and the rule of each step
 *   UpdateRule     what becomes of one number in one step
 *   UpdateState    what is kept of a whole array; applies rules to it
 * </pre>
 *
 * <p>The rules of the library's methods are applied by kernels, in one pass over memory. A method
 * of your own is a record with a function of one element. Rprop without weight backtracking, for
 * example, keeps the last gradient and a step for each element:
 *
 * <pre>{@code
 * record Rprop(double rate) implements UpdateMethod {
 *   public List<String> kept() {
 *     return List.of("prev", "step_size");
 *   }
 *
 *   public UpdateRule rule(double rate, long step) {
 *     return (value, gradient, kept) -> {
 *       double agreement = Math.signum(gradient * kept[0]);
 *       double factor = agreement > 0 ? 1.2 : agreement < 0 ? 0.5 : 1;
 *       kept[1] = step == 1 ? rate : Math.min(50, Math.max(1e-6, factor * kept[1]));
 *       kept[0] = agreement < 0 ? 0 : gradient;
 *       return value - Math.signum(kept[0]) * kept[1];
 *     };
 *   }
 * }
 * }</pre>
 *
 * <p>An optimiser holds a state for each parameter, and puts each next value in place of the last:
 *
 * <pre>{@code
 * // given Parameter parameter, NdArray gradient
 * UpdateMethod adam = new Adam(0.001);
 * UpdateState state = UpdateState.zeros(adam.kept().size(), parameter.dtype(), parameter.shape());
 * parameter.set(state.step(adam.rule(0.001, 1), parameter.value(), gradient));
 * }</pre>
 */
@NullMarked
package org.gradus.autograd.update;

import org.jspecify.annotations.NullMarked;
