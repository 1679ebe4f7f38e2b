package org.gradus.autograd.functional;

import static org.gradus.autograd.ops.Ops.concat;
import static org.gradus.autograd.ops.Ops.reshape;
import static org.gradus.autograd.ops.Ops.slice;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.gradus.autograd.Gradients.Mode;
import org.gradus.autograd.Op;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Nulls;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.array.ShapeException;

/**
 * A function as one op, which keeps none of the function's intermediate values: a walk back
 * computes them again. It saves memory and costs time: a chain of checkpoints keeps the inputs and
 * outputs of each, and during a walk the intermediate values of one.
 *
 * <pre>
 *   x of one shape, or [n], the elements of x_0, x_1, ... concatenated
 *   y = f(x_0, x_1, ...)
 *   VJP: the checkpoint of (x_0, x_1, ..., g) -> the VJPs of f by each x_i, concatenated
 * </pre>
 *
 * <pre>{@code
 * Tensor y = checkpoint(in -> tanh(matmul(in.get(0), in.get(1))), List.of(x, w));
 * }</pre>
 *
 * So derivatives of derivatives keep no intermediate values either. An op is asked for its VJP by
 * each input in turn; the inputs are packed into one so that a walk back computes f once more, not
 * once for each. The packing costs a copy of them; a single input is not packed.
 *
 * <p>The bits of y are those of f. Those of a gradient are too, unless an input is also used
 * elsewhere: then what arrives is added up in another order.
 *
 * <p>f depends on its inputs and on constants, and gives the same each time: if it draws random
 * numbers from a generator, its gradients are wrong (dropout has a fixed seed, and is allowed).
 * Refuses an f that depends on a variable that is not among its inputs, such as a parameter of a
 * layer.
 *
 * @param function f, of as many tensors as there are shapes
 * @param shapes of the inputs of f
 * @see <a href="https://arxiv.org/abs/1604.06174">Chen, Xu, Zhang, Guestrin: Training Deep Nets
 *     with Sublinear Memory Cost, 2016</a>
 */
public record Checkpoint(Function<List<Tensor>, Tensor> function, List<Shape> shapes)
    implements Op {
  /** Takes a copy of the list, which must not be empty. */
  public Checkpoint {
    Nulls.refuse("checkpoint: function", function);
    shapes = Nulls.list("checkpoint: shapes", shapes);
    if (shapes.isEmpty()) {
      throw new IllegalArgumentException("checkpoint: 0 inputs, expected one or more");
    }
  }

  /** f(x), of which no intermediate value is kept. */
  public static Tensor checkpoint(Function<Tensor, Tensor> f, Tensor x) {
    Nulls.refuse("checkpoint: f, x", f, x);
    return checkpoint(in -> f.apply(in.get(0)), List.of(x));
  }

  /**
   * As {@link #checkpoint(Function, Tensor)}, of several inputs.
   *
   * @throws IllegalArgumentException if there is no input, they differ in element type, or f
   *     depends on a variable that is not among them
   */
  public static Tensor checkpoint(Function<List<Tensor>, Tensor> f, List<Tensor> inputs) {
    Nulls.refuse("checkpoint: f, inputs", f, inputs);
    for (int i = 1; i < inputs.size(); i++) {
      inputs.get(0).dtype().require("checkpoint", "input " + i, inputs.get(i).dtype());
    }
    List<Shape> shapes = inputs.stream().map(Tensor::shape).toList();
    return Tensor.of(new Checkpoint(f, shapes), pack(inputs));
  }

  @Override
  public int arity() {
    return 1;
  }

  @Override
  public NdArray forward(List<NdArray> in) {
    Tensor y =
        Nulls.given(
            "checkpoint: the output of f", function.apply(unpack(Tensor.constant(in.get(0)))));
    if (y.isTracked()) {
      throw new IllegalArgumentException(
          "checkpoint: the function depends on a variable that is not among its inputs; pass it as"
              + " an input");
    }
    return y.value();
  }

  @Override
  public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
    List<Shape> withCotangent = new ArrayList<>(shapes);
    withCotangent.add(g.shape());
    return Tensor.of(new Checkpoint(this::products, withCotangent), pack(List.of(in.get(0), g)));
  }

  /** The VJPs of f, packed as its inputs are. */
  private Tensor products(List<Tensor> inputsAndCotangent) {
    int n = shapes.size();
    List<Tensor> x = inputsAndCotangent.subList(0, n);
    Tensor g = inputsAndCotangent.get(n);
    return pack(Derivatives.vjp(function, x, g, Mode.DIFFERENTIABLE));
  }

  /** The elements of all as one tensor of rank 1; a single one as it is. */
  private static Tensor pack(List<Tensor> tensors) {
    return tensors.size() == 1
        ? tensors.get(0)
        : concat(0, tensors.stream().map(x -> reshape(x, x.shape().size())).toArray(Tensor[]::new));
  }

  private List<Tensor> unpack(Tensor packed) {
    if (!fits(packed.shape())) {
      throw new ShapeException(
          name(), "input %s does not hold inputs of shapes %s".formatted(packed.shape(), shapes));
    }
    if (shapes.size() == 1) {
      return List.of(packed);
    }
    List<Tensor> parts = new ArrayList<>();
    int start = 0;
    for (Shape shape : shapes) {
      int end = start + shape.size();
      parts.add(reshape(slice(packed, 0, start, end), shape.toArray()));
      start = end;
    }
    return parts;
  }

  private boolean fits(Shape packed) {
    return shapes.size() == 1
        ? packed.equals(shapes.get(0))
        : packed.rank() == 1 && packed.size() == shapes.stream().mapToLong(Shape::size).sum();
  }
}
