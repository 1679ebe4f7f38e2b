package org.gradus.autograd.plan;

import java.lang.invoke.MethodHandle;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntConsumer;
import org.gradus.autograd.Op;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.internal.kernel.Buffer;
import org.gradus.autograd.internal.kernel.Kernels;
import org.gradus.autograd.internal.kernel.PixelKernels;
import org.gradus.autograd.internal.memory.Buffers;

/** A part of a plan: from some values, which it does not modify, it makes another one. */
interface Step {

  /** Tells the numbers of the values that are read. */
  void reads(IntConsumer reader);

  /** The number of the value that is written, as a whole or in part. */
  int writes();

  /** The step for one workspace, whose arrays lie by the numbers of their values. */
  Runnable in(Object[] arrays);

  /** The value of a number, in a list of arguments. */
  record Value(int number) {}

  /**
   * A call of a kernel.
   *
   * @param arguments in which values, and lists of them, stand for arrays
   */
  record OfKernel(
      String name, MethodHandle handle, Kernels<Object> kernels, List<Object> arguments, int writes)
      implements Step {

    /** The number of the value that is an argument. */
    int value(int argument) {
      return ((Value) arguments.get(argument)).number;
    }

    @Override
    public void reads(IntConsumer reader) {
      for (Object argument : arguments) {
        if (argument instanceof Value value && value.number != writes) {
          reader.accept(value.number);
        } else if (argument instanceof List<?> values) {
          values.forEach(value -> reader.accept(((Value) value).number));
        }
      }
    }

    @Override
    public Runnable in(Object[] arrays) {
      Object[] given = arguments.toArray();
      Object[][] lists = new Object[given.length][];
      for (int i = 0; i < given.length; i++) {
        if (given[i] instanceof List<?> values) {
          lists[i] = values.toArray();
          given[i] = Arrays.asList(lists[i]);
        }
      }
      return () -> call(arrays, given, lists);
    }

    private void call(Object[] arrays, Object[] given, Object[][] lists) {
      for (int i = 0; i < given.length; i++) {
        if (arguments.get(i) instanceof Value value) {
          given[i] = arrays[value.number];
        } else if (arguments.get(i) instanceof List<?> values) {
          for (int j = 0; j < lists[i].length; j++) {
            lists[i][j] = arrays[((Value) values.get(j)).number];
          }
        }
      }
      try {
        handle.invokeExact(kernels, given);
      } catch (RuntimeException | Error e) {
        throw e;
      } catch (Throwable e) {
        throw new AssertionError(e); // kernels declare none
      }
    }
  }

  /**
   * A function of pixels.
   *
   * @param x what it reads, and {@code added} what it adds, which may be the same
   */
  record OfPixels(PixelKernels.Prepared<Object> function, int x, int added, int writes)
      implements Step {
    @Override
    public void reads(IntConsumer reader) {
      reader.accept(x);
      reader.accept(added);
    }

    @Override
    public Runnable in(Object[] arrays) {
      PixelKernels.Ready<Object> ready = function.ready();
      return () -> ready.run(arrays[x], arrays[added], arrays[writes]);
    }
  }

  /**
   * An op that is asked each time, since it is not known to be calls of kernels.
   *
   * @param inputs the numbers of its inputs, and {@code shapes} their shapes
   */
  record OfOp(Op op, List<Integer> inputs, List<Shape> shapes, Shape shape, int writes)
      implements Step {

    @Override
    public void reads(IntConsumer reader) {
      inputs.forEach(reader::accept);
    }

    @Override
    public Runnable in(Object[] arrays) {
      return () -> arrays[writes] = compute(arrays);
    }

    private Object compute(Object[] arrays) {
      NdArray[] in = new NdArray[inputs.size()];
      for (int i = 0; i < in.length; i++) {
        Buffer buffer = Buffer.of(arrays[inputs.get(i)]);
        in[i] = Buffers.array(buffer, shapes.get(i));
      }
      NdArray y = op.forward(List.of(in));
      if (!y.shape().equals(shape)) {
        throw new IllegalStateException(
            "plan: %s made %s of inputs of which it made %s before"
                .formatted(op.name(), y.shape(), shape));
      }
      Object made = Buffers.of(y).hold("plan");
      for (int input : inputs) {
        if (arrays[input] == made) { // which others may write to afterwards
          return Plan.copy(made);
        }
      }
      return made;
    }
  }
}
