/**
 * Training: what changes parameters, and when.
 *
 * <pre>
 *   Optimizer            owns what is remembered of parameters; takes steps by an UpdateMethod
 *   ParameterGradients   gradients as a value: added up, scaled, clipped
 *   TreeSum              a sum whose bits do not depend on who adds up which part
 *   Schedule, Plateau    what the rate is multiplied by
 *   RateCurve            finds a rate to begin with
 *   WeightAverage        a moving average of the parameters
 * </pre>
 *
 * <p>Gradients that are clipped example by example, as differential privacy asks for, come from
 * {@link org.gradus.autograd.functional.PerExample}; here is a step with noise:
 *
 * <pre>{@code
 * // given DoubleSupplier noise, int n
 * CrossEntropyOptions none = CrossEntropyOptions.none(); // losses [N], not their mean
 * PerExample g = PerExample.of(x -> crossEntropy(net.forward(x), labels, none), images);
 * ParameterGradients sum = ParameterGradients.of(g.clippedSum(1), net.parameters());
 * optimizer.step(sum.map((parameter, each) -> each.map(s -> s + noise.getAsDouble())).scaled(1.0 / n));
 * }</pre>
 *
 * <p>The methods, {@code Sgd}, {@code Adam} and others, are in {@link org.gradus.autograd.update};
 * its guide shows how to write one.
 */
@NullMarked
package org.gradus.layers.optim;

import org.jspecify.annotations.NullMarked;
