/**
 * The proof that an op is right, for the built-in ops and for yours: a row says what the op is
 * tried with, the contract checks all that an op promises, and the gate lets no op into a build
 * without a row.
 *
 * <ol>
 *   <li>{@link org.gradus.autograd.testkit.OpRow}: the op, its domain, its edges, its special
 *       values, its refusals.
 *   <li>{@link org.gradus.autograd.testkit.Call}: one line of a row, with inputs typed in: the
 *       value they give, the gradient at a kink, what becomes of NaN.
 *   <li>{@link org.gradus.autograd.testkit.OpContract}: what is checked, in one call.
 *   <li>{@link org.gradus.autograd.testkit.OpGate}: a class to extend, which enumerates the ops of
 *       packages.
 *   <li>{@link org.gradus.autograd.testkit.Draw} and {@link org.gradus.autograd.testkit.Domain}:
 *       shapes, geometries and numbers, for properties of your own. jqwik also fills parameters of
 *       these types by itself; see {@link org.gradus.autograd.testkit.Filled}.
 * </ol>
 *
 * <p>{@link org.gradus.autograd.testkit.Row}, {@link org.gradus.autograd.testkit.Contract}, {@link
 * org.gradus.autograd.testkit.Gate} and {@link org.gradus.autograd.testkit.Trials} are what a kit
 * for other things than ops is made of, such as that for layers. {@link
 * org.gradus.autograd.testkit.NullContract} and {@link org.gradus.autograd.testkit.MessageContract}
 * are about all public functions, and {@link org.gradus.autograd.testkit.Fuzz} about the readers of
 * files: damaged ones are refused in words.
 */
@NullMarked
package org.gradus.autograd.testkit;

import org.jspecify.annotations.NullMarked;
