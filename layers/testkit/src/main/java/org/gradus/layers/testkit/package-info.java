/**
 * The proof that a layer keeps what a layer promises, for the built-in layers and for yours: a row
 * says how a layer is made, what goes in and comes out, and what its parameters are called; the
 * contract checks the rest; and the gate lets no layer into a build without a row. It is the twin,
 * for layers, of {@link org.gradus.autograd.testkit}, which proves ops.
 *
 * <ol>
 *   <li>{@link org.gradus.layers.testkit.LayerRow}: the layer, its parameters, shapes, values by
 *       hand, refusals.
 *   <li>{@link org.gradus.layers.testkit.LayerContract}: what is checked, in one call.
 *   <li>{@link org.gradus.layers.testkit.LayerGate}: a class to extend, which enumerates the layers
 *       of packages.
 * </ol>
 *
 * <p>A layer of your own takes one row, and the row is one expression:
 *
 * <pre>{@code
 * LayerRow.of(random -> new Residual(new Linear(4, 4, random)))
 *     .parameter("body.weight", 4, 4)
 *     .parameter("body.bias", 4)
 *     .example(Shape.of(4), Shape.of(4))
 *     .refusesInput("body: linear: input [2, 3] has 3 features, but the weight [4, 4] expects 4", 2, 3)
 * }</pre>
 */
@NullMarked
package org.gradus.layers.testkit;

import org.jspecify.annotations.NullMarked;
