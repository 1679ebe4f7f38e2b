package org.gradus.benchmarks;

import static org.gradus.autograd.ops.ConvOptions.same;
import static org.gradus.autograd.ops.ConvOptions.valid;

import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.internal.kernel.Axis;
import org.gradus.autograd.internal.kernel.ConvSizes;
import org.gradus.autograd.internal.kernel.Kernels;
import org.gradus.autograd.internal.kernel.Way;
import org.gradus.autograd.internal.kernel.WindowSizes;
import org.gradus.autograd.ops.ConvGeometry;
import org.gradus.autograd.ops.ConvOptions;
import org.gradus.autograd.ops.Ops;
import org.gradus.autograd.ops.Window;
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
 * Convolution and its two adjoints, each one kernel, in float32. For the plain kernels, add {@code
 * -jvmArgsAppend -Dgradus.kernels=plain}.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
public class Convolutions {
  /** Convolutions that take different ways through the kernels. */
  @SuppressWarnings("ImmutableEnumChecker") // shapes and options are immutable
  public enum Kind {
    /** LeNet's first, [64, 1, 28, 28], 6 of 5x5: few filters. */
    LENET_1(Shape.of(64, 1, 28, 28), Shape.of(6, 1, 5, 5), valid()),
    /** LeNet's second, [64, 6, 12, 12], 16 of 5x5. */
    LENET_2(Shape.of(64, 6, 12, 12), Shape.of(16, 6, 5, 5), valid()),
    /** [32, 64, 56, 56], 64 of 3x3: Winograd. */
    WINOGRAD(Shape.of(32, 64, 56, 56), Shape.of(64, 64, 3, 3), same()),
    /** [32, 64, 28, 28], 64 of 5x5: deep windows. */
    DEEP(Shape.of(32, 64, 28, 28), Shape.of(64, 64, 5, 5), same()),
    /** [32, 64, 28, 28], 64 of 1x1. */
    POINTWISE(Shape.of(32, 64, 28, 28), Shape.of(64, 64, 1, 1), valid()),
    /** [32, 64, 28, 28], 3x3 for each channel by itself. */
    DEPTHWISE(Shape.of(32, 64, 28, 28), Shape.of(64, 1, 3, 3), same().groups(64)),
    /** [32, 32, 28, 28], 64 of 3x3, stride 2. */
    STRIDED(Shape.of(32, 32, 28, 28), Shape.of(64, 32, 3, 3), valid().padding(1).stride(2));

    private final Shape x;
    private final Shape w;
    private final ConvOptions options;

    Kind(Shape x, Shape w, ConvOptions options) {
      this.x = x;
      this.w = w;
      this.options = options;
    }
  }

  /** Which convolution. */
  @Param public Kind kind;

  private ConvGeometry geometry;
  private Tensor x;
  private Tensor w;
  private Tensor y;

  /** Draws image, weights and cotangent, and prints which ways the kernels take. */
  @Setup
  public void prepare() {
    SplittableRandom random = new SplittableRandom(1);
    geometry = kind.options.geometry(kind.x, kind.w);
    x = drawn(kind.x, random);
    w = drawn(kind.w, random);
    y = drawn(Ops.conv2d(x, w, geometry).shape(), random);
    List<Way> ways = Kernels.of(x.value().toFloatArray()).ways(sizes());
    System.out.printf(
        "%s goes by %s, its gradient in the input by %s, in the weights by %s%n",
        kind, ways.get(0), ways.get(1), ways.get(2));
  }

  private ConvSizes sizes() {
    WindowSizes window = new WindowSizes(axis(geometry.rows()), axis(geometry.columns()));
    int batch = kind.x.dim(0);
    return new ConvSizes(batch, kind.x.dim(1), kind.w.dim(0), kind.options.groups(), window);
  }

  private static Axis axis(Window along) {
    return new Axis(
        along.input(),
        along.kernel(),
        along.stride(),
        along.padBefore(),
        along.padAfter(),
        along.dilation(),
        along.output());
  }

  static Tensor drawn(Shape shape, SplittableRandom random) {
    return Tensor.constant(NdArray.generate(DType.FLOAT32, shape, i -> random.nextDouble() - 0.5));
  }

  /** The convolution. */
  @Benchmark
  public Tensor forward() {
    return Ops.conv2d(x, w, geometry);
  }

  /** Its gradient in the input. */
  @Benchmark
  public Tensor inInput() {
    return Ops.conv2dInput(w, y, geometry);
  }

  /** Its gradient in the weights. */
  @Benchmark
  public Tensor inWeights() {
    return Ops.conv2dWeight(x, y, geometry);
  }
}
