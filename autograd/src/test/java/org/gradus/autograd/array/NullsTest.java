package org.gradus.autograd.array;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class NullsTest {

  @Test
  void saysWhatIsNull() {
    refused("conv2d: w is null", () -> Nulls.given("conv2d: w", null));
    refused("conv2d: x is null", () -> Nulls.refuse("conv2d: x, w", null, "w"));
    refused("conv2d: w is null", () -> Nulls.refuse("conv2d: x, w", "x", null));
    refused("sum: axes is null", () -> Nulls.list("sum: axes", (List<Integer>) null));
    refused("sum: axes is null", () -> Nulls.list("sum: axes", (Integer[]) null));
    refused("concat: inputs is null", () -> Nulls.inputs("concat", 0, (String[]) null));
  }

  @Test
  void saysWhichElementIsNull() {
    refused("f: b[1] is null", () -> Nulls.refuse("f: a, b", 1, new String[] {"", null}));
    refused("f: a[0] is null", () -> Nulls.refuse("f: a", Collections.singleton(null)));
    refused("sum: axes[2] is null", () -> Nulls.list("sum: axes", Arrays.asList(1, 2, null)));
    String[] inputs = {"x", null};
    refused("concat: input 1 is null", () -> Nulls.inputs("concat", 1, inputs));
  }

  @Test
  void givesBackWhatIsThere() {
    assertEquals("w", Nulls.given("conv2d: w", "w"));
    assertEquals(List.of(1, 2), Nulls.list("sum: axes", Arrays.asList(1, 2)));
    assertEquals(List.of("a"), Nulls.list("f: a", new String[] {"a"}));
    assertEquals(List.of("x", "y"), Nulls.inputs("concat", 0, new String[] {"x", "y"}));
    Nulls.refuse("f: a, b, c, d", "", new int[0], Set.of("x"), new String[] {"y"});
  }

  @Test
  void refusesMoreInputsAndFewer() {
    assertEquals(List.of("x"), Nulls.inputs("abs", 1, new String[] {"x"}));
    assertEquals(List.of("x"), Nulls.inputs("sum", 0, new String[] {"x"}));
    numberRefused("concat: 0 inputs, expected one or more", 0);
    numberRefused("concat: 0 inputs, expected 2", 2);
    numberRefused("concat: 1 inputs, expected 2", 2, "x");
    numberRefused("concat: 3 inputs, expected 2", 2, "x", "y", "z");
  }

  private static void numberRefused(String message, int arity, String... inputs) {
    assertEquals(
        message,
        assertThrows(IllegalArgumentException.class, () -> Nulls.inputs("concat", arity, inputs))
            .getMessage());
  }

  private static void refused(String message, Executable call) {
    assertEquals(message, assertThrows(NullPointerException.class, call).getMessage());
  }
}
