package org.gradus.examples;

import static org.gradus.autograd.ops.Ops.conv2d;
import static org.gradus.autograd.ops.Ops.mse;
import static org.gradus.autograd.ops.Ops.relu;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.gradus.autograd.Gradients;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.inspect.GraphView;

/** Draws the picture of the README: a graph with its gradients, which come back in red. */
public final class GraphPicture {
  private GraphPicture() {}

  /**
   * Writes the picture of the README.
   *
   * @param args the file to write; {@code graph.svg} if there is none
   * @throws IOException if it cannot be written
   */
  public static void main(String[] args) throws IOException {
    Files.writeString(Path.of(args.length > 0 ? args[0] : "graph.svg"), loss().svg());
  }

  /** The graph that the README shows, by the README's own lines. */
  static GraphView loss() {
    Tensor x = Tensor.constant(NdArray.of(new float[] {0, 1, 2, 3, 4, 5, 6, 7, 8}, 1, 1, 3, 3));
    Tensor w = Tensor.variable(NdArray.of(new float[] {-1, 1, -1, 1}, 1, 1, 2, 2));
    Tensor t = Tensor.constant(NdArray.of(new float[] {0, 1, 2, 3}, 1, 1, 2, 2));
    Tensor loss = mse(relu(conv2d(x, w)), t);
    GraphView view = GraphView.of(loss).names(Map.of(x, "x", w, "w", t, "t"));
    Gradients gradients = Gradients.backward(loss, view.tracked());
    return view.gradients(gradients);
  }
}
