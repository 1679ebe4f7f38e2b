package org.gradus.layers;

import java.util.random.RandomGenerator;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Nulls;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.array.ShapeException;
import org.gradus.autograd.inspect.Recording;
import org.gradus.autograd.ops.Ops;

/**
 * A learned vector for each word of a vocabulary.
 *
 * <pre>
 *   x [...], weight w [V, D]
 *   y[..., d] = w[x[...], d]
 * </pre>
 *
 * <p>x holds whole numbers from 0 to V - 1, in the element type of the weight; another number is
 * refused. No gradient flows to x. See {@link Ops#take}.
 */
public final class Embedding extends AbstractLayer {
  /** All whole numbers up to this one are float32 numbers. */
  private static final int MOST_WORDS = 1 << 24;

  private final Parameter weight;

  /**
   * A float32 layer, the weight drawn from the standard normal distribution.
   *
   * @param words of the vocabulary, at least 1
   * @param features of a vector, at least 1
   * @param random draws the weight
   * @throws IllegalArgumentException if a number is out of its range
   */
  public Embedding(int words, int features, RandomGenerator random) {
    this(draw(words, features, random));
  }

  /**
   * A layer with this first weight.
   *
   * @param weight [V, D]
   * @throws ShapeException if its shape is another, or there are more words than its element type
   *     counts
   */
  public Embedding(NdArray weight) {
    Nulls.refuse("embedding: weight", weight);
    if (weight.shape().rank() != 2) {
      throw new ShapeException(
          "embedding",
          "weight %s has rank %s, expected 2".formatted(weight.shape(), weight.shape().rank()));
    }
    if (weight.dtype() == DType.FLOAT32 && weight.shape().dim(0) > MOST_WORDS) {
      throw new ShapeException(
          "embedding",
          "weight %s has %s words, but FLOAT32 counts to %s; take FLOAT64"
              .formatted(weight.shape(), weight.shape().dim(0), MOST_WORDS));
    }
    this.weight = parameter("weight", weight);
  }

  private static NdArray draw(int words, int features, RandomGenerator random) {
    Affine.requirePositive("embedding", "words", words);
    Affine.requirePositive("embedding", "features", features);
    Nulls.refuse("embedding: random", random);
    Shape shape = Shape.of("embedding", words, features);
    return NdArray.generate(DType.FLOAT32, shape, i -> random.nextGaussian());
  }

  /** The vectors [V, D]. */
  public Parameter weight() {
    return weight;
  }

  @Override
  protected Tensor compute(Tensor x, Pass pass) {
    Tensor w = pass.use(weight);
    x.dtype().require(name(), "the weight", w.dtype());
    if (!Recording.isGiven(x)) { // what is recorded has no words yet; then the op refuses them
      requireWords(x, w.shape().dim(0));
    }
    return Ops.take(w, 0, x);
  }

  private void requireWords(Tensor x, int words) {
    NdArray numbers = x.value();
    for (int i = 0; i < numbers.size(); i++) {
      double word = numbers.at(i);
      if (!(word >= 0 && word < words && word == Math.rint(word))) {
        throw new IllegalArgumentException(
            "%s: word %s of input %s, expected a whole number from 0 to %s"
                .formatted(name(), word, x.shape(), words - 1));
      }
    }
  }
}
