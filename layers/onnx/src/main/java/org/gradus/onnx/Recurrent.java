package org.gradus.onnx;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.ops.Ops;

/** Recurrent nets, step by step. */
final class Recurrent {
  private static final String RULES =
      "activation_alpha:floats activation_beta:floats activations:strings clip:float"
          + " direction:string=forward|reverse|bidirectional hidden_size:int layout:int@14-";

  private Recurrent() {}

  static List<Operator> operators() {
    return List.of(
        of("RNN", 6, 2, RULES, 1, List.of("Tanh")),
        of("GRU", 6, 2, RULES + " linear_before_reset:int", 3, List.of("Sigmoid", "Tanh")),
        of("LSTM", 8, 3, RULES + " input_forget:int", 4, List.of("Sigmoid", "Tanh", "Tanh")));
  }

  private static Operator of(
      String name, int most, int outputs, String rules, int gates, List<String> activations) {
    return Operator.many(name, 1, 3, most, outputs, rules, call -> run(call, gates, activations))
        .with(Operator.Role.WEIGHT, 1, 2, 3, 7)
        .checked(Activation::check);
  }

  /** What a net remembers from one step to the next: h, and c, which is h where there is none. */
  private record Memory(Tensor h, Tensor c) {}

  /**
   * The weights of one direction.
   *
   * @param r of the memory, [gates H, H]
   * @param recurrent bias of the memory, [gates H]
   * @param peepholes [3 H]; empty if there are none
   * @param functions the activations
   */
  private record Weights(
      Tensor r,
      Optional<Tensor> recurrent,
      Optional<Tensor> peepholes,
      List<UnaryOperator<Tensor>> functions,
      int hidden) {

    /** The part of a gate, along the last axis. */
    Tensor gate(Tensor all, int number) {
      return Ops.slice(all, -1, number * hidden, (number + 1) * hidden);
    }

    Tensor fromMemory(Tensor h) {
      Tensor y = Ops.matmul(h, r, false, true);
      return recurrent.isPresent() ? Ops.add(y, recurrent.orElseThrow()) : y;
    }

    /** A gate's sum with what it sees of c. */
    Tensor seeing(Tensor sum, Tensor c, int number) {
      return peepholes.isPresent()
          ? Ops.add(sum, Ops.mul(gate(peepholes.orElseThrow(), number), c))
          : sum;
    }
  }

  private static List<Value> run(Call call, int gates, List<String> activations) {
    boolean batchFirst = call.node().flag("layout", false);
    Tensor x = batchFirst ? Ops.permute(call.tensor(0), 1, 0, 2) : call.tensor(0);
    if (x.shape().rank() != 3 || call.shape(1).rank() != 3 || call.shape(2).rank() != 3) {
      throw call.refused(
          "input %s, weights %s and %s, expected rank 3"
              .formatted(x.shape(), call.shape(1), call.shape(2)));
    }
    String direction = call.node().text("direction", "forward");
    int directions = direction.equals("bidirectional") ? 2 : 1;
    if (call.shape(1).dim(0) != directions) {
      throw call.refused("weights %s, expected %s directions".formatted(call.shape(1), directions));
    }
    List<Tensor> sequences = new ArrayList<>();
    List<Tensor> hidden = new ArrayList<>();
    List<Tensor> cells = new ArrayList<>();
    for (int i = 0; i < directions; i++) {
      boolean isReverse = i == 1 || direction.equals("reverse");
      List<Tensor> steps = new ArrayList<>();
      Memory last = run(call, x, i, isReverse, gates, activations, steps);
      sequences.add(Ops.stack(0, steps.toArray(new Tensor[0])));
      hidden.add(last.h);
      cells.add(last.c);
    }
    int axis = batchFirst ? 1 : 0;
    Tensor y = Ops.stack(1, sequences.toArray(new Tensor[0])); // [T, D, N, H]
    Tensor ordered = batchFirst ? Ops.permute(y, 2, 0, 1, 3) : y;
    return List.of(
        call.like(0, ordered),
        call.like(0, Ops.stack(axis, hidden.toArray(new Tensor[0]))),
        call.like(0, Ops.stack(axis, cells.toArray(new Tensor[0]))));
  }

  private static Memory run(
      Call call,
      Tensor x,
      int direction,
      boolean isReverse,
      int gates,
      List<String> activations,
      List<Tensor> steps) {
    int time = x.shape().dim(0);
    int batch = x.shape().dim(1);
    int size = call.shape(2).dim(2);
    Weights weights = weights(call, direction, gates, activations, size);
    Tensor w = Ops.squeeze(Ops.slice(call.tensor(1), 0, direction, direction + 1), 0);
    Tensor sums = Ops.matmul(x, w, false, true); // [T, N, gates H]
    if (call.has(3)) {
      sums = Ops.add(sums, bias(call, direction, 0, gates * size));
    }
    if (time == 0) {
      throw call.refused("input %s, expected at least one step".formatted(x.shape()));
    }
    Memory memory =
        new Memory(
            initial(call, 5, direction, batch, size), initial(call, 6, direction, batch, size));
    long[] lengths = call.has(4) ? call.wholes(4) : new long[0];
    if (call.has(4) && lengths.length != batch) {
      throw call.refused("%s lengths, expected %s".formatted(lengths.length, batch));
    }
    Tensor none = Tensor.constant(NdArray.zeros(x.dtype(), Shape.of(batch, size)));
    for (int i = 0; i < time; i++) {
      int t = isReverse ? time - 1 - i : i;
      Tensor sum = Ops.squeeze(Ops.slice(sums, 0, t, t + 1), 0);
      Memory next =
          switch (gates) {
            case 1 -> plain(sum, memory, weights);
            case 3 -> gated(call, sum, memory, weights);
            default -> longShort(call, sum, memory, weights);
          };
      Tensor output = next.h;
      if (lengths.length > 0) {
        Tensor isOn =
            Tensor.constant(
                NdArray.generate(x.dtype(), Shape.of(batch, 1), n -> t < lengths[n] ? 1 : 0));
        output = Ops.where(isOn, next.h, none);
        next = new Memory(Ops.where(isOn, next.h, memory.h), Ops.where(isOn, next.c, memory.c));
      }
      memory = next;
      steps.add(isReverse ? 0 : steps.size(), output);
    }
    return memory;
  }

  private static Tensor initial(Call call, int input, int direction, int batch, int size) {
    boolean isOther = input == 6 && !call.node().operator().name().equals("LSTM");
    if (isOther || !call.has(input)) {
      return Tensor.constant(NdArray.zeros(call.dtype(), Shape.of(batch, size)));
    }
    int axis = call.node().flag("layout", false) ? 1 : 0;
    return Ops.squeeze(Ops.slice(call.tensor(input), axis, direction, direction + 1), axis);
  }

  private static Tensor bias(Call call, int direction, int from, int size) {
    Tensor row = Ops.slice(call.tensor(3), 0, direction, direction + 1);
    return Ops.squeeze(Ops.slice(row, 1, from, from + size), 0);
  }

  private static Weights weights(
      Call call, int direction, int gates, List<String> activations, int size) {
    List<UnaryOperator<Tensor>> functions = new ArrayList<>();
    for (int i = 0; i < activations.size(); i++) {
      functions.add(Activation.of(call.node(), direction * activations.size() + i, activations));
    }
    return new Weights(
        Ops.squeeze(Ops.slice(call.tensor(2), 0, direction, direction + 1), 0),
        call.has(3)
            ? Optional.of(bias(call, direction, gates * size, gates * size))
            : Optional.empty(),
        call.has(7)
            ? Optional.of(Ops.squeeze(Ops.slice(call.tensor(7), 0, direction, direction + 1), 0))
            : Optional.empty(),
        functions,
        size);
  }

  // ---- one step --------------------------------------------------------------------------------

  private static Memory plain(Tensor sum, Memory memory, Weights weights) {
    Tensor h = weights.functions.get(0).apply(Ops.add(sum, weights.fromMemory(memory.h)));
    return new Memory(h, memory.c);
  }

  private static Memory gated(Call call, Tensor sum, Memory memory, Weights weights) {
    UnaryOperator<Tensor> f = weights.functions.get(0);
    UnaryOperator<Tensor> g = weights.functions.get(1);
    Tensor old = weights.fromMemory(memory.h);
    Tensor z = f.apply(Ops.add(weights.gate(sum, 0), weights.gate(old, 0)));
    Tensor r = f.apply(Ops.add(weights.gate(sum, 1), weights.gate(old, 1)));
    Tensor seen =
        call.node().flag("linear_before_reset", false)
            ? Ops.mul(r, weights.gate(old, 2))
            : weights.gate(weights.fromMemory(Ops.mul(r, memory.h)), 2);
    Tensor made = g.apply(Ops.add(weights.gate(sum, 2), seen));
    Tensor h = Ops.add(Ops.mul(Ops.sub(1, z), made), Ops.mul(z, memory.h));
    return new Memory(h, memory.c);
  }

  private static Memory longShort(Call call, Tensor sum, Memory memory, Weights weights) {
    Tensor all = Ops.add(sum, weights.fromMemory(memory.h));
    UnaryOperator<Tensor> f = weights.functions.get(0);
    Tensor i = f.apply(weights.seeing(weights.gate(all, 0), memory.c, 0));
    Tensor forget =
        call.node().flag("input_forget", false)
            ? Ops.sub(1, i)
            : f.apply(weights.seeing(weights.gate(all, 2), memory.c, 2));
    Tensor made = weights.functions.get(1).apply(weights.gate(all, 3));
    Tensor c = Ops.add(Ops.mul(forget, memory.c), Ops.mul(i, made));
    Tensor o = f.apply(weights.seeing(weights.gate(all, 1), c, 1));
    return new Memory(Ops.mul(o, weights.functions.get(2).apply(c)), c);
  }
}
