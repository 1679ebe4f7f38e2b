package org.gradus.autograd.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import fixtures.right.Cube;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.BinaryOperator;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import org.gradus.autograd.Op;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Null is refused in words by every public function of the kit. */
class NullArgumentsTest {
  /** jqwik calls it. */
  private static final String PROVIDER = DrawnParameters.class.getName();

  /** A row calls them. */
  private static final String NUMBERS = Domain.Numbers.class.getName();

  /** A call calls them. */
  private static final String FUNCTIONS = Call.OfThree.class.getName();

  /** A fuzzer calls them. */
  private static final String READER = Fuzz.Reader.class.getName();

  private static final String CHANGE = Fuzz.Change.class.getName();

  private static Map<Class<?>, Object> samples() {
    NdArray one = NdArray.full(DType.FLOAT64, Shape.of(1), 1);
    OpCase example = OpCase.of(new Cube(), one);
    Map<Class<?>, Object> samples = new HashMap<>();
    samples.put(Op.class, new Cube());
    samples.put(NdArray.class, one);
    samples.put(Shape.class, Shape.of(1));
    samples.put(List.class, List.of(one));
    samples.put(String.class, "name");
    samples.put(Class.class, Cube.class);
    samples.put(Map.class, Map.of());
    samples.put(Set.class, Set.of());
    samples.put(Function.class, (Function<Object, Object>) any -> example);
    samples.put(Executable.class, (Executable) () -> {});
    samples.put(java.lang.reflect.Executable.class, Object.class.getMethods()[0]);
    samples.put(Arbitrary.class, Arbitraries.just(new Cube()));
    samples.put(Domain.class, Domain.nonzero());
    samples.put(UnaryOperator.class, UnaryOperator.identity());
    samples.put(BinaryOperator.class, (BinaryOperator<Object>) (a, b) -> a);
    samples.put(Call.OfThree.class, (Call.OfThree) (a, b, c) -> a);
    samples.put(OpCase.class, example);
    samples.put(Call.class, Call.call(example).gives(one));
    samples.put(DType.class, DType.FLOAT32);
    samples.put(OpRow.class, OpRow.unary(new Cube(), Domain.nonzero()));
    samples.put(OpContract.class, OpContract.of(OpRow.unary(new Cube(), Domain.nonzero())));
    samples.put(Trials.class, new Trials(1, 1, 2));
    samples.put(Consumer.class, (Consumer<Object>) any -> {});
    samples.put(BiConsumer.class, (BiConsumer<Object, Object>) (a, b) -> {});
    samples.put(Object.class, "an object");
    samples.put(Method.class, Object.class.getMethods()[0]);
    samples.put(MessageContract.class, new MessageContract(Map.of(), Map.of()));
    samples.put(Fuzz.class, new Fuzz(List.of(new byte[1]), List.of()));
    samples.put(Fuzz.Reader.class, (Fuzz.Reader) (file, name) -> {});
    samples.put(Fuzz.Change.class, (Fuzz.Change) (file, random) -> file);
    samples.put(Fuzz.Refusal.class, Fuzz.Refusal.named(IOException.class));
    samples.put(Exception.class, new IOException("a: b"));
    samples.put(Path.class, Path.of("nothing"));
    samples.put(NullContract.class, new NullContract(Map.of(), Set.of()));
    return samples;
  }

  @Test
  void nullIsRefusedInWords() {
    NullContract contract = new NullContract(samples(), Set.of());
    List<String> faults =
        contract.faults(
            "org.gradus.autograd.testkit", PROVIDER, NUMBERS, FUNCTIONS, READER, CHANGE);
    assertEquals("", String.join("\n", faults));
    assertTrue(contract.calls() > 50, () -> contract.calls() + " calls");
  }
}
