/**
 * Programs to run and to read, each with a test that asserts its numbers. Start with {@link
 * org.gradus.examples.ConvolutionWalkthrough}, which needs nothing but ops and gradients; then
 * {@link org.gradus.examples.LearnEdgeFilter}, {@link org.gradus.examples.LearnSine}, {@link
 * org.gradus.examples.YourOwnOp} and {@link org.gradus.examples.TrainDigits}. A day's work is in
 * {@link org.gradus.examples.ResidualDigits}, {@link org.gradus.examples.OwnLayer}, {@link
 * org.gradus.examples.OwnLoop} and {@link org.gradus.examples.Gan}.
 */
@NullMarked
package org.gradus.examples;

import org.jspecify.annotations.NullMarked;
