package org.gradus.onnx;

import static org.gradus.onnx.Judge.check;
import static org.gradus.onnx.Judge.draw;
import static org.gradus.onnx.Judge.drawWithin;

import ai.onnx.proto.OnnxMl.TensorProto;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.gradus.autograd.array.NdArray;

/** Recurrent nets of any attributes, as ONNX Runtime computes them. */
class RecurrentProperties {
  private static final int STEPS = 4;
  private static final int BATCH = 3;
  private static final int IN = 2;
  private static final int OUT = 3;

  @Property(tries = 80)
  void netsOfEachKind(@ForAll long seed) {
    Random random = new Random(seed);
    String operator = List.of("RNN", "GRU", "LSTM").get(random.nextInt(3));
    int gates = Map.of("RNN", 1, "GRU", 3, "LSTM", 4).get(operator);
    String direction = List.of("forward", "reverse", "bidirectional").get(random.nextInt(3));
    int d = direction.equals("bidirectional") ? 2 : 1;
    List<Object> attributes = new ArrayList<>(List.of("hidden_size", OUT));
    attributes.addAll(List.of("direction", direction));
    TestModel model = new TestModel(14).input("x", STEPS, BATCH, IN);
    Map<String, NdArray> inputs = new LinkedHashMap<>(Map.of("x", draw(seed, STEPS, BATCH, IN)));
    model.initializer("w", drawWithin(seed + 1, -1, 1, d, gates * OUT, IN));
    model.initializer("r", drawWithin(seed + 2, -1, 1, d, gates * OUT, OUT));
    StringBuilder names = new StringBuilder("x w r ");
    if (random.nextBoolean()) {
      model.initializer("b", drawWithin(seed + 3, -1, 1, d, 2 * gates * OUT));
      names.append("b ");
    } else {
      names.append("- ");
    }
    if (random.nextBoolean()) {
      TensorProto.Builder lengths =
          TensorProto.newBuilder().setName("lengths").setDataType(TensorProto.DataType.INT32_VALUE);
      lengths.addDims(BATCH);
      for (int i = 0; i < BATCH; i++) {
        lengths.addInt32Data(1 + random.nextInt(STEPS));
      }
      model.initializer(lengths.build());
      names.append("lengths ");
    } else {
      names.append("- ");
    }
    if (random.nextBoolean()) {
      model.input("h", d, BATCH, OUT);
      inputs.put("h", drawWithin(seed + 4, -1, 1, d, BATCH, OUT));
      names.append("h");
    } else {
      names.append("-");
    }
    if (operator.equals("LSTM")) {
      model.input("c", d, BATCH, OUT);
      inputs.put("c", drawWithin(seed + 5, -1, 1, d, BATCH, OUT));
      names.append(" c");
      if (random.nextBoolean()) {
        model.initializer("p", drawWithin(seed + 6, -1, 1, d, 3 * OUT));
        names.append(" p");
      }
      model.outputs("yc");
    }
    if (operator.equals("GRU")) {
      attributes.addAll(List.of("linear_before_reset", random.nextInt(2)));
    }
    activations(random, operator, d, attributes);
    String outputs = operator.equals("LSTM") ? "y yh yc" : "y yh";
    model.node(operator, names.toString(), outputs, attributes.toArray()).outputs("y", "yh");
    check(model, inputs);
  }

  private static void activations(
      Random random, String operator, int directions, List<Object> attributes) {
    if (random.nextBoolean()) {
      return;
    }
    int count = Map.of("RNN", 1, "GRU", 2, "LSTM", 3).get(operator);
    String[] names = new String[count * directions];
    for (int i = 0; i < names.length; i++) {
      names[i] = List.of("Tanh", "Sigmoid", "Relu", "Softsign").get(random.nextInt(4));
    }
    attributes.addAll(List.of("activations", names));
    if (random.nextBoolean() && !operator.equals("LSTM")) { // there, ONNX Runtime has its own
      attributes.addAll(List.of("clip", 0.7f));
    }
  }
}
