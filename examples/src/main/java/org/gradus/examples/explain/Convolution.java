package org.gradus.examples.explain;

import static org.gradus.autograd.ops.Ops.bias;
import static org.gradus.autograd.ops.Ops.conv2d;
import static org.gradus.autograd.ops.Ops.convTranspose2d;
import static org.gradus.autograd.ops.Ops.flip;
import static org.gradus.autograd.ops.Ops.halfSquaredError;
import static org.gradus.autograd.ops.Ops.pad;
import static org.gradus.autograd.ops.Ops.permute;
import static org.gradus.autograd.ops.Ops.reshape;
import static org.gradus.autograd.ops.Ops.slice;

import org.gradus.autograd.Gradients;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.ops.ConvOptions;

/**
 * A convolution with bias, its errors, its gradients and one step of gradient descent.
 *
 * @param geometry of the convolution
 * @param x the input [1, C, H, W]
 * @param w the filters [F, C / groups, KH, KW]
 * @param b the biases [F]
 * @param y the output [1, F, OH, OW]
 * @param target what the output is to be, such that y - target is the error
 * @param dy the errors: the gradient of half the squared error in the output
 * @param dx the gradient in the input
 * @param dw the gradient in the filters
 * @param db the gradient in the biases
 * @param rate the largest of 0.1, 0.01, ... by which a step makes the error smaller
 * @param wAfter the filters after the step
 * @param bAfter the biases after the step
 * @param before half the squared error
 * @param after half the squared error after the step
 */
record Convolution(
    Geometry geometry,
    NdArray x,
    NdArray w,
    NdArray b,
    NdArray y,
    NdArray target,
    NdArray dy,
    NdArray dx,
    NdArray dw,
    NdArray db,
    double rate,
    NdArray wAfter,
    NdArray bAfter,
    double before,
    double after) {

  /** By the library, from the numbers that a chapter gives. */
  static Convolution of(Geometry geometry, NdArray x, NdArray w, NdArray b, NdArray errors) {
    Tensor input = Tensor.variable(x);
    Tensor filters = Tensor.variable(w);
    Tensor biases = Tensor.variable(b);
    Tensor y = output(geometry, input, filters, biases);
    Tensor target = Tensor.constant(y.value().plusScaled(-1, errors));
    Tensor loss = halfSquaredError(y, target);
    Gradients gradients = Gradients.backward(loss, y, input, filters, biases);
    NdArray dw = gradients.of(filters).value();
    NdArray db = gradients.of(biases).value();
    double rate = 1;
    NdArray nextW;
    NdArray nextB;
    double after;
    do {
      rate /= 10;
      nextW = w.plusScaled(-rate, dw);
      nextB = b.plusScaled(-rate, db);
      Tensor next = output(geometry, input, Tensor.constant(nextW), Tensor.constant(nextB));
      after = halfSquaredError(next, target).item();
    } while (after > loss.item() && rate > 1e-12);
    return new Convolution(
        geometry,
        x,
        w,
        b,
        y.value(),
        target.value(),
        gradients.of(y).value(),
        gradients.of(input).value(),
        dw,
        db,
        rate,
        nextW,
        nextB,
        loss.item(),
        after);
  }

  private static Tensor output(Geometry geometry, Tensor x, Tensor w, Tensor b) {
    return bias(conv2d(x, w, geometry.options()), b);
  }

  // ---- what slides over what -------------------------------------------------------------------

  /** The input with its margin of zeros. */
  NdArray padded() {
    return padded(x);
  }

  /** An array of the input's shape with that margin. */
  NdArray padded(NdArray image) {
    int p = geometry.padding();
    int[] margin = {0, 0, p, p};
    return pad(Tensor.constant(image), margin, margin, 0).value();
  }

  /** Forward, of the padded input and the filters. */
  Tensor forward(Tensor padded, Tensor filters) {
    return conv2d(padded, filters, geometry.options().padding(0));
  }

  /** The gradient in the filters, of the errors and the padded input. */
  Tensor inFilters(Tensor errors, Tensor padded) {
    Tensor filters = Tensor.variable(w);
    Tensor output = forward(padded, filters);
    return Gradients.pullback(output, errors, Gradients.Mode.DIFFERENTIABLE, filters).of(filters);
  }

  /**
   * The errors with stride - 1 zeros between them, and with as many around them that a window
   * reaches from each element of the padded input.
   */
  Tensor spread(Tensor errors) {
    int filters = geometry.filters();
    Tensor one = Tensor.constant(NdArray.full(DType.FLOAT64, Shape.of(filters, 1, 1, 1), 1));
    ConvOptions apart = ConvOptions.valid().stride(geometry.stride()).groups(filters);
    Tensor between = convTranspose2d(errors, one, apart);
    int above = reach(geometry.kernel().rows());
    int before = reach(geometry.kernel().columns());
    int below = geometry.input().rows() + 2 * geometry.padding() - between.shape().dim(2);
    int behind = geometry.input().columns() + 2 * geometry.padding() - between.shape().dim(3);
    return pad(between, new int[] {0, 0, above, before}, new int[] {0, 0, below, behind}, 0);
  }

  private int reach(int kernel) {
    return (kernel - 1) * geometry.dilation();
  }

  /**
   * The filters for the way back: turned by 180 degrees, those of an input channel side by side.
   */
  Tensor turned(Tensor filters) {
    int groups = geometry.groups();
    int ofGroup = geometry.filters() / groups;
    int channels = geometry.channels() / groups;
    int rows = geometry.kernel().rows();
    int columns = geometry.kernel().columns();
    Tensor byGroup = reshape(filters, groups, ofGroup, channels, rows, columns);
    Tensor byChannel = permute(byGroup, 0, 2, 1, 3, 4);
    return flip(reshape(byChannel, geometry.channels(), ofGroup, rows, columns), 2, 3);
  }

  /** The gradient in the input once more: turned filters slide over the errors that are spread. */
  Tensor back(Tensor spread, Tensor turned) {
    ConvOptions options =
        ConvOptions.valid().dilation(geometry.dilation()).groups(geometry.groups());
    Tensor padded = conv2d(spread, turned, options);
    int p = geometry.padding();
    return slice(
        slice(padded, 2, p, p + geometry.input().rows()), 3, p, p + geometry.input().columns());
  }
}
