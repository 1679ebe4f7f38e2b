package org.gradus.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.gradus.autograd.Op;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.Indices;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Nulls;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.ops.Abs;
import org.gradus.autograd.testkit.NullContract;
import org.gradus.layers.Layer;
import org.gradus.layers.Pass;
import org.junit.jupiter.api.Test;

/** Null is refused in words by every public function. */
class NullArgumentsTest {
  private static Map<Class<?>, Object> samples() throws IOException {
    NdArray image = NdArray.zeros(DType.FLOAT32, Shape.of(1, 2));
    Map<Class<?>, Object> samples = new HashMap<>();
    samples.put(String.class, "name");
    samples.put(Layer.class, (Layer) x -> x);
    samples.put(Map.class, Map.of());
    samples.put(List.class, List.of());
    samples.put(Class.class, Abs.class);
    samples.put(Function.class, (Function<List<Tensor>, List<Tensor>>) x -> x);
    samples.put(Shape.class, image.shape());
    samples.put(NdArray.class, image);
    samples.put(Tensor.class, Tensor.constant(image));
    samples.put(Pass.class, Pass.inference());
    samples.put(DType.class, DType.FLOAT32);
    samples.put(Indices.class, Indices.of(new int[] {0}, 1));
    samples.put(Path.class, Path.of("nothing"));
    samples.put(Translation.class, (Translation<?>) NullArgumentsTest::write);
    samples.put(Op.class, new Abs());
    OnnxExport export = OnnxExport.of(x -> x, image);
    samples.put(OnnxExport.class, export);
    samples.put(byte[].class, export.bytes());
    samples.put(OnnxNet.class, OnnxNet.of(export.bytes(), DType.FLOAT32));
    samples.put(
        NodeWriter.class,
        new NodeWriter(
            new Draft(),
            17,
            Places.Place.NONE,
            List.of("x"),
            List.of(Shape.of(1)),
            Shape.of(1),
            DType.FLOAT32));
    return samples;
  }

  private static String write(Op op, NodeWriter to) {
    Nulls.refuse("write: op, to", op, to);
    return to.input(0);
  }

  @Test
  void nullIsRefusedInWords() throws IOException {
    NullContract contract = new NullContract(samples(), Set.of());
    List<String> faults = contract.faults("org.gradus.onnx");
    assertEquals("", String.join("\n", faults));
    assertTrue(contract.calls() >= 20, () -> contract.calls() + " calls");
  }
}
