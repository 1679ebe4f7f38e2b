package org.gradus.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.gradus.autograd.Gradients;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.inspect.Nodes;
import org.gradus.layers.Layer;
import org.gradus.layers.Pass;
import org.gradus.layers.Trace;

/**
 * Where in an image a net sees a class.
 *
 * <pre>
 *   weight[n, c] = mean over places of d logit[n] / d A[n, c]
 *   map[n] = relu(sum over c of weight[n, c] A[n, c])
 * </pre>
 *
 * <p>A [N, C, H, W] is the last output of a layer that has more than one place.
 *
 * @param place of the layer
 * @param maps [N, H, W]
 * @see <a href="https://arxiv.org/abs/1610.02391">Selvaraju et al.: Grad-CAM, 2017</a>
 */
record GradCam(String place, NdArray maps) {

  /**
   * The maps of some images; empty if no layer's output is an image.
   *
   * @param images [N, C, H, W]
   * @param classes the one of each image whose logit is looked at; 0 stands for minus the logit in
   *     a net of one
   */
  static Optional<GradCam> of(Layer net, NdArray images, int... classes) {
    Trace trace = Trace.of(net, Tensor.variable(images), Pass.inference());
    Optional<Trace.Call> last = last(trace);
    if (last.isEmpty()) {
      return Optional.empty();
    }
    Tensor features = last.get().output();
    Tensor output = trace.output();
    NdArray cotangent = chosen(output, classes);
    Gradients gradients =
        Gradients.pullback(output, Tensor.constant(cotangent), Gradients.Mode.VALUES, features);
    NdArray maps = maps(features.value(), gradients.of(features).value());
    return Optional.of(new GradCam(name(trace, features), maps));
  }

  /** The call whose output is the last image on the way to the net's output. */
  private static Optional<Trace.Call> last(Trace trace) {
    List<Tensor> order = new ArrayList<>(Nodes.of(trace.output()));
    Optional<Trace.Call> last = Optional.empty();
    int latest = -1;
    for (Trace.Call call : trace.calls()) {
      Tensor y = call.output();
      int place = isImage(y.shape()) && y.isTracked() && makes(call) ? order.indexOf(y) : -1;
      if (place > latest) {
        latest = place;
        last = Optional.of(call);
      }
    }
    return last;
  }

  /** Whether a call makes what it gives; dropout in inference hands on what it is given. */
  private static boolean makes(Trace.Call call) {
    return call.output() != call.input();
  }

  private static boolean isImage(Shape shape) {
    return shape.rank() == 4 && shape.size() > 0 && (long) shape.dim(2) * shape.dim(3) > 1;
  }

  /** The innermost layer that made a tensor, and its place. */
  private static String name(Trace trace, Tensor made) {
    Trace.Call inner = trace.calls().get(0);
    for (Trace.Call call : trace.calls()) {
      if (call.output() == made && makes(call)) {
        inner = call;
      }
    }
    String layer = inner.layer().kind();
    return inner.place().isEmpty() ? layer : inner.place() + " (" + layer + ")";
  }

  /** 1 at the logits of the classes, 0 elsewhere. */
  private static NdArray chosen(Tensor output, int... classes) {
    int count = output.shape().size() / classes.length;
    return NdArray.generate(
        output.dtype(),
        output.shape(),
        i -> {
          int k = classes[i / count];
          double sign = k == 0 ? -1 : 1;
          return count == 1 ? sign : k == i % count ? 1 : 0;
        });
  }

  private static NdArray maps(NdArray features, NdArray gradients) {
    Shape shape = features.shape();
    int channels = shape.dim(1);
    int plane = shape.size(2, 4);
    double[] maps = new double[shape.dim(0) * plane];
    for (int n = 0; n < shape.dim(0); n++) {
      for (int c = 0; c < channels; c++) {
        int from = (n * channels + c) * plane;
        double weight = 0;
        for (int i = 0; i < plane; i++) {
          weight += gradients.at(from + i) / plane;
        }
        for (int i = 0; i < plane; i++) {
          maps[n * plane + i] += weight * features.at(from + i);
        }
      }
    }
    return NdArray.of(maps, shape.dim(0), shape.dim(2), shape.dim(3)).map(v -> Math.max(0, v));
  }

  /** The map of one image, [1, H, W] in float64. */
  NdArray map(int number) {
    int height = maps.shape().dim(1);
    int width = maps.shape().dim(2);
    int plane = height * width;
    return NdArray.generate(
        DType.FLOAT64, Shape.of(1, height, width), i -> maps.at(number * plane + i));
  }
}
