package org.gradus.onnx;

import static org.gradus.autograd.ops.Axes.axes;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.ops.BatchStatistics;
import org.gradus.autograd.ops.Ops;
import org.gradus.autograd.ops.PoolOptions;
import org.gradus.autograd.ops.WindowOptions;
import org.gradus.layers.BatchNorm1d;
import org.gradus.layers.BatchNorm2d;
import org.gradus.layers.Layer;
import org.gradus.layers.Parameter;

/** What keeps numbers in a network of one size. */
final class Normalizations {
  /** What a batch normalisation has without an attribute. */
  static final float MOMENTUM = 0.9f;

  private Normalizations() {}

  static List<Operator> operators() {
    return List.of(
        Operator.many(
                "BatchNormalization",
                1,
                5,
                5,
                3,
                "epsilon:float momentum:float spatial:int@-8 training_mode:int@14- is_test:int@-6",
                Normalizations::batch)
            .with(Operator.Role.WEIGHT, 1, 2)
            .with(Operator.Role.STATISTIC, 3, 4)
            .checked(Normalizations::checkBatch),
        Operator.of(
                "InstanceNormalization",
                1,
                3,
                3,
                "epsilon:float",
                call ->
                    call.like(
                        0,
                        Ops.instanceNorm(
                            call.tensor(0),
                            call.tensor(1),
                            call.tensor(2),
                            call.node().number("epsilon", 1e-5f))))
            .with(Operator.Role.WEIGHT, 1, 2),
        Operator.many(
                "LayerNormalization",
                17,
                2,
                3,
                3,
                "axis:int epsilon:float stash_type:int",
                Normalizations::layer)
            .with(Operator.Role.WEIGHT, 1, 2),
        Operator.of(
                "GroupNormalization",
                18,
                3,
                3,
                "epsilon:float num_groups:int! stash_type:int@21-",
                Normalizations::group)
            .with(Operator.Role.WEIGHT, 1, 2),
        Operator.of(
            "MeanVarianceNormalization", 9, 1, 1, "axes:ints", Normalizations::meanVariance),
        Operator.of("LpNormalization", 1, 1, 1, "axis:int p:int", Normalizations::lp)
            .checked(node -> node.whole("p", 2, 1, 2)),
        Operator.of(
                "LRN", 1, 1, 1, "alpha:float beta:float bias:float size:int!", Normalizations::lrn)
            .checked(node -> node.whole("size", 1, 1, 1 << 20)),
        along("Softmax", Ops::softmax),
        along("LogSoftmax", Ops::logSoftmax));
  }

  /** A function of lines; before version 13, of all axes from one on as one line. */
  private static Operator along(String name, BiFunction<Tensor, Integer, Tensor> function) {
    return Operator.of(
        name,
        1,
        1,
        1,
        "axis:int",
        call -> {
          Shape shape = call.shape(0);
          boolean isOld = call.version() < 13;
          int axis = call.axis((int) call.node().whole("axis", isOld ? 1 : -1), shape.rank());
          if (!isOld || axis == shape.rank() - 1) {
            return call.moved(x -> function.apply(x, axis));
          }
          int lines = shape.size(0, axis);
          int length = shape.size(axis, shape.rank());
          return call.moved(
              x -> Ops.reshape(function.apply(Ops.reshape(x, lines, length), 1), shape.toArray()));
        });
  }

  // ---- batches ---------------------------------------------------------------------------------

  private static void checkBatch(Node node) {
    if (!node.flag("spatial", true)) {
      throw new IllegalArgumentException("attribute spatial is 0, expected 1");
    }
    if (node.outputs().size() > 1 && !node.flag("training_mode", false)) {
      throw new IllegalArgumentException(
          "it has %s outputs, expected 1 unless attribute training_mode is 1"
              .formatted(node.outputs().size()));
    }
  }

  private static List<Value> batch(Call call) {
    Tensor given = call.tensor(0);
    Shape shape = given.shape();
    if (shape.rank() < 2) {
      throw call.refused("input %s, expected rank 2 or higher".formatted(shape));
    }
    Tensor x = shape.rank() <= 4 ? given : Ops.reshape(given, shape.dim(0), shape.dim(1), -1);
    double epsilon = call.node().number("epsilon", 1e-5f);
    boolean isTraining = call.node().flag("training_mode", false);
    Optional<Parameter> mean = call.statistic(3);
    Optional<Parameter> variance = call.statistic(4);
    boolean isFollowed = call.pass().isTraining() && mean.isPresent() && variance.isPresent();
    Tensor gamma = call.tensor(1);
    Tensor beta = call.tensor(2);
    if (!isTraining && !isFollowed) {
      Tensor y = Ops.batchNorm(x, gamma, beta, call.tensor(3), call.tensor(4), epsilon);
      return List.of(call.like(0, Ops.reshape(y, shape.toArray())));
    }
    int count = shape.size() / Math.max(1, shape.dim(1));
    if (isFollowed && count < 2) {
      throw call.refused(
          "input %s has %s elements for each channel, expected at least 2 in training"
              .formatted(shape, count));
    }
    Tensor y = Ops.batchNorm(x, gamma, beta, epsilon);
    BatchStatistics seen = Ops.batchStatistics(x);
    if (isFollowed) {
      double unbiased = count / (count - 1.0);
      double share = share(call.node());
      call.pass().observe(mean.orElseThrow(), share, seen.mean());
      call.pass().observe(variance.orElseThrow(), share, seen.variance().map(v -> unbiased * v));
    }
    double momentum = momentum(call.node());
    return List.of(
        call.like(0, Ops.reshape(y, shape.toArray())),
        call.like(0, followed(call.tensor(3), seen.mean(), momentum)),
        call.like(0, followed(call.tensor(4), seen.variance(), momentum)));
  }

  /** How much of the running statistics stays. */
  private static double momentum(Node node) {
    return node.number("momentum", MOMENTUM);
  }

  /** That of a layer that is a batch normalisation. */
  static Optional<Float> momentum(Layer layer) {
    if (layer instanceof NodeCall call && call.kind().equals("BatchNormalization")) {
      return Optional.of((float) momentum(call.node()));
    }
    return layer instanceof BatchNorm1d norm
        ? Optional.of(rest(norm.momentum()))
        : layer instanceof BatchNorm2d norm ? Optional.of(rest(norm.momentum())) : Optional.empty();
  }

  private static float rest(double share) {
    return BigDecimal.ONE.subtract(BigDecimal.valueOf(share)).floatValue();
  }

  /** How far the running statistics go to those of a batch: 0.1 for 0.9 in single precision. */
  private static double share(Node node) {
    String decimal = Float.toString((float) momentum(node));
    return BigDecimal.ONE.subtract(new BigDecimal(decimal)).doubleValue();
  }

  private static Tensor followed(Tensor running, NdArray seen, double momentum) {
    return Ops.add(
        Ops.mul(running, momentum),
        Ops.mul(Tensor.constant(seen.as(running.dtype())), 1 - momentum));
  }

  // ---- examples --------------------------------------------------------------------------------

  private static List<Value> layer(Call call) {
    Tensor x = call.tensor(0);
    int rank = x.shape().rank();
    int axis = call.axis((int) call.node().whole("axis", -1), rank);
    double epsilon = call.node().number("epsilon", 1e-5f);
    int[] over = IntStream.range(axis, rank).toArray();
    Tensor scale = call.tensor(1);
    int[] last = Arrays.copyOfRange(x.shape().toArray(), axis, rank);
    Tensor y;
    if (scale.shape().equals(Shape.of(last))
        && call.has(2)
        && call.shape(2).equals(scale.shape())) {
      y = Ops.layerNorm(x, scale, call.tensor(2), epsilon);
    } else {
      y = Ops.mul(Ops.normalize(x, epsilon, over), scale);
      y = call.has(2) ? Ops.add(y, call.tensor(2)) : y;
    }
    List<Value> values = new ArrayList<>(List.of(call.like(0, y)));
    if (call.node().outputs().size() > 1) {
      Tensor variance = Ops.variance(x, axes(over).keepDims());
      values.add(call.like(0, Ops.mean(x, axes(over).keepDims())));
      values.add(call.like(0, Ops.pow(Ops.add(variance, epsilon), -0.5)));
    }
    return values;
  }

  /** Before version 21, scale and bias are those of groups. */
  private static Value group(Call call) {
    Tensor x = call.tensor(0);
    int groups = call.node().whole("num_groups", 1, 1, Integer.MAX_VALUE);
    int channels = x.shape().rank() < 2 ? 0 : x.shape().dim(1);
    Tensor scale = byChannel(call.tensor(1), groups, channels, call.version());
    Tensor bias = byChannel(call.tensor(2), groups, channels, call.version());
    return call.like(
        0, Ops.groupNorm(x, groups, scale, bias, call.node().number("epsilon", 1e-5f)));
  }

  private static Tensor byChannel(Tensor each, int groups, int channels, int version) {
    if (version >= 21 || each.shape().size() == channels) {
      return each;
    }
    Tensor column = Ops.reshape(each, groups, 1);
    return Ops.reshape(Ops.broadcastTo(column, Shape.of(groups, channels / groups)), channels);
  }

  private static Value meanVariance(Call call) {
    long[] given = call.node().wholes("axes");
    int[] over = given == null ? new int[] {0, 2, 3} : Call.ints(given);
    return call.moved(
        x -> {
          Tensor centred = Ops.sub(x, Ops.mean(x, axes(over).keepDims()));
          return Ops.div(centred, Ops.add(Ops.std(x, axes(over).keepDims()), 1e-9));
        });
  }

  /** A line of zeros stays one. */
  private static Value lp(Call call) {
    int axis = call.axis((int) call.node().whole("axis", -1), call.shape(0).rank());
    boolean isAbsolute = call.node().whole("p", 2) == 1;
    return call.moved(
        x -> {
          Tensor size =
              isAbsolute
                  ? Ops.sum(Ops.abs(x), axes(axis).keepDims())
                  : Ops.norm(x, axes(axis).keepDims());
          return Ops.div(x, Ops.where(Ops.equal(size, 0), 1, size));
        });
  }

  /** The sum of squares of neighbouring channels is the mean of windows over them. */
  private static Value lrn(Call call) {
    Tensor x = call.tensor(0);
    int[] d = x.shape().toArray();
    if (d.length < 3) {
      throw call.refused("input %s, expected rank 3 or higher".formatted(x.shape()));
    }
    int size = call.node().whole("size", 1, 1, 1 << 20);
    double alpha = call.node().number("alpha", 1e-4f);
    double beta = call.node().number("beta", 0.75);
    double bias = call.node().number("bias", 1);
    int before = (size - 1) / 2;
    WindowOptions still = new WindowOptions(1, 0, 0, 1, false, false);
    WindowOptions slide = new WindowOptions(1, before, size - 1 - before, 1, false, false);
    PoolOptions window = new PoolOptions(size, 1, slide, still, false, true);
    Tensor squares = Ops.reshape(Ops.square(x), d[0], 1, d[1], -1);
    Tensor means = Ops.reshape(Ops.avgPool2d(squares, window), d);
    Tensor scale = Ops.pow(Ops.add(Ops.mul(means, alpha), bias), -beta);
    return call.like(0, Ops.mul(x, scale));
  }
}
