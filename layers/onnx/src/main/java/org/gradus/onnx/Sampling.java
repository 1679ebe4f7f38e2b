package org.gradus.onnx;

import java.util.List;
import java.util.function.DoubleUnaryOperator;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.Indices;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.ops.Ops;

/** Images that are read at places which are computed; gradients flow to the places, too. */
final class Sampling {
  private Sampling() {}

  static List<Operator> operators() {
    return List.of(
        Operator.of(
                "GridSample",
                16,
                2,
                2,
                "align_corners:int mode:string=bilinear|linear|nearest|bicubic|cubic"
                    + " padding_mode:string=zeros|border|reflection",
                Sampling::sampled)
            .checked(
                node -> {
                  if (node.text("mode", "linear").endsWith("cubic")) {
                    throw new IllegalArgumentException(
                        "attribute mode is '%s', expected bilinear, linear or nearest"
                            .formatted(node.text("mode", "linear")));
                  }
                }));
  }

  /** x [N, C, H, W] at places [N, OH, OW, 2], of which -1 and 1 are the ends. */
  private static Value sampled(Call call) {
    Tensor x = call.tensor(0);
    Tensor grid = call.tensor(1);
    Shape shape = x.shape();
    Shape by = grid.shape();
    boolean isFit =
        shape.rank() == 4 && by.rank() == 4 && by.dim(3) == 2 && by.dim(0) == shape.dim(0);
    if (!isFit || shape.dim(2) == 0 || shape.dim(3) == 0) {
      throw call.refused("input %s and places %s, expected images".formatted(shape, by));
    }
    Tensor across = places(call, grid, 0, shape.dim(3));
    Tensor down = places(call, grid, 1, shape.dim(2));
    Tensor y;
    if (call.node().text("mode", "linear").equals("nearest")) {
      y = pixels(call, x, Ops.round(down), Ops.round(across));
    } else {
      Tensor left = Ops.floor(across);
      Tensor top = Ops.floor(down);
      Tensor right = weight(Ops.sub(across, left));
      Tensor bottom = weight(Ops.sub(down, top));
      Tensor under = Ops.add(top, 1);
      Tensor beside = Ops.add(left, 1);
      Tensor above = mixed(pixels(call, x, top, left), pixels(call, x, top, beside), right);
      Tensor below = mixed(pixels(call, x, under, left), pixels(call, x, under, beside), right);
      y = mixed(above, below, bottom);
    }
    return call.like(0, Ops.reshape(y, shape.dim(0), shape.dim(1), by.dim(1), by.dim(2)));
  }

  /** [N, P] as [N, 1, P]. */
  private static Tensor weight(Tensor share) {
    return Ops.expandDims(share, 1);
  }

  private static Tensor mixed(Tensor a, Tensor b, Tensor share) {
    return Ops.add(Ops.mul(a, Ops.sub(1, share)), Ops.mul(b, share));
  }

  // ---- places ----------------------------------------------------------------------------------

  /** Where along an axis, in pixels, [N, P]; within the image unless zeros are around it. */
  private static Tensor places(Call call, Tensor grid, int number, int extent) {
    Shape by = grid.shape();
    Tensor one =
        Ops.reshape(Ops.slice(grid, 3, number, number + 1), by.dim(0), by.dim(1) * by.dim(2));
    boolean isAligned = call.node().flag("align_corners", false);
    Tensor at =
        isAligned
            ? Ops.mul(Ops.add(one, 1), (extent - 1) / 2.0)
            : Ops.sub(Ops.mul(Ops.add(one, 1), extent / 2.0), 0.5);
    return switch (call.node().text("padding_mode", "zeros")) {
      case "border" -> Ops.clamp(at, 0, extent - 1);
      case "reflection" ->
          Ops.clamp(
              isAligned ? reflected(at, 0, extent - 1) : reflected(at, -0.5, extent - 0.5),
              0,
              extent - 1);
      default -> at;
    };
  }

  /** A place beyond an end, as far within it: which is a slope of 1 or -1, and a shift. */
  private static Tensor reflected(Tensor at, double least, double most) {
    double period = 2 * (most - least);
    if (period == 0) {
      return Ops.mul(at, 0);
    }
    NdArray from = at.detach().value();
    DoubleUnaryOperator turns = place -> Math.floor((place - least) / period);
    DoubleUnaryOperator slope =
        place -> place - least - turns.applyAsDouble(place) * period <= period / 2 ? 1 : -1;
    NdArray slopes = from.map(slope);
    NdArray shifts =
        from.map(
            place -> {
              double shift = turns.applyAsDouble(place) * period;
              return slope.applyAsDouble(place) > 0 ? -shift : 2 * least + period + shift;
            });
    return Ops.add(Ops.mul(at, Tensor.constant(slopes)), Tensor.constant(shifts));
  }

  /** The pixels [N, C, P] at whole places [N, P]; 0 outside of the image. */
  private static Tensor pixels(Call call, Tensor x, Tensor rows, Tensor columns) {
    Shape shape = x.shape();
    int channels = shape.dim(1);
    int height = shape.dim(2);
    int width = shape.dim(3);
    NdArray down = rows.detach().value();
    NdArray across = columns.detach().value();
    int count = rows.shape().dim(1);
    int[] index = new int[shape.dim(0) * channels * count];
    double[] inside = new double[down.size()];
    for (int i = 0; i < inside.length; i++) {
      double row = down.at(i);
      double column = across.at(i);
      if (row >= 0 && row < height && column >= 0 && column < width) {
        inside[i] = 1;
        for (int c = 0; c < channels; c++) {
          index[(i / count * channels + c) * count + i % count] = (int) (row * width + column);
        }
      }
    }
    Tensor flat = Ops.reshape(x, shape.dim(0), channels, height * width);
    Tensor taken =
        Ops.gather(flat, 2, Indices.wrap(index, Shape.of(shape.dim(0), channels, count)));
    NdArray mask = NdArray.of(inside, shape.dim(0), 1, count).as(call.dtype());
    return Ops.where(Tensor.constant(mask), taken, 0);
  }
}
