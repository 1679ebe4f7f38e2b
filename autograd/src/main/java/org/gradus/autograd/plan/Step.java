package org.gradus.autograd.plan;

import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.function.IntFunction;
import org.gradus.autograd.Op;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.internal.kernel.Buffer;
import org.gradus.autograd.internal.kernel.Kernels;
import org.gradus.autograd.internal.kernel.PixelKernels;
import org.gradus.autograd.internal.memory.Buffers;
import org.jspecify.annotations.Nullable;

/** A part of a plan: from some values, which it does not modify, it makes another one. */
interface Step {

  /** Tells the numbers of the values that are read. */
  void reads(IntConsumer reader);

  /** The number of the value that is written, as a whole or in part. */
  int writes();

  /**
   * The step for one workspace, whose arrays lie by the numbers of their values.
   *
   * @param alone whether the calling thread does it all
   */
  Runnable in(Object[] arrays, boolean alone);

  /**
   * The same for some of the examples of a batch; null if what becomes of an example may depend on
   * others.
   *
   * @param batch the examples that this step is for, one after the other in each value
   */
  default @Nullable Step part(int batch, int examples) {
    return null;
  }

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
    public @Nullable OfKernel part(int batch, int examples) {
      List<Object> changed = new ArrayList<>(arguments);
      switch (name) {
        case "unary" -> {}
        case "binary" -> {
          int[] shape = (int[]) arguments.get(1);
          if (!isOfOneShape() || shape[0] % batch != 0) {
            return null;
          }
          changed.set(1, new int[] {shape[0] / batch * examples});
        }
        case "softmax" -> {
          int before = (Integer) arguments.get(1);
          if (before % batch != 0) {
            return null;
          }
          changed.set(1, before / batch * examples);
        }
        default -> {
          return null;
        }
      }
      return new OfKernel(name, handle, kernels, changed, writes);
    }

    /** Whether it is one of two arrays, element by element. */
    boolean isOfOneShape() {
      return ((int[]) arguments.get(1)).length == 1
          && ((int[]) arguments.get(3))[0] == 1
          && ((int[]) arguments.get(5))[0] == 1;
    }

    @Override
    public Runnable in(Object[] arrays, boolean alone) {
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
   * @param function by the number of images
   * @param weights how many, and {@code products} how many there are for each image
   * @param x what it reads, and {@code added} what it adds, which may be the same
   */
  record OfPixels(
      IntFunction<PixelKernels.Prepared<Object>> function,
      int images,
      long weights,
      long products,
      int x,
      int added,
      int writes)
      implements Step {
    @Override
    public @Nullable OfPixels part(int batch, int examples) {
      int some = images / batch * examples;
      return images % batch != 0
          ? null
          : new OfPixels(function, some, weights, products, x, added, writes);
    }

    @Override
    public void reads(IntConsumer reader) {
      reader.accept(x);
      reader.accept(added);
    }

    @Override
    public Runnable in(Object[] arrays, boolean alone) {
      PixelKernels.Ready<Object> made = function.apply(images).ready();
      PixelKernels.Ready<Object> ready = alone ? made.alone() : made;
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
    public Runnable in(Object[] arrays, boolean alone) {
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
