package org.gradus.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.layers.Layer;
import org.junit.jupiter.api.Test;

/** What is written, read, and written again is the same graph, and computes the same. */
class RoundTripTest {

  /** The difference between what is written and what is written again. */
  private static String difference(Layer net, NdArray example) throws IOException {
    ModelProto first = OnnxExport.of(net, example).model();
    OnnxNet read = OnnxNet.of(first.toByteArray(), DType.FLOAT32);
    for (int batch : new int[] {1, 4}) {
      NdArray x = ExportOpsTest.draw(example.shape().with(0, batch), batch);
      String wrong = ExportOpsTest.difference(net.predict(x), read.predict(x));
      if (!wrong.isEmpty()) {
        return "batch " + batch + ": " + wrong;
      }
    }
    ModelProto second = OnnxExport.of(read, example).model();
    GraphProto a = first.getGraph();
    GraphProto b = second.getGraph().toBuilder().setName(a.getName()).build();
    if (a.equals(b)) {
      return "";
    }
    return texts(a) + "\nread and written again:\n" + texts(b);
  }

  private static String texts(GraphProto graph) {
    Stream<String> nodes = graph.getNodeList().stream().map(RoundTripTest::text);
    Stream<String> weights =
        graph.getInitializerList().stream()
            .map(w -> w.getName() + " " + w.getDimsList() + " " + w.getDataType());
    return String.join("\n", Stream.concat(nodes, weights).toList());
  }

  private static String text(NodeProto node) {
    return "%s %s %s -> %s %s"
        .formatted(
            node.getName(),
            node.getOpType(),
            node.getInputList(),
            node.getOutputList(),
            node.getAttributeList().toString().replaceAll("\\s+", " "));
  }

  @Test
  void layersComeBack() throws IOException {
    List<String> wrong = new ArrayList<>();
    for (Map.Entry<String, Layer> entry : ExportNetsTest.layers().entrySet()) {
      int[] dims =
          Stream.of(entry.getKey().replaceAll(".*\\[|\\]", "").split(","))
              .mapToInt(Integer::parseInt)
              .toArray();
      add(wrong, entry.getKey(), entry.getValue(), ExportNetsTest.draw(Shape.of(dims), 1));
    }
    assertEquals("", String.join("\n", wrong));
  }

  @Test
  void functionsComeBack() throws IOException {
    List<String> wrong = new ArrayList<>();
    for (Map.Entry<String, ExportOpsTest.Row> entry : ExportOpsTest.all().entrySet()) {
      ExportOpsTest.Row row = entry.getValue();
      add(wrong, entry.getKey(), row.f(), ExportOpsTest.draw(row.shape(), 1));
    }
    assertEquals("", String.join("\n", wrong));
  }

  private static void add(List<String> wrong, String name, Layer net, NdArray example)
      throws IOException {
    try {
      String difference = difference(net, example);
      if (!difference.isEmpty()) {
        wrong.add(name + ": " + difference);
      }
    } catch (RuntimeException | IOException e) {
      wrong.add(name + ": " + e);
    }
  }
}
