/**
 * Reverse-mode automatic differentiation: the engine, arrays, ops, and the checker of gradients.
 * {@link org.gradus.autograd} is the place to begin.
 *
 * <p>Three modules are optional when a program runs. {@code jdk.incubator.vector} makes the kernels
 * fast; a program asks for it by {@code --add-modules jdk.incubator.vector}, and the JVM then warns
 * that the module is incubating. Without the option everything works, more slowly, and the {@link
 * System.Logger} {@code org.gradus.autograd} says so once. The system property {@code
 * gradus.kernels} chooses: {@code plain} takes the slower kernels without a message, {@code vector}
 * fails where the module is absent. {@code ejml.core}, the jar {@code ejml-core}, holds the
 * matrices that an {@link org.gradus.autograd.array.NdArray} can wrap; a module that passes such
 * matrices says {@code requires ejml.core}. Without EJML, only these methods fail, and reflection
 * on all methods of that class. {@code java.desktop} has the images of {@link
 * org.gradus.autograd.array.ImageArrays}, and only what calls that class requires it.
 */
@SuppressWarnings("requires-automatic") // EJML has no module descriptor: its name is its jar's
module org.gradus.autograd {
  requires static ejml.core;
  requires static java.desktop;
  requires static org.jspecify;

  exports org.gradus.autograd;
  exports org.gradus.autograd.array;
  exports org.gradus.autograd.check;
  exports org.gradus.autograd.functional;
  exports org.gradus.autograd.inspect;
  exports org.gradus.autograd.ops;
  exports org.gradus.autograd.plan;
  exports org.gradus.autograd.update;
}
