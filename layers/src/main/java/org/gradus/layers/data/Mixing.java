package org.gradus.layers.data;

import java.util.random.RandomGenerator;
import org.gradus.autograd.array.Nulls;

/**
 * Mixes the examples of a batch with each other at random, and their targets with them, so that a
 * net learns what lies between the examples. For training alone:
 *
 * <pre>{@code
 * Batches batches = Batches.shuffled(data, 128, seed).mixed(Mixing.mixup(0.2, 10));
 * for (Batch batch : batches.epoch(1)) {
 *   Tensor loss = crossEntropy(net.forward(batch.inputs()), Tensor.constant(batch.targets()));
 * }
 * }</pre>
 */
@FunctionalInterface
public interface Mixing {

  /**
   * The batch, mixed.
   *
   * @param batch inputs [N, ...] and targets [N, ...]
   * @param random a function of the seed, the epoch and the number of the batch
   * @return of as many examples
   */
  Batch apply(Batch batch, RandomGenerator random);

  /**
   * This, and then another.
   *
   * @param next is given what this one makes, and the same generator
   */
  default Mixing then(Mixing next) {
    Nulls.refuse("then: next", next);
    return (batch, random) -> next.apply(apply(batch, random), random);
  }

  /**
   * Mixup: each example is mixed with another one of its batch, all by one share.
   *
   * <pre>
   *   share from Beta(alpha, alpha); p a permutation of the batch
   *   inputs[n] = share inputs[n] + (1 - share) inputs[p(n)]
   *   targets[n] = share targets[n] + (1 - share) targets[p(n)]
   * </pre>
   *
   * <p>Targets [N] are classes, and become probabilities [N, classes] of the inputs' element type,
   * 1 at the class before they are mixed. Targets [N, classes] are mixed as they are. Computed in
   * double precision and rounded to the element types. What this makes refuses other shapes of
   * targets by a {@link org.gradus.autograd.array.ShapeException}, and a target that is no class by
   * an {@link IllegalArgumentException}.
   *
   * @param alpha from 0.001 to 1000; for a small one most shares are near 0 or 1. The authors have
   *     0.1 to 0.4 for ImageNet, and 1 for CIFAR-10
   * @param classes at least 1
   * @throws IllegalArgumentException if a number is out of its range
   * @see <a href="https://arxiv.org/abs/1710.09412">Zhang et al., mixup: beyond empirical risk
   *     minimization</a>
   */
  static Mixing mixup(double alpha, int classes) {
    return new Mixup(alpha, classes);
  }

  /**
   * CutMix: a rectangle of each image is replaced by what another image of its batch has there; all
   * by one rectangle.
   *
   * <pre>
   *   lambda from Beta(alpha, alpha); p a permutation of the batch
   *   rows H sqrt(1 - lambda), columns W sqrt(1 - lambda), each rounded; its centre any pixel;
   *   what lies outside of the image is cut off
   *   inputs[n] = inputs[p(n)] within the rectangle, and inputs[n] elsewhere
   *   targets[n] = share targets[n] + (1 - share) targets[p(n)]
   *   share = 1 - pixels of the rectangle / (H W)
   * </pre>
   *
   * <p>Targets are as those of {@link #mixup}. What this makes refuses inputs other than [N, C, H,
   * W], too, by a {@link org.gradus.autograd.array.ShapeException}.
   *
   * @param alpha from 0.001 to 1000; the authors have 1, for which each lambda is equally likely
   * @param classes at least 1
   * @throws IllegalArgumentException if a number is out of its range
   * @see <a href="https://arxiv.org/abs/1905.04899">Yun et al., CutMix</a>
   */
  static Mixing cutmix(double alpha, int classes) {
    return new Cutmix(alpha, classes);
  }
}
