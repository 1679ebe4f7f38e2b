package org.gradus.onnx;

import java.util.ArrayList;
import java.util.List;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.ops.Ops;

/** Graphs within graphs: choices and loops, as the numbers say when they are computed. */
final class Control {
  private Control() {}

  static List<Operator> operators() {
    return List.of(
        Operator.many(
                "If",
                1,
                1,
                1,
                Operator.ANY,
                "then_branch:graph! else_branch:graph!",
                Control::choice)
            .checked(Control::checkChoice),
        Operator.many("Loop", 1, 1, Operator.ANY, Operator.ANY, "body:graph!", Control::loop)
            .checked(Control::checkLoop));
  }

  private static void checkChoice(Node node) {
    requireCounts(node.graph("then_branch"), 0, node.outputs().size());
    requireCounts(node.graph("else_branch"), 0, node.outputs().size());
  }

  private static void requireCounts(Graph graph, int inputs, int outputs) {
    if (graph.inputs().size() != inputs || graph.outputs().size() < outputs) {
      throw new IllegalArgumentException(
          "a graph within it has %s inputs and %s outputs, expected %s and %s"
              .formatted(graph.inputs().size(), graph.outputs().size(), inputs, outputs));
    }
  }

  private static List<Value> choice(Call call) {
    boolean isTrue = call.value(0).number() != 0;
    return call.node().graph(isTrue ? "then_branch" : "else_branch").run(call, List.of());
  }

  private static void checkLoop(Node node) {
    Graph body = node.graph("body");
    int carried = Math.max(0, node.inputs().size() - 2);
    requireCounts(body, carried + 2, Math.max(1 + carried, 1 + node.outputs().size()));
  }

  /** Values that are carried from one turn to the next, and values of all turns, stacked. */
  private static List<Value> loop(Call call) {
    Graph body = call.node().graph("body");
    int carried = Math.max(0, call.count() - 2);
    int stacked = body.outputs().size() - 1 - carried;
    long most = call.has(0) ? call.whole(0) : Long.MAX_VALUE;
    boolean goesOn = !call.has(1) || call.value(1).number() != 0;
    List<Value> state = new ArrayList<>();
    for (int i = 0; i < carried; i++) {
      state.add(call.value(i + 2));
    }
    List<List<Value>> turns = new ArrayList<>();
    long elements = 0;
    for (long turn = 0; turn < most && goesOn; turn++) {
      call.scope().turn();
      List<Value> given = new ArrayList<>();
      given.add(new Value.Host(Element.INT64, new long[] {turn}, Shape.SCALAR));
      given.add(new Value.Host(Element.BOOL, new long[] {1}, Shape.SCALAR));
      given.addAll(state);
      List<Value> made = body.run(call, given);
      goesOn = made.get(0).number() != 0;
      state = new ArrayList<>(made.subList(1, 1 + carried));
      if (stacked > 0) {
        turns.add(List.copyOf(made.subList(1 + carried, made.size())));
        for (Value value : turns.get(turns.size() - 1)) {
          elements += value.shape().size();
        }
        call.made(elements);
      }
    }
    List<Value> outputs = new ArrayList<>(state);
    for (int i = 0; i < stacked; i++) {
      int number = i;
      outputs.add(stacked(call, turns.stream().map(turn -> turn.get(number)).toList()));
    }
    return outputs;
  }

  private static Value stacked(Call call, List<Value> values) {
    if (values.isEmpty()) {
      return new Value.Data(
          Tensor.constant(NdArray.zeros(call.scope().dtype(), Shape.of(0))), Element.FLOAT);
    }
    Value first = values.get(0);
    boolean isHost = values.stream().allMatch(Value.Host.class::isInstance);
    DType dtype =
        first instanceof Value.Data data && !isHost ? data.tensor().dtype() : DType.FLOAT64;
    Tensor y =
        Ops.stack(0, values.stream().map(value -> value.tensor(dtype)).toArray(Tensor[]::new));
    Value all = new Value.Data(y, first.type());
    return isHost ? all.host(first.type()) : all;
  }
}
