/**
 * Programs to run and to read, each with a test that asserts its numbers. Start with {@link
 * org.gradus.examples.GrowTheGraph} and {@link org.gradus.examples.ConvolutionWalkthrough}, which
 * need nothing but ops and gradients, and with the page that {@link org.gradus.examples.Explain}
 * writes; then {@link org.gradus.examples.LearnEdgeFilter}, {@link org.gradus.examples.LearnSine},
 * {@link org.gradus.examples.YourOwnOp} and {@link org.gradus.examples.TrainDigits}. A day's work
 * is in {@link org.gradus.examples.ClothesByLeNet}, {@link org.gradus.examples.TrainFashion},
 * {@link org.gradus.examples.Tabular}, {@link org.gradus.examples.ResidualDigits}, {@link
 * org.gradus.examples.SaveAndResume}, {@link org.gradus.examples.ClassifyInParallel}, {@link
 * org.gradus.examples.OwnLayer} and {@link org.gradus.examples.OwnLoop}. Without classes learn
 * {@link org.gradus.examples.DenoisingAutoencoder}, {@link org.gradus.examples.Siamese} and {@link
 * org.gradus.examples.Gan}. {@link org.gradus.examples.MislabelledDigits} finds wrong labels by the
 * gradients of single examples. {@link org.gradus.examples.Upscale} and {@link
 * org.gradus.examples.UpscaleFineTune} run, and train further, a network that others have trained.
 * {@link org.gradus.examples.Classify} reads digits in files of images, and {@link
 * org.gradus.examples.Serve} those that are posted to it, or drawn on its page. {@link
 * org.gradus.examples.SameBits} tells whether a machine computes what others do. A tutorial is in
 * the folder {@code examples/tutorial}, a project of one's own in {@code examples/starter}.
 */
@NullMarked
package org.gradus.examples;

import org.jspecify.annotations.NullMarked;
