package org.gradus.autograd.internal.kernel;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;

/**
 * Records which kernels an op calls for inputs of some shapes, and does not call them: the op's
 * forward computation on {@linkplain #blank blanks}. Whoever has the calls can make them again, for
 * any values, without asking the op. What an op of the library computes is calls of kernels and
 * nothing else, or it reads values, which is refused here.
 */
public final class Recorder {
  private final List<Call> calls = new ArrayList<>();
  private final Kernels<Object> kernels = recording();

  /**
   * A call of a function of {@link Kernels}.
   *
   * @param name of the function
   * @param handle of the function, which takes kernels and the arguments
   * @param arguments in which blank arrays stand for those that will be there
   */
  public record Call(String name, MethodHandle handle, List<Object> arguments) {
    /** Takes a copy of the list. */
    public Call {
      arguments = List.copyOf(arguments);
    }
  }

  /** Why calls of kernels are not all that an op computes. */
  public static final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1;

    Refused(String message) {
      super(message, null, false, false); // no error: it is told whoever records
    }
  }

  /** An array of zeros that stands for others of its type and length. */
  public Buffer blank(Object array) {
    return Buffer.blank(array, this);
  }

  /** What was called until now. */
  public List<Call> calls() {
    return List.copyOf(calls);
  }

  Kernels<Object> kernels() {
    return kernels;
  }

  @SuppressWarnings("unchecked") // Object stands for float[] or double[]; see Kernels.of
  private Kernels<Object> recording() {
    return (Kernels<Object>)
        Proxy.newProxyInstance(
            Kernels.class.getClassLoader(),
            new Class<?>[] {Kernels.class},
            (proxy, method, arguments) -> record(method, arguments));
  }

  private Object record(Method method, Object[] arguments) {
    if (method.getReturnType() != void.class) {
      throw new Refused(method.getName() + " gives a number of values");
    }
    calls.add(new Call(method.getName(), handle(method), List.of(arguments)));
    return arguments; // which nobody gets: the function gives nothing
  }

  private static MethodHandle handle(Method method) {
    try {
      return MethodHandles.lookup()
          .unreflect(method)
          .asSpreader(Object[].class, method.getParameterCount())
          .asType(MethodType.methodType(void.class, Kernels.class, Object[].class));
    } catch (IllegalAccessException e) {
      throw new AssertionError(e); // the interface is public
    }
  }
}
