/**
 * Layers: functions of tensors that own parameters, and how they are put together.
 *
 * <pre>{@code
 * RandomGenerator random = new SplittableRandom(1);
 * Sequential net =
 *     new Sequential(
 *         new Conv2d(1, 6, 5, random), // [N, 1, 28, 28] -> [N, 6, 24, 24]
 *         new Relu(),
 *         new MaxPool2d(2), // -> [N, 6, 12, 12]
 *         new Flatten(), // -> [N, 864]
 *         new Linear(864, 10, random)); // -> logits [N, 10]
 * Optimizer optimizer = new Optimizer(net, new Sgd(0.02).momentum(0.9));
 *
 * for (Batch batch : Batches.shuffled(data, 32, seed).epoch(1)) {
 *   Tensor logits = net.forward(batch.inputs());
 *   double loss = optimizer.minimize(crossEntropy(logits, batch.labels()));
 * }
 * }</pre>
 *
 * <p>A net that does something else in training, as dropout and batch normalisation do, is handed a
 * {@link Pass}:
 *
 * <pre>{@code
 * Pass pass = Pass.training(seed, optimizer.steps());
 * optimizer.minimize(crossEntropy(net.forward(x, pass), labels), pass);
 * }</pre>
 *
 * <p>Losses are ops: see {@link org.gradus.autograd.ops.Ops}. Read {@link Layer}, {@link
 * AbstractLayer}, {@link Pass} and {@link Parameter} first, then {@link Linear} and {@link
 * Dropout}. {@link Summary} and {@link Trace} show what is in a net, and what happens in it. A
 * trained net is put to use by a {@link org.gradus.layers.serve.Predictor}, which is faster than
 * {@link Layer#predict(org.gradus.autograd.array.NdArray)}.
 */
@NullMarked
package org.gradus.layers;

import org.jspecify.annotations.NullMarked;
