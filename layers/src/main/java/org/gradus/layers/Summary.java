package org.gradus.layers;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Nulls;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.inspect.Nodes;
import org.gradus.autograd.ops.Reshape;

/**
 * What a net is made of, layer by layer, for inputs of one shape: a table of at most 80 columns as
 * text.
 *
 * <pre>{@code
 * System.out.println(Summary.of(net, Shape.of(64, 1, 28, 28)));
 * }</pre>
 *
 * @param input the shape of the input, the batch included
 * @param rows one for each call of a layer, in the order in which they begin
 * @param parameters numbers that are learnt; what is shared counts once
 * @param frozen numbers that would be learnt if they were not frozen
 * @param buffers numbers that are not learnt, such as running statistics
 * @param multiplyAdds products of two numbers that are added up in a forward pass
 * @param graphBytes memory of the values that a graph of training keeps
 * @param stepBytes memory of a training step without the optimiser's own: the graph, the parameters
 *     and their gradients, and the buffers
 */
public record Summary(
    Shape input,
    List<Row> rows,
    long parameters,
    long frozen,
    long buffers,
    long multiplyAdds,
    long graphBytes,
    long stepBytes) {

  private static final int PLACE = 34;
  private static final String LINE = "%-" + PLACE + "s %-17s %12s %14s%n";

  /** Takes a copy of the list. */
  public Summary {
    Nulls.refuse("summary: input", input);
    rows = Nulls.list("summary: rows", rows);
  }

  /**
   * One call of a layer.
   *
   * @param path the place in the net, such as {@code layer1.0.conv1}; empty for the net itself
   * @param layer its {@link Layer#kind}
   * @param output the shape of the output
   * @param parameters numbers that are learnt, or frozen, without those of its parts
   * @param multiplyAdds of this layer, without those of its parts
   */
  public record Row(String path, String layer, Shape output, long parameters, long multiplyAdds) {

    /** Refuses null. */
    public Row {
      Nulls.refuse("row: path, layer, output", path, layer, output);
    }
  }

  /**
   * The summary of a net, which computes two forward passes of zeros for it.
   *
   * @param input the shape of the input, the batch included, such as [64, 3, 32, 32]
   * @throws IllegalArgumentException if the net refuses such an input
   */
  public static Summary of(Layer net, Shape input) {
    Nulls.refuse("summary: net, input", net, input);
    DType dtype = State.of(net).stream().findFirst().map(Parameter::dtype).orElse(DType.FLOAT32);
    return of(net, NdArray.zeros(dtype, input));
  }

  /**
   * The summary of a net, which computes two forward passes of these inputs for it. It may take
   * what it takes no zeros for, such as its largest index, or a logarithm.
   *
   * @param inputs the batch included, such as [64, 3, 32, 32]
   * @throws IllegalArgumentException if the net refuses them
   */
  public static Summary of(Layer net, NdArray inputs) {
    Nulls.refuse("summary: net, inputs", net, inputs);
    List<Parameter> parameters = net.parameters();
    List<Parameter> all = List.copyOf(State.of(net));
    DType dtype = all.isEmpty() ? inputs.dtype() : all.get(0).dtype();
    Tensor x = Tensor.constant(inputs);
    List<Row> rows = rows(Trace.of(net, x, Pass.inference().withoutGradients()));
    long learnt = count(parameters);
    long frozen = count(all.stream().filter(Parameter::isLearnt).toList()) - learnt;
    long kept = count(all) - learnt;
    int width = dtype == DType.FLOAT32 ? Float.BYTES : Double.BYTES;
    long graph = width * graphElements(trained(net, x));
    return new Summary(
        inputs.shape(),
        rows,
        learnt,
        frozen,
        kept - frozen,
        rows.stream().mapToLong(Row::multiplyAdds).sum(),
        graph,
        graph + width * (2 * learnt + kept));
  }

  private static long count(List<Parameter> parameters) {
    long count = 0;
    for (Parameter parameter : parameters) {
      count += parameter.shape().size();
    }
    return count;
  }

  /** The output in training; of one example, which batch normalisation refuses, in inference. */
  private static Tensor trained(Layer net, Tensor x) {
    try {
      return net.forward(x, Pass.training(1, 1));
    } catch (IllegalArgumentException e) {
      if (x.shape().rank() > 0 && x.shape().dim(0) == 1) {
        return net.forward(x);
      }
      throw e;
    }
  }

  /**
   * The elements of all values that ops have made on the way to an output; a reshape makes none.
   */
  private static long graphElements(Tensor output) {
    return Nodes.of(output).stream()
        .filter(node -> node.op().filter(op -> !(op instanceof Reshape)).isPresent())
        .mapToLong(node -> node.shape().size())
        .sum();
  }

  /** One for each call; the numbers of a layer that is called again count in its first row. */
  private static List<Row> rows(Trace trace) {
    Set<Layer> counted = new HashSet<>();
    List<Row> rows = new ArrayList<>();
    for (Trace.Call call : trace.calls()) {
      Layer layer = call.layer();
      Shape output = call.output().shape();
      List<Parameter> own = Names.own(layer).stream().filter(Parameter::isLearnt).toList();
      long numbers = counted.add(layer) ? count(own) : 0;
      long products =
          layer instanceof AbstractLayer declared
              ? declared.multiplyAdds(call.input().shape(), output)
              : 0;
      rows.add(new Row(call.place(), layer.kind(), output, numbers, products));
    }
    return rows;
  }

  /** The table, of lines of at most 80 columns. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    text.append(LINE.formatted("layer", "output", "parameters", "multiply-adds"));
    for (Row row : rows) {
      String place = row.path.isEmpty() ? row.layer : row.path + ": " + row.layer;
      text.append(
          LINE.formatted(
              cut(place, PLACE),
              cut(row.output.toString(), 17),
              row.parameters == 0 ? "" : grouped(row.parameters),
              row.multiplyAdds == 0 ? "" : grouped(row.multiplyAdds)));
    }
    text.append(LINE.formatted("in all", "", grouped(parameters + frozen), grouped(multiplyAdds)));
    text.append(
        String.format(
            Locale.ROOT,
            "input %s, %s%s numbers in buffers%ngraph %s, training step %s without the optimiser's",
            input,
            frozen == 0 ? "" : grouped(frozen) + " parameters frozen, ",
            grouped(buffers),
            megabytes(graphBytes),
            megabytes(stepBytes)));
    return text.toString()
        .lines()
        .map(String::stripTrailing)
        .reduce((a, b) -> a + "\n" + b)
        .orElseThrow();
  }

  private static String grouped(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  private static String megabytes(long bytes) {
    return String.format(Locale.ROOT, "%.1f MB", bytes / 1e6);
  }

  /** The end of a text that is too long, which says more of a place than its beginning. */
  private static String cut(String text, int width) {
    return text.length() <= width ? text : ".." + text.substring(text.length() - width + 2);
  }
}
