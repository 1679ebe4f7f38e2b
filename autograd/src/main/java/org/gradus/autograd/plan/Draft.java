package org.gradus.autograd.plan;

import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.inspect.Recording;
import org.gradus.autograd.inspect.Recording.Call;
import org.gradus.autograd.internal.kernel.Binary;
import org.gradus.autograd.internal.kernel.Kernels;
import org.gradus.autograd.internal.kernel.Recorder;
import org.gradus.autograd.internal.memory.Buffers;
import org.gradus.autograd.plan.Step.Value;

/**
 * The steps of a recording: values have numbers in it, and each op is the calls of kernels that it
 * makes, or, where it does more, the op itself.
 *
 * <p>A value's array is a constant's own, or has its type and length and stands for others.
 */
final class Draft {
  /** What a value is. */
  enum Kind {
    INPUT,
    CONSTANT,
    /** Written by kernels, to memory that is there. */
    PLANNED,
    /** Made by an op, in memory of its own. */
    MADE;

    /** Whether each run has another array of it. */
    boolean isPassing() {
      return this == INPUT || this == MADE;
    }
  }

  /** The number of the input. */
  static final int INPUT_NUMBER = 0;

  final List<Step> steps = new ArrayList<>();
  final List<Object> arrays = new ArrayList<>();
  final List<Kind> kinds = new ArrayList<>();
  final List<String> layouts = new ArrayList<>();
  private final IdentityHashMap<Object, Integer> numbers = new IdentityHashMap<>(); // of arrays
  private final Map<Tensor, Object> standIns = new HashMap<>();

  private Draft() {}

  /** The steps from an input, which is value number 0, to an output. */
  static Draft of(Tensor input, Tensor output) {
    Draft draft = new Draft();
    draft.like(input, Kind.INPUT);
    for (Call call : Recording.of(output).calls()) {
      draft.add(call);
    }
    return draft;
  }

  /** The number of a tensor's value. */
  int number(Tensor tensor) {
    return number(array(tensor));
  }

  private int number(Object array) {
    return numbers.computeIfAbsent(array, a -> add(a, Kind.CONSTANT));
  }

  private int add(Object array, Kind kind) {
    return add(array, kind, "");
  }

  /**
   * A new value.
   *
   * @param layout what else must be the same of two values that lie in one array
   */
  int add(Object array, Kind kind, String layout) {
    arrays.add(array);
    kinds.add(kind);
    layouts.add(layout);
    return arrays.size() - 1;
  }

  /** A new value, for a tensor. */
  private int like(Tensor tensor, Kind kind) {
    Object array = NdArray.zeros(tensor.dtype(), tensor.shape()).storage();
    numbers.put(array, add(array, kind));
    standIns.put(tensor, array);
    return numbers.get(array);
  }

  private Object array(Tensor tensor) {
    Object array = standIns.get(tensor);
    if (array == null) {
      array = tensor.value().storage(); // a constant: no other is free to be read
      standIns.put(tensor, array);
    }
    return array;
  }

  private void add(Call call) {
    if (!addKernels(call)) {
      List<Integer> inputs = call.inputs().stream().map(this::number).toList();
      List<Shape> shapes = call.inputs().stream().map(Tensor::shape).toList();
      int made = like(call.output(), Kind.MADE);
      steps.add(new Step.OfOp(call.op(), inputs, shapes, call.output().shape(), made));
    }
  }

  /** Adds the calls of kernels that an op is; false if it is more than that. */
  private boolean addKernels(Call call) {
    Recorder recorder = new Recorder();
    Object output;
    try {
      List<NdArray> blanks =
          call.inputs().stream()
              .map(input -> Buffers.array(recorder.blank(array(input)), input.shape()))
              .toList();
      output = Buffers.of(call.op().forward(blanks)).array();
    } catch (Recorder.Refused refused) {
      return false;
    }
    List<Recorder.Call> calls = recorder.calls();
    Set<Object> made = Collections.newSetFromMap(new IdentityHashMap<>());
    calls.forEach(kernel -> made.add(written(kernel)));
    if (made.stream().anyMatch(numbers::containsKey)
        || !(made.contains(output)
            || numbers.containsKey(output)
            || Array.getLength(output) == 0)) {
      return false;
    }
    made.forEach(array -> numbers.put(array, add(array, Kind.PLANNED)));
    for (Recorder.Call kernel : calls) {
      Object y = written(kernel);
      List<Object> arguments = kernel.arguments().stream().map(this::argument).toList();
      steps.add(
          new Step.OfKernel(kernel.name(), kernel.handle(), Kernels.of(y), arguments, number(y)));
    }
    standIns.put(call.output(), output);
    return true;
  }

  /** The array that a kernel writes to: the last one named. */
  private static Object written(Recorder.Call kernel) {
    List<Object> arguments = kernel.arguments();
    for (int i = arguments.size() - 1; i >= 0; i--) {
      if (isArray(arguments.get(i))) {
        return arguments.get(i);
      }
    }
    throw new IllegalStateException("plan: %s writes to no array".formatted(kernel.name()));
  }

  private static boolean isArray(Object argument) {
    return argument instanceof float[] || argument instanceof double[];
  }

  /** An argument of a kernel, with values in the place of arrays. */
  private Object argument(Object argument) {
    if (argument instanceof List<?> list) {
      return list.stream().map(this::argument).toList();
    }
    return isArray(argument) ? new Value(number(argument)) : argument;
  }

  /** Whether a value is a constant. */
  boolean isConstant(int value) {
    return kinds.get(value) == Kind.CONSTANT;
  }

  /** Whether a step adds or multiplies two values, neither of which is repeated, or a constant. */
  boolean isOfOneShape(Step.OfKernel call) {
    Object f = call.arguments().get(0);
    return (f == Binary.ADD || f == Binary.SUB || f == Binary.MUL)
        && call.isOfOneShape()
        && !isConstant(call.value(2))
        && !isConstant(call.value(4));
  }
}
