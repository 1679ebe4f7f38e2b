package org.gradus.autograd.internal.memory;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.VarHandle;
import java.util.List;
import java.util.function.Function;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Nulls;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.internal.kernel.Buffer;

/**
 * The buffers of arrays, for the engine, the ops and the optimisers' door. To users an array has
 * none: a buffer can be written to and taken back, and they count on values that stay. So the
 * members of {@link NdArray} are private, and are opened here, once, for this module.
 */
public final class Buffers {
  private static final VarHandle BUFFER;
  private static final MethodHandle WRAP;

  static {
    try {
      MethodHandles.Lookup inside =
          MethodHandles.privateLookupIn(NdArray.class, MethodHandles.lookup());
      BUFFER = inside.findVarHandle(NdArray.class, "buffer", Buffer.class);
      MethodType wrap = MethodType.methodType(NdArray.class, Buffer.class, Shape.class);
      WRAP = inside.findStatic(NdArray.class, "wrap", wrap);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private Buffers() {}

  /** The memory of an array's elements. */
  public static Buffer of(NdArray array) {
    return (Buffer) BUFFER.get(array);
  }

  /**
   * What the body makes of the arrays, for whose time none of their memory is taken back.
   *
   * @param what named in the error
   * @throws IllegalStateException if it was taken back before
   */
  public static <T> T reading(String what, List<NdArray> arrays, Function<List<NdArray>, T> body) {
    return Buffer.reading(what, arrays, Buffers::of, () -> body.apply(arrays));
  }

  /**
   * What f makes of an array, for whose time its memory is not taken back.
   *
   * @throws IllegalStateException if it was taken back before
   */
  public static <T> T reading(NdArray array, Function<NdArray, T> f) {
    Nulls.refuse("read: f", f);
    return reading("read", List.of(array), in -> f.apply(in.get(0)));
  }

  /** An array of this shape over a buffer, which kernels may still write to. */
  public static NdArray array(Buffer buffer, Shape shape) {
    try {
      return (NdArray) WRAP.invokeExact(buffer, shape);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new AssertionError(e); // wrap declares none
    }
  }
}
