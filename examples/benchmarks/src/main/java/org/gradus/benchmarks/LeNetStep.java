package org.gradus.benchmarks;

import static org.gradus.autograd.ops.Ops.crossEntropy;

import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.update.Sgd;
import org.gradus.examples.TrainDigits;
import org.gradus.layers.Sequential;
import org.gradus.layers.optim.Optimizer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One training step of LeNet-5 (6 and 16 filters of 5x5, 120-84-10, ReLU, max-pooling) on images of
 * 28x28 in float32: forward, cross-entropy, all gradients, and SGD with momentum. The result is a
 * distribution: quote its median (p0.50) and its best (p0.00).
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
public class LeNetStep {
  /** Images in a batch. */
  @Param({"64", "1"})
  public int batch;

  private Sequential net;
  private Optimizer optimizer;
  private Tensor images;
  private int[] labels;

  /** Makes the net and one batch, which is used again and again. */
  @Setup
  public void prepare() {
    SplittableRandom random = new SplittableRandom(1);
    net = TrainDigits.lenet(random);
    optimizer = new Optimizer(net.parameters(), new Sgd(0.001).momentum(0.9));
    Shape shape = Shape.of(batch, 1, 28, 28);
    images = Tensor.constant(NdArray.generate(DType.FLOAT32, shape, i -> random.nextDouble()));
    labels = IntStream.range(0, batch).map(i -> random.nextInt(10)).toArray();
  }

  /** The step; returns the loss, so that nothing is optimised away. */
  @Benchmark
  public double trainingStep() {
    return optimizer.minimize(crossEntropy(net.forward(images), labels));
  }
}
