package org.gradus.layers.testkit;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.DTypeException;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;

/** What each layer refuses, or takes, but never breaks at, whatever its row says. */
final class Refusals {
  /** What is wrong behind the name of who says so: {@code linear: input [2] has ...}. */
  private static final Pattern TOLD = Pattern.compile("(?s)[\\w. -]+: .+");

  private static final Pattern NULL_TOLD = Pattern.compile("[\\w. -]+: [\\w ]+ is null");

  private Refusals() {}

  @SuppressWarnings("NullAway") // what callers must not do
  static void refusesNull(Specimen specimen) {
    NullPointerException e =
        assertThrows(
            NullPointerException.class,
            () -> specimen.layer().forward((Tensor) null),
            "null is taken");
    String message = String.valueOf(e.getMessage());
    assertTrue(
        NULL_TOLD.matcher(message).matches(),
        () ->
            "null is refused by '%s', expected for example 'linear: x is null'".formatted(message));
  }

  /** Two element types never meet; a layer without numbers of its own may take either. */
  static void takesNoOtherElementType(Specimen specimen, NdArray x) {
    DType other = x.dtype() == DType.FLOAT32 ? DType.FLOAT64 : DType.FLOAT32;
    try {
      DType made = specimen.forward(x.as(other)).dtype();
      if (!specimen.parameters().isEmpty() || made != other) {
        fail("an input of %s is taken, and the output is %s".formatted(other, made));
      }
    } catch (DTypeException refused) {
      assertTold(refused);
    }
  }

  /** Of a shape beside the right one. */
  static void breaksForNoShape(Specimen specimen, Shape right) {
    for (Shape shape : beside(right)) {
      try {
        specimen.forward(NdArray.full(specimen.dtype(right), shape, 0.5));
      } catch (IllegalArgumentException refused) {
        assertTold(refused);
      } catch (RuntimeException broken) {
        throw new AssertionError("an input %s breaks it: %s".formatted(shape, broken), broken);
      }
    }
  }

  /** With a row more along each axis, an axis less, an axis more, and none. */
  private static List<Shape> beside(Shape shape) {
    List<Shape> others = new ArrayList<>(List.of(Shape.SCALAR));
    for (int axis = 0; axis < shape.rank(); axis++) {
      others.add(shape.with(axis, shape.dim(axis) + 1));
    }
    int[] dims = shape.toArray();
    others.add(Shape.of(Arrays.copyOf(dims, Math.max(0, dims.length - 1))));
    int[] more = Arrays.copyOf(dims, dims.length + 1);
    more[dims.length] = 2;
    others.add(Shape.of(more));
    return others;
  }

  static void assertTold(IllegalArgumentException refused) {
    String message = String.valueOf(refused.getMessage());
    assertTrue(
        TOLD.matcher(message).matches(),
        () -> "the message '%s' does not begin with the name of who refuses".formatted(message));
  }
}
