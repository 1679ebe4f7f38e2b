package org.gradus.benchmarks;

import static org.gradus.benchmarks.Convolutions.drawn;

import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.gradus.autograd.Gradients;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.ops.Ops;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Ops beside convolution, in float32: on activations [64, 32, 16, 16], and products of matrices.
 * For the plain kernels, add {@code -jvmArgsAppend -Dgradus.kernels=plain}.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
public class Operations {
  private Tensor x;
  private Tensor other;
  private Tensor channels;
  private Tensor logits;
  private Tensor square;
  private Tensor row;
  private int[] labels;

  /** Draws what the ops work on. */
  @Setup
  public void prepare() {
    SplittableRandom random = new SplittableRandom(1);
    x = Tensor.variable(drawn(Shape.of(64, 32, 16, 16), random).value());
    other = drawn(Shape.of(64, 32, 16, 16), random);
    channels = drawn(Shape.of(32), random);
    logits = Tensor.variable(drawn(Shape.of(1024, 10), random).value());
    square = drawn(Shape.of(512, 512), random);
    row = drawn(Shape.of(1, 512), random);
    labels = random.ints(1024, 0, 10).toArray();
  }

  /** The sum of two arrays. */
  @Benchmark
  public Tensor add() {
    return Ops.add(other, other);
  }

  /** One number added to each channel. */
  @Benchmark
  public Tensor bias() {
    return Ops.bias(other, channels);
  }

  /** ReLU. */
  @Benchmark
  public Tensor relu() {
    return Ops.relu(other);
  }

  /** ReLU and its gradient. */
  @Benchmark
  public Gradients reluGradient() {
    return Gradients.pullback(Ops.relu(x), other, Gradients.Mode.VALUES, x);
  }

  /** The hyperbolic tangent. */
  @Benchmark
  public Tensor tanh() {
    return Ops.tanh(other);
  }

  /** The sums of the channels. */
  @Benchmark
  public Tensor sum() {
    return Ops.sum(other, 0, 2, 3);
  }

  /** Max-pooling by 2x2. */
  @Benchmark
  public Tensor maxPool() {
    return Ops.maxPool2d(other, 2);
  }

  /** Batch normalisation. */
  @Benchmark
  public Tensor batchNorm() {
    return Ops.batchNorm(other, channels, channels, 1e-5);
  }

  /** Cross-entropy of 1024 rows of 10 logits, and its gradient. */
  @Benchmark
  public Gradients crossEntropy() {
    return Gradients.backward(Ops.crossEntropy(logits, labels), logits);
  }

  /** A product of matrices of 512 x 512. */
  @Benchmark
  public Tensor matmul() {
    return Ops.matmul(square, square);
  }

  /** A row times a matrix, as in a layer for one image. */
  @Benchmark
  public Tensor matmulOfRow() {
    return Ops.matmul(row, square, false, true);
  }
}
