package org.gradus.autograd.ops;

import static org.gradus.autograd.ops.Ops.matmul;
import static org.gradus.autograd.ops.Ops.reshape;
import static org.gradus.autograd.ops.Ops.slice;
import static org.gradus.autograd.ops.Ops.sum;
import static org.gradus.autograd.ops.Ops.sumTo;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.gradus.autograd.Op;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.Indices;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Nulls;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.internal.kernel.Factor;

/**
 * What the ops that VJPs are made of do with a batch of examples. The examples of a tensor lie
 * <em>apart</em> if its elements, in row-major order, are those of the first example, then as many
 * of the second, and so on: axis 0 is that of the examples, or axes behind it were joined to it.
 *
 * <p>Two kinds of rules, for ops that are linear in such inputs: whether the examples of the output
 * lie apart, too; and how to add up over all elements of each example, instead of all elements, at
 * once. An op that no rule is known of is computed for one example after the other.
 *
 * @see org.gradus.autograd.functional.PerExample
 */
public final class BatchingRules {
  private BatchingRules() {}

  // ---- examples that stay apart ----------------------------------------------------------------

  /**
   * Whether the elements of each example in the output depend, linearly, on those of this example
   * in the split inputs, and on no others of these inputs. So if all other examples are 0 in the
   * inputs, they are 0 in the output, and this one is what it was.
   *
   * @param op that was applied
   * @param inputs all of them
   * @param split the positions of the inputs whose examples lie apart; the other inputs are
   *     constants
   * @param output the shape of the output
   * @param examples their number, 2 or more
   * @return false also if it is not known
   */
  public static boolean keepApart(
      Op op, List<Tensor> inputs, Set<Integer> split, Shape output, int examples) {
    Nulls.refuse("keepApart: op, inputs, split, output", op, inputs, split, output);
    return isLinear(op, inputs, split)
        && split.stream()
            .allMatch(i -> keepsPlaces(op, i, inputs.get(i).shape(), output, examples));
  }

  /** Whether an op is linear in these inputs together, given the others. */
  private static boolean isLinear(Op op, List<Tensor> in, Set<Integer> split) {
    if (isUnaryLinear(op)) {
      return true;
    }
    if (op instanceof Add || op instanceof Sub || op instanceof Concat) {
      return IntStream.range(0, in.size()).allMatch(i -> split.contains(i) || isZero(in.get(i)));
    }
    if (op instanceof Where) {
      return !split.contains(0)
          && IntStream.of(1, 2).allMatch(i -> split.contains(i) || isZero(in.get(i)));
    }
    return split.size() == 1 && isLinear(op, in, split.iterator().next());
  }

  private static boolean isUnaryLinear(Op op) {
    return op instanceof Reshape
        || op instanceof Neg
        || op instanceof MulScalar
        || op instanceof Dropout
        || op instanceof BroadcastTo
        || op instanceof SumTo
        || op instanceof Sum
        || op instanceof Mean
        || op instanceof Permute
        || op instanceof Slice
        || op instanceof SliceInput
        || op instanceof Flip
        || op instanceof CumSum
        || (op instanceof Pad pad && pad.value() == 0)
        || op instanceof Take
        || op instanceof TakeInput
        || op instanceof Gather
        || op instanceof ScatterAdd
        || op instanceof AvgPool2d
        || op instanceof AvgPool2dInput
        || op instanceof AdaptiveAvgPool2d
        || op instanceof AdaptiveAvgPool2dInput
        || op instanceof Resize2d
        || op instanceof Resize2dInput;
  }

  /** Whether an op is linear in its input of this position, given the others. */
  private static boolean isLinear(Op op, List<Tensor> in, int i) {
    if (op instanceof Product product) {
      return product.factors().get(i).equals(Factor.Power.one());
    }
    if (op instanceof NormalizeBy) {
      return i == 0 && isZero(in.get(2)) && isZero(in.get(3)); // neither a shift nor a mean
    }
    return op instanceof Mul
        || op instanceof MatMul
        || op instanceof Conv2d
        || op instanceof Conv2dInput
        || op instanceof Conv2dWeight
        || (op instanceof Div && i == 0)
        || (i == 1 && isLinearInSecond(op))
        || (i == 2 && (op instanceof ScaledDifference || op instanceof NormalizeAffineInput))
        || (i >= 1 && (op instanceof ProdSlope || op instanceof ProdAlong))
        || (i >= 2 && op instanceof PowerSlope);
  }

  private static boolean isLinearInSecond(Op op) {
    return op instanceof Gate
        || op instanceof MaxPool2dInput
        || op instanceof MaxPool2dPick
        || op instanceof SoftmaxInput
        || op instanceof SoftmaxCentred
        || op instanceof SoftmaxProduct
        || op instanceof LogSoftmaxInput
        || op instanceof NormalizeInput
        || op instanceof NormalizedSums
        || op instanceof DirectionInput
        || op instanceof Centred;
  }

  private static boolean isZero(Tensor x) {
    return !x.isTracked() && x.value().norm() == 0;
  }

  /** Whether the elements of each example go where this example's elements are in the output. */
  private static boolean keepsPlaces(Op op, int i, Shape x, Shape y, int examples) {
    if (op instanceof Reshape || (isElementwise(op) && x.equals(y))) {
      return true;
    }
    boolean rows = x.rank() > 0 && y.rank() > 0 && x.dim(0) == y.dim(0) && x.dim(0) % examples == 0;
    return rows && keepsRows(op, i, x, y);
  }

  private static boolean isElementwise(Op op) {
    return op instanceof Neg
        || op instanceof MulScalar
        || op instanceof Dropout
        || op instanceof Add
        || op instanceof Sub
        || op instanceof Mul
        || op instanceof Div
        || op instanceof Where
        || op instanceof Gate
        || op instanceof Product
        || op instanceof PowerSlope
        || op instanceof ScaledDifference
        || op instanceof NormalizeBy
        || op instanceof BroadcastTo
        || op instanceof SumTo;
  }

  /**
   * Whether each element of the output depends on those elements of the input that have the same
   * index on axis 0, which is as long in both.
   */
  private static boolean keepsRows(Op op, int i, Shape x, Shape y) {
    if (isElementwise(op)) {
      return x.rank() == y.rank(); // or else axis 0 is another
    }
    if (op instanceof MatMul matmul) {
      boolean batched = x.rank() > 2 && x.rank() == y.rank();
      return batched || (x.rank() == 2 && y.rank() == 2 && i == 0 && !matmul.transposeA());
    }
    if (op instanceof Permute permute) {
      return permute.axes().get(0) == 0;
    }
    if (op instanceof Pad pad) {
      return pad.before().get(0) == 0;
    }
    if (op instanceof Conv2d || op instanceof Conv2dInput) {
      return i == (op instanceof Conv2d ? 0 : 1);
    }
    if (op instanceof TakeInput input) {
      return areBehindFirst(input.shape(), List.of(input.axis()), op);
    }
    Optional<List<Integer>> axes = axes(op);
    return axes.isPresent() ? areBehindFirst(x, axes.get(), op) : isOfImages(op);
  }

  private static boolean areBehindFirst(Shape shape, List<Integer> axes, Op op) {
    return axes.stream().allMatch(axis -> shape.axis(op.name(), axis) > 0);
  }

  private static boolean isOfImages(Op op) {
    return op instanceof AvgPool2d
        || op instanceof AvgPool2dInput
        || op instanceof AdaptiveAvgPool2d
        || op instanceof AdaptiveAvgPool2dInput
        || op instanceof MaxPool2dInput
        || op instanceof MaxPool2dPick
        || op instanceof Resize2d
        || op instanceof Resize2dInput;
  }

  /** The axes along which an op takes elements together; empty for ops that have none. */
  private static Optional<List<Integer>> axes(Op op) {
    if (op instanceof Sum sum) {
      return Optional.of(sum.axes());
    } else if (op instanceof Mean mean) {
      return Optional.of(mean.axes());
    } else if (op instanceof Slice slice) {
      return Optional.of(List.of(slice.axis()));
    } else if (op instanceof SliceInput input) {
      return Optional.of(List.of(input.slice().axis()));
    } else if (op instanceof Flip flip) {
      return Optional.of(flip.axes());
    } else if (op instanceof CumSum cumSum) {
      return Optional.of(List.of(cumSum.axis()));
    } else if (op instanceof Concat concat) {
      return Optional.of(List.of(concat.axis()));
    } else if (op instanceof Take take) {
      return Optional.of(List.of(take.axis()));
    } else if (op instanceof Gather gather) {
      return Optional.of(List.of(gather.axis()));
    } else if (op instanceof ScatterAdd scatter) {
      return Optional.of(List.of(scatter.axis()));
    } else if (op instanceof SoftmaxInput softmax) {
      return Optional.of(List.of(softmax.axis()));
    } else if (op instanceof SoftmaxCentred softmax) {
      return Optional.of(List.of(softmax.axis()));
    } else if (op instanceof SoftmaxProduct softmax) {
      return Optional.of(List.of(softmax.axis()));
    } else if (op instanceof LogSoftmaxInput softmax) {
      return Optional.of(List.of(softmax.axis()));
    } else if (op instanceof NormalizeInput normalize) {
      return Optional.of(normalize.axes());
    } else if (op instanceof NormalizeAffineInput normalize) {
      return Optional.of(normalize.axes());
    } else if (op instanceof DirectionInput direction) {
      return Optional.of(direction.axes());
    } else if (op instanceof Centred centred) {
      return Optional.of(centred.axes());
    } else if (op instanceof ProdSlope slope) {
      return Optional.of(slope.axes());
    } else if (op instanceof ProdAlong along) {
      return Optional.of(along.axes());
    }
    return Optional.empty();
  }

  // ---- sums over each example ------------------------------------------------------------------

  /**
   * What an op makes of each example alone, all others being 0, where it adds up over the examples.
   *
   * @param op that was applied
   * @param inputs all of them
   * @param split the position of the one input whose examples lie apart
   * @param output the shape of the output
   * @param examples their number, 2 or more
   * @return a constant [examples, the shape of the output]; empty if no way is known that is faster
   *     than one example after the other
   */
  public static Optional<Tensor> forEach(
      Op op, List<Tensor> inputs, int split, Shape output, int examples) {
    Nulls.refuse("forEach: op, inputs, output", op, inputs, output);
    Tensor x = inputs.get(split);
    if (x.shape().rank() == 0 || x.shape().dim(0) % examples != 0) {
      return Optional.empty();
    }
    if (op instanceof Sum sum) {
      return sums(x, sum, output, examples);
    }
    if (op instanceof SumTo) {
      return Optional.of(sumsTo(x, output, examples));
    }
    if (op instanceof MatMul product) {
      return products(product, inputs, output, examples);
    }
    if (op instanceof Conv2dWeight weight) {
      return Optional.of(weights(weight, inputs, output, examples));
    }
    if (op instanceof NormalizedSums sums && split == 1) {
      boolean adds = output.rank() < x.shape().rank() || output.dim(0) == 1;
      return adds && areBehindFirst(x.shape(), sums.axes(), op)
          ? Optional.of(stack(examples, n -> Tensor.of(op, parts(inputs, examples, n))))
          : Optional.empty();
    }
    if (op instanceof TakeInput input) {
      return takes(x, input, examples);
    }
    return Optional.empty();
  }

  /**
   * The lengths of what {@link #forEach} gives, of each example all elements as one vector, where
   * they are known without it: that of an outer product of two vectors is the product of theirs.
   *
   * @param op that was applied
   * @param inputs all of them
   * @param examples their number, 2 or more
   * @return FLOAT64 [examples]; empty if they are not known
   */
  public static Optional<NdArray> norms(Op op, List<Tensor> inputs, int examples) {
    Nulls.refuse("norms: op, inputs", op, inputs);
    if (!(op instanceof MatMul product)
        || !isOverRows(product, inputs)
        || inputs.get(0).shape().dim(0) != examples) {
      return Optional.empty();
    }
    double[] norms = new double[examples];
    for (int n = 0; n < examples; n++) {
      Tensor[] vectors = parts(inputs, examples, n);
      norms[n] = vectors[0].value().norm() * vectors[1].value().norm();
    }
    return Optional.of(NdArray.of(norms, examples));
  }

  private static Optional<Tensor> sums(Tensor x, Sum op, Shape output, int examples) {
    boolean[] marked = Axes.marked(op.name(), x.shape(), op.axes());
    int[] axes = Axes.indices(marked, true).map(axis -> axis + 1).toArray();
    Tensor sums = sum(parted(x, examples), axes);
    return marked[0] ? Optional.of(shaped(sums, output, examples)) : Optional.empty();
  }

  private static Tensor sumsTo(Tensor x, Shape output, int examples) {
    Tensor apart = parted(x, examples);
    int[] kept = new int[apart.shape().rank()];
    Arrays.fill(kept, 1);
    int missing = kept.length - output.rank();
    System.arraycopy(output.toArray(), 0, kept, missing, output.rank());
    kept[0] = examples;
    return shaped(sumTo(apart, Shape.of(kept)), output, examples);
  }

  /** Of [rows, M] and [rows, K], where the rows are those of the examples: [M, K] for each. */
  private static Optional<Tensor> products(MatMul op, List<Tensor> in, Shape output, int examples) {
    Tensor a = in.get(0);
    Tensor b = in.get(1);
    if (!isOverRows(op, in)) {
      return Optional.empty();
    }
    Tensor each = matmul(parted(a, examples), parted(b, examples), true, false);
    return Optional.of(shaped(each, output, examples));
  }

  private static boolean isOverRows(MatMul op, List<Tensor> in) {
    return op.transposeA()
        && !op.transposeB()
        && in.stream().allMatch(factor -> factor.shape().rank() == 2);
  }

  /**
   * The gradient of weights for each example, as that of one image: the examples' channels one
   * behind the other, in as many groups more as there are examples. Of several images each, one
   * example after the other.
   */
  private static Tensor weights(Conv2dWeight op, List<Tensor> in, Shape output, int examples) {
    if (rows(in.get(0), examples) != 1) {
      return stack(examples, n -> Tensor.of(op, parts(in, examples, n)));
    }
    ConvGeometry own = op.geometry();
    ConvGeometry grouped = new ConvGeometry(own.rows(), own.columns(), own.groups() * examples);
    Tensor[] joined =
        in.stream()
            .map(
                x -> reshape(x, 1, examples * x.shape().dim(1), x.shape().dim(2), x.shape().dim(3)))
            .toArray(Tensor[]::new);
    return shaped(Tensor.of(new Conv2dWeight(grouped), joined), output, examples);
  }

  private static Optional<Tensor> takes(Tensor x, TakeInput op, int examples) {
    Shape index = op.index().shape();
    boolean first = op.shape().axis(op.name(), op.axis()) == 0;
    if (!first || index.rank() == 0 || index.dim(0) % examples != 0) {
      return Optional.empty();
    }
    int rows = index.dim(0) / examples;
    int size = op.index().size() / examples;
    return Optional.of(
        stack(
            examples,
            n -> {
              int[] places = Arrays.copyOfRange(op.index().storage(), n * size, (n + 1) * size);
              Indices own = Indices.wrap(places, index.with(0, rows));
              return Tensor.of(
                  new TakeInput(op.axis(), own, op.shape()), slice(x, 0, n * rows, (n + 1) * rows));
            }));
  }

  /** [examples, rows of each, ...] of [rows, ...]. */
  private static Tensor parted(Tensor x, int examples) {
    return shaped(x, x.shape().with(0, rows(x, examples)), examples);
  }

  private static Tensor[] parts(List<Tensor> inputs, int examples, int n) {
    return inputs.stream()
        .map(x -> slice(x, 0, rows(x, examples) * n, rows(x, examples) * (n + 1)))
        .toArray(Tensor[]::new);
  }

  private static int rows(Tensor x, int examples) {
    return x.shape().dim(0) / examples;
  }

  private static Tensor stack(int examples, IntFunction<Tensor> each) {
    return Ops.stack(0, IntStream.range(0, examples).mapToObj(each).toArray(Tensor[]::new));
  }

  /** [examples, the shape] of as many elements. */
  private static Tensor shaped(Tensor x, Shape each, int examples) {
    return reshape(x, each.stacked("perExample", examples).toArray());
  }
}
