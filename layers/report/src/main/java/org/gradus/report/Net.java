package org.gradus.report;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.inspect.GraphView;
import org.gradus.autograd.inspect.Nodes;
import org.gradus.layers.Layer;
import org.gradus.layers.Parameter;
import org.gradus.layers.Pass;
import org.gradus.layers.Summary;

/** The sections of what the net is made of, as text and as a picture of its graph. */
final class Net {
  /** A picture of more nodes is too large to be read. */
  private static final int MOST_NODES = 1000;

  private Net() {}

  /** How many numbers are learnt. */
  static long parameters(Layer net) {
    return count(net.parameters());
  }

  private static long count(List<Parameter> parameters) {
    long count = 0;
    for (Parameter parameter : parameters) {
      count += parameter.shape().size();
    }
    return count;
  }

  /** The layers: with shapes where there is a sample, else as a tree. */
  static String summary(Layer net, Optional<Examples.Sample> sample) {
    String text =
        sample
            .map(one -> Summary.of(net, one.batch().inputs()).toString())
            .orElseGet(() -> text(net));
    String numbers =
        "%s parameters are learnt; %s numbers are not, such as running statistics."
            .formatted(Figures.count(parameters(net)), Figures.count(count(net.buffers())));
    return Html.note(numbers) + Html.scrolling(Html.in("pre", Html.text(text)));
  }

  /** Its name where its text is only the identity of an object, which no two runs share. */
  private static String text(Layer net) {
    String text = net.toString();
    String identity = net.getClass().getName() + "@" + Integer.toHexString(net.hashCode());
    return net.getClass().isHidden() || text.equals(identity) ? net.name() : text;
  }

  /** The graph of a forward pass in training and its loss; empty without a sample. */
  static Optional<String> graph(Layer net, Optional<Examples.Sample> sample) {
    return sample.map(one -> graph(net, one));
  }

  private static String graph(Layer net, Examples.Sample sample) {
    Tensor x = Tensor.constant(sample.batch().inputs());
    Tensor loss = sample.loss().of(net.forward(x, Pass.training(1, 1)), sample.batch());
    if (!loss.isTracked()) {
      return Html.note("Nothing that is learnt has a part in the loss, so it has no graph.");
    }
    int nodes = Nodes.of(loss).size();
    if (nodes > MOST_NODES) {
      return Html.note(
          "The graph has %s tensors, more than the %s that a picture here may have."
              .formatted(Figures.count(nodes), Figures.count(MOST_NODES)));
    }
    Map<Tensor, String> names = new HashMap<>();
    net.parameters().forEach(parameter -> names.put(parameter.tensor(), parameter.name()));
    net.buffers().forEach(buffer -> names.put(buffer.tensor(), buffer.name()));
    names.put(x, "input");
    names.put(loss, "loss");
    String note =
        "One forward pass in training and its loss, %s: variables are round, constants dashed, and"
            + " outputs of ops are boxes.";
    return Html.note(note.formatted(Figures.count(nodes, "tensor")))
        + Html.in("div class=\"scroll graph\"", GraphView.of(loss).names(names).svg());
  }
}
