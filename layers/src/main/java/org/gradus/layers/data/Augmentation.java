package org.gradus.layers.data;

import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Nulls;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.array.ShapeException;

/**
 * Alters an input at random, so that a net meets it in another way in each epoch: an image, say, is
 * moved or mirrored. See {@link Augmentations} for those that are there.
 */
@FunctionalInterface
public interface Augmentation {

  /**
   * The input, altered.
   *
   * @param input one example, without the axis of the batch
   * @param random a function of the seed, the epoch and the example
   * @return of the same shape and element type for all inputs of a batch
   */
  NdArray apply(NdArray input, RandomGenerator random);

  /**
   * This, and then another.
   *
   * @param next is given what this one makes, and the same generator
   */
  default Augmentation then(Augmentation next) {
    Nulls.refuse("then: next", next);
    return (input, random) -> next.apply(apply(input, random), random);
  }

  /**
   * All inputs of a batch, altered, each with a generator that is a function of the seed and the
   * number of the example.
   *
   * @param batch of inputs [N, ...]; its targets stay as they are
   * @param seed of the epoch
   * @param numbers those that the N examples have in their data set
   * @throws ShapeException if there are more or fewer numbers, or if the inputs that this makes
   *     differ in shape or in element type
   */
  default Batch of(Batch batch, long seed, int... numbers) {
    Nulls.refuse("of: batch, numbers", batch, numbers);
    NdArray inputs = batch.inputs();
    if (numbers.length != batch.size()) {
      throw new ShapeException(
          "augmentation",
          "%s numbers of %s examples, expected as many".formatted(numbers.length, batch.size()));
    }
    if (numbers.length == 0) {
      return batch;
    }
    Shape one = Rows.shape(inputs);
    NdArray first = one(inputs, one, 0, seed, numbers);
    Shape shape = first.shape().stacked("shape", numbers.length);
    boolean isFloat = first.dtype() == DType.FLOAT32;
    Object all = isFloat ? new float[shape.size()] : new double[shape.size()];
    for (int i = 0; i < numbers.length; i++) {
      NdArray made = i == 0 ? first : one(inputs, one, i, seed, numbers);
      if (made.dtype() != first.dtype() || !made.shape().equals(first.shape())) {
        throw new ShapeException(
            "augmentation",
            "it makes an input of %s %s beside one of %s %s, expected one kind"
                .formatted(made.dtype(), made.shape(), first.dtype(), first.shape()));
      }
      System.arraycopy(made.storage(), 0, all, i * first.size(), first.size());
    }
    return new Batch(
        isFloat ? NdArray.wrap((float[]) all, shape) : NdArray.wrap((double[]) all, shape),
        batch.targets());
  }

  private NdArray one(NdArray inputs, Shape shape, int i, long seed, int... numbers) {
    NdArray input = Rows.row(inputs, shape, i);
    return Nulls.given(
        "augmentation: the input that it makes",
        apply(input, new SplittableRandom(Seeds.of(seed, numbers[i]))));
  }
}
