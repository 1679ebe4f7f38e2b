package org.example;

import static org.gradus.autograd.ops.Ops.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.gradus.autograd.Gradients;
import org.gradus.autograd.Gradients.Mode;
import org.gradus.autograd.Op;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.inspect.Recording;
import org.gradus.autograd.inspect.Watch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Recordings, as programs outside of the library make them. */
class RecordingTest {
  private static final NdArray EXAMPLE = NdArray.of(new double[] {1, -2, 3}, 3);
  private static final NdArray OTHER = NdArray.of(new double[] {-5, 7, 0.5}, 3);

  /** What a recording computes for another input must be what the function computes for it. */
  private static List<String> replayed(Function<Tensor, Tensor> f) {
    Tensor x = Recording.input(EXAMPLE);
    Tensor y = f.apply(x);
    Recording recording = Recording.of(y);
    Map<Tensor, Tensor> values = new HashMap<>(Map.of(x, Tensor.constant(OTHER)));
    for (Recording.Call call : recording.calls()) {
      Tensor[] inputs =
          call.inputs().stream()
              .map(t -> values.containsKey(t) ? values.get(t) : Tensor.constant(t.value()))
              .toArray(Tensor[]::new);
      values.put(call.output(), Tensor.of(call.op(), inputs));
    }
    NdArray expected = f.apply(Tensor.constant(OTHER)).value();
    assertEquals(expected.toString(), values.get(y).value().toString());
    return recording.calls().stream().map(call -> call.op().name()).toList();
  }

  @Test
  void aRecordingHasTheCallsInTheirOrder() {
    assertEquals(List.of("relu", "square", "add"), replayed(x -> add(relu(x), square(x))));
    assertEquals(List.of("mul", "mul"), replayed(x -> mul(mul(x, 2), constant(4, 5, 6))));
  }

  @Test
  void aMaskIsRecorded() {
    assertEquals(
        List.of("watch", "greater", "watch", "neg", "where"),
        replayed(x -> where(greater(x, 0), x, neg(x))));
    assertEquals(List.of("watch", "sign"), replayed(x -> sign(x)));
    assertEquals(List.of("watch", "gate"), replayed(x -> gate(x, constant(1, 1, 1))));
    assertEquals(
        List.of("watch", "floor", "watch", "mul"), replayed(x -> mul(floor(x).detach(), x)));
    assertEquals(List.of("watch", "mul"), replayed(x -> mul(stopGradient(x), x)));
  }

  @Test
  void whatIsWatchedIsRecordedAsItIs() {
    assertEquals(List.of("watch", "exp"), replayed(x -> exp(Watch.finite(x))));
  }

  @Test
  void differentiableGradientsAreRecorded() {
    assertEquals(
        List.of("mul", "product", "mul"),
        replayed(
            x -> {
              Tensor w = Tensor.variable(NdArray.of(new double[] {1, 2, 3}, 3));
              Tensor loss = sum(square(mul(w, x)));
              return Gradients.backward(loss, Mode.DIFFERENTIABLE, w).of(w);
            }));
  }

  @Test
  void noGradientFlowsThroughWhatIsDetached() {
    Tensor w = Tensor.variable(NdArray.of(new double[] {1, 2, 3}, 3));
    Tensor x = Recording.input(EXAMPLE);
    Tensor product = mul(w, x);
    Tensor loss = sum(mul(product, product.detach()));
    Tensor g = Gradients.backward(loss, Mode.DIFFERENTIABLE, w).of(w);
    Map<Tensor, Tensor> given = new HashMap<>();
    given.put(x, Tensor.constant(EXAMPLE));
    for (Recording.Call call : Recording.of(g).calls()) {
      Tensor[] inputs =
          call.inputs().stream()
              .map(t -> given.containsKey(t) ? given.get(t) : Tensor.constant(t.value()))
              .toArray(Tensor[]::new);
      given.put(call.output(), Tensor.of(call.op(), inputs));
    }
    assertEquals("FLOAT64 [3] {1.0, 8.0, 27.0}", given.get(g).value().toString()); // w x^2
  }

  @Test
  void theValueOfAnExampleIsNotRead() {
    refused("input", x -> x.item());
    refused("relu", x -> relu(x).value());
    refused("relu", x -> relu(x).read(NdArray::norm));
    refused("detach", x -> relu(x).detach().value());
    refused("square", x -> argMax(square(x), 0));
    refused("add", x -> add(x, Recording.known(OTHER)).value());
    refused("add", x -> add(Recording.known(OTHER), x).value());
    refused("neg", x -> topK(neg(x), 0, 1));
    Tensor w = Tensor.variable(OTHER);
    refused("sum", x -> Gradients.backward(sum(mul(x, w)), w));
    refused(
        "input", x -> Gradients.pullback(w, x, Mode.VALUES, w)); // the gradient is the cotangent
    refused("sum", x -> Gradients.backward(sum(mul(x, w)), Mode.CONSUMING, w));
  }

  private static void refused(String op, java.util.function.Consumer<Tensor> reader) {
    Executable read = () -> reader.accept(Recording.input(EXAMPLE));
    String message = assertThrows(IllegalStateException.class, read).getMessage();
    String begin = "recording: the value of the output of " + op + ", called at org.example.";
    assertTrue(message.startsWith(begin), message);
    assertTrue(
        message.endsWith(
            ", is read; it is that of an example, and what comes of it outside of ops would be"
                + " wrong for others"),
        message);
  }

  @Test
  void aKnownValueMayBeRead() {
    Tensor w = Recording.known(EXAMPLE);
    Tensor y = square(w);
    assertEquals("FLOAT64 [3] {1.0, 4.0, 9.0}", y.value().toString());
    assertEquals(EXAMPLE, y.inputs().get(0).value());
    assertFalse(Recording.isGiven(y));
    assertTrue(Recording.isGiven(add(y, Recording.input(OTHER))));
    assertFalse(Recording.isGiven(Tensor.constant(OTHER)));
    assertEquals(
        List.of("square"), Recording.of(y).calls().stream().map(c -> c.op().name()).toList());
  }

  @Test
  void whatDependsOnNoInputIsNotRecorded() {
    Tensor w = Tensor.variable(EXAMPLE);
    Tensor outside = square(w);
    Tensor x = Recording.input(OTHER);
    Recording recording = Recording.of(mul(outside, x), relu(outside));
    assertEquals(1, recording.calls().size());
    Recording.Call call = recording.calls().get(0);
    assertEquals("mul", call.op().name());
    assertSame(outside, call.inputs().get(0));
    assertSame(x, call.inputs().get(1));
  }

  @Test
  void aCallTellsItsPlace() {
    Tensor y = relu(Recording.input(EXAMPLE));
    String place = Recording.of(y).calls().get(0).place();
    assertTrue(place.startsWith("at org.example.RecordingTest.aCallTellsItsPlace("), place);
    Tensor sum = sum(y, 0);
    assertEquals(
        "{axes=[0], keepDims=false}", Recording.of(sum).calls().get(1).attributes().toString());
    Tensor own = Tensor.of(new Own(), y);
    assertEquals(Map.of(), Recording.of(own).calls().get(1).attributes());
    Op op = y.op().orElseThrow();
    assertEquals("relu", op.name());
    assertEquals(1, op.arity());
    assertEquals("Recorded[Relu[]]", op.toString());
  }

  @Test
  @SuppressWarnings("NullAway")
  void nullIsRefusedInWords() {
    Tensor x = Recording.input(EXAMPLE);
    nullRefused("isGiven: tensor is null", () -> Recording.isGiven(null));
    nullRefused(
        "call: op is null", () -> new Recording.Call(null, List.of(x), x, "here").toString());
    nullRefused(
        "call: place is null", () -> new Recording.Call(new Own(), List.of(x), x, null).toString());
  }

  private static void nullRefused(String message, Executable call) {
    assertEquals(message, assertThrows(NullPointerException.class, call).getMessage());
  }

  private static final class Own implements Op {
    @Override
    public NdArray forward(List<NdArray> in) {
      return in.get(0);
    }

    @Override
    public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
      return g;
    }
  }

  private static Tensor constant(double... values) {
    return Tensor.constant(NdArray.of(values, values.length));
  }
}
