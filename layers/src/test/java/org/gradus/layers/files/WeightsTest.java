package org.gradus.layers.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.ops.ConvOptions;
import org.gradus.layers.BatchNorm1d;
import org.gradus.layers.BatchNorm2d;
import org.gradus.layers.Conv2d;
import org.gradus.layers.Flatten;
import org.gradus.layers.Layer;
import org.gradus.layers.Linear;
import org.gradus.layers.Pass;
import org.gradus.layers.Relu;
import org.gradus.layers.Sequential;
import org.gradus.layers.init.Initializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class WeightsTest {
  @TempDir private Path folder;

  /** From [N, 1, 6, 6] to [N, 3], with running statistics that a pass has moved. */
  private static Layer net(DType dtype, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Initializer init = Initializer.heNormal();
    Layer net =
        new Sequential()
            .then("conv", new Conv2d(1, 4, 3, ConvOptions.same(), init, dtype, random))
            .then("norm", new BatchNorm2d(4, 1e-5, 0.1, dtype))
            .then("relu", new Relu())
            .then("flat", new Flatten())
            .then("head", new Linear(144, 3, init, dtype, random))
            .then("last", new BatchNorm1d(3, 1e-5, 0.1, dtype));
    Pass pass = Pass.training(seed, 1);
    Tensor unused = net.forward(noise(dtype, seed), pass);
    assertEquals(Shape.of(8, 3), unused.shape());
    pass.commit();
    return net;
  }

  private static NdArray noise(DType dtype, long seed) {
    return NdArray.randn(dtype, Shape.of(8, 1, 6, 6), new SplittableRandom(seed));
  }

  @ParameterizedTest
  @EnumSource
  void aNetPredictsAsTheOneThatWasSaved(DType dtype) throws IOException {
    Path file = folder.resolve("net.safetensors");
    Layer net = net(dtype, 1);
    Layer other = net(dtype, 2);
    NdArray x = noise(dtype, 3);
    assertNotEquals(net.predict(x), other.predict(x));
    Weights.save(file, net);
    Weights.load(file, other);
    assertEquals(net.predict(x), other.predict(x));
    assertEquals(net.state(), other.state());
    assertEquals(List.copyOf(net.state().keySet()), names(file));
  }

  private static List<String> names(Path file) throws IOException {
    return List.copyOf(SafeTensors.read(file).tensors().keySet());
  }

  @Test
  void textsAreSavedWithIt() throws IOException {
    Path file = folder.resolve("net.safetensors");
    Weights.save(file, net(DType.FLOAT32, 1), Map.of("epoch", "3"));
    assertEquals(Map.of("epoch", "3"), SafeTensors.read(file).metadata());
    Weights.save(file, net(DType.FLOAT32, 1));
    assertEquals(Map.of(), SafeTensors.read(file).metadata());
  }

  @Test
  void anotherNetIsToldAllFaultsAndStaysAsItWas() throws IOException {
    Path file = folder.resolve("net.safetensors");
    SplittableRandom random = new SplittableRandom(1);
    Weights.save(
        file, new Sequential().then("a", new Linear(2, 3, random)).then("b", new BatchNorm1d(3)));
    Layer changed =
        new Sequential().then("a", new Linear(2, 4, random)).then("c", new Linear(4, 1, random));
    Map<String, NdArray> before = changed.state();
    IllegalArgumentException refusal =
        assertThrows(IllegalArgumentException.class, () -> Weights.load(file, changed));
    assertEquals(
        file
            + ": load: a.bias FLOAT32 [4] is FLOAT32 [3]; a.weight FLOAT32 [4, 2] is FLOAT32 [3,"
            + " 2]; c.bias FLOAT32 [1] is missing; c.weight FLOAT32 [1, 4] is missing; b.bias is"
            + " left over; b.running_mean is left over; b.running_var is left over; b.weight is"
            + " left over",
        refusal.getMessage());
    assertEquals(before, changed.state());
  }

  @Test
  void aDamagedFileChangesNothing() throws IOException {
    Path file = folder.resolve("net.safetensors");
    Layer net = net(DType.FLOAT32, 1);
    Map<String, NdArray> before = net.state();
    Weights.save(file, net(DType.FLOAT32, 2));
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length - 1] ^= 1;
    Files.write(file, bytes);
    assertThrows(FileFormatException.class, () -> Weights.load(file, net));
    Path nowhere = folder.resolve("nowhere");
    assertThrows(NoSuchFileException.class, () -> Weights.load(nowhere, net));
    assertEquals(before, net.state());
  }
}
