package org.gradus.layers.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.layers.Layer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Files as PyTorch's users write them are loaded into the same nets by name. */
class TorchNamesTest {
  @TempDir private Path folder;

  private static boolean isCount(Map.Entry<String, Shape> entry) {
    return entry.getKey().endsWith(".num_batches_tracked");
  }

  /**
   * A file as the format's own library writes it: whole numbers first, then by name. The first
   * element of the tensor number i is i, all others are 0.
   */
  static byte[] file(Map<String, Shape> names) {
    Comparator<Map.Entry<String, Shape>> order =
        Comparator.comparing(entry -> isCount(entry) ? 0 : 1);
    List<Map.Entry<String, Shape>> sorted =
        names.entrySet().stream().sorted(order.thenComparing(Map.Entry.comparingByKey())).toList();
    List<String> entries = new ArrayList<>();
    List<Integer> begins = new ArrayList<>();
    int end = 0;
    for (Map.Entry<String, Shape> entry : sorted) {
      boolean isCount = isCount(entry);
      begins.add(end);
      int begin = end;
      end += entry.getValue().size() * (isCount ? 8 : 4);
      entries.add(
          "\"%s\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":[%s,%s]}"
              .formatted(entry.getKey(), isCount ? "I64" : "F32", entry.getValue(), begin, end));
    }
    byte[] header =
        "{\"__metadata__\":{\"format\":\"pt\"},%s}"
            .formatted(String.join(",", entries))
            .getBytes(UTF_8);
    int start = 8 + header.length;
    ByteBuffer file = ByteBuffer.allocate(start + end).order(ByteOrder.LITTLE_ENDIAN);
    file.putLong(header.length).put(header);
    for (int i = 0; i < sorted.size(); i++) {
      if (isCount(sorted.get(i))) {
        file.putLong(start + begins.get(i), i);
      } else {
        file.putFloat(start + begins.get(i), i);
      }
    }
    return file.array();
  }

  /** Names, and how many entries and learnt numbers the nets have, as is known of them. */
  static Stream<Arguments> nets() {
    return Stream.of(
        Arguments.of(TorchNets.leNet(), TorchNets.leNetNames(), 10, 61_706, Shape.of(1, 1, 28, 28)),
        Arguments.of(
            TorchNets.resNet18(),
            TorchNets.resNet18Names(),
            122,
            11_689_512,
            Shape.of(1, 3, 32, 32)),
        Arguments.of(
            TorchNets.mobileNetV2(),
            TorchNets.mobileNetV2Names(),
            314,
            3_504_872,
            Shape.of(1, 3, 32, 32)));
  }

  @ParameterizedTest(name = "{2} entries")
  @MethodSource("nets")
  void theStateOfTheSameNetIsLoadedByName(
      Layer net, Map<String, Shape> names, int entries, int numbers, Shape input)
      throws IOException {
    assertEquals(entries, names.size());
    assertEquals(numbers, net.parameters().stream().mapToInt(each -> each.shape().size()).sum());
    byte[] bytes = file(names);
    Path file = Files.write(folder.resolve("net.safetensors"), bytes);
    Loaded loaded = Weights.load(file, net, LoadOptions.exact());

    List<String> counts =
        names.keySet().stream()
            .filter(name -> name.endsWith(".num_batches_tracked"))
            .sorted()
            .toList();
    List<String> others =
        names.keySet().stream().filter(name -> !counts.contains(name)).sorted().toList();
    assertEquals(new Loaded(others, List.of(), List.of(), List.of(), counts), loaded);
    assertEquals(
        SafeTensors.read(bytes, "x").tensors().entrySet().stream()
            .filter(entry -> !counts.contains(entry.getKey()))
            .map(entry -> entry.getKey() + " " + entry.getValue().at(0))
            .toList(),
        net.state().entrySet().stream()
            .sorted(Map.Entry.comparingByKey())
            .map(entry -> entry.getKey() + " " + entry.getValue().at(0))
            .toList());
    int classes = entries == 10 ? 10 : 1000;
    assertEquals(Shape.of(1, classes), net.predict(NdArray.zeros(DType.FLOAT32, input)).shape());
  }

  /** A net for ten classes takes all but the last layer of one for a thousand. */
  @Test
  void anotherHeadKeepsItsValues() throws IOException {
    Map<String, Shape> names = TorchNets.leNetNames();
    names.put("fc3.weight", Shape.of(100, 84));
    names.put("fc3.bias", Shape.of(100));
    names.put("aux.num_batches_tracked", Shape.SCALAR);
    names.put("aux.weight", Shape.of(2));
    names.remove("fc2.bias");
    Path file = Files.write(folder.resolve("net.safetensors"), file(names));
    Layer net = TorchNets.leNet();
    Map<String, NdArray> before = net.state();

    String faults =
        ": load: fc3.bias FLOAT32 [10] is FLOAT32 [100]; fc3.weight FLOAT32 [10, 84] is FLOAT32"
            + " [100, 84]; fc2.bias FLOAT32 [84] is missing; aux.weight is left over";
    assertEquals(
        file + faults,
        assertThrows(IllegalArgumentException.class, () -> Weights.load(file, net)).getMessage());
    assertEquals(before, net.state());

    Loaded loaded = Weights.load(file, net, LoadOptions.exact().partial());
    assertEquals(
        new Loaded(
            List.of(
                "conv1.bias",
                "conv1.weight",
                "conv2.bias",
                "conv2.weight",
                "fc1.bias",
                "fc1.weight",
                "fc2.weight"),
            List.of("fc2.bias"),
            List.of(
                "fc3.bias FLOAT32 [10] is FLOAT32 [100]",
                "fc3.weight FLOAT32 [10, 84] is FLOAT32 [100, 84]"),
            List.of("aux.weight"),
            List.of("aux.num_batches_tracked")),
        loaded);
    assertEquals("7 loaded, 1 missing, 2 misfits, 1 left over", loaded.toString());
    assertEquals(2, net.state().get("conv1.bias").at(0)); // behind the count and aux.weight
    assertEquals(before.get("fc3.weight"), net.state().get("fc3.weight"));
    assertEquals(before.get("fc2.bias"), net.state().get("fc2.bias"));
  }

  /** Of 122 entries a message names twenty of each kind, and counts the others. */
  @Test
  void aMessageIsNoLongerThanIsRead() throws IOException {
    Path file = Files.write(folder.resolve("net.safetensors"), file(TorchNets.mobileNetV2Names()));
    Layer net = TorchNets.resNet18();
    String message =
        assertThrows(IllegalArgumentException.class, () -> Weights.load(file, net)).getMessage();
    String[] faults = message.substring((file + ": load: ").length()).split("; ", -1);
    assertEquals(42, faults.length);
    assertEquals("bn1.bias FLOAT32 [64] is missing", faults[0]);
    assertEquals("and 82 more are missing", faults[20]);
    assertEquals("classifier.1.bias is left over", faults[21]);
    assertEquals("and 242 more are left over", faults[41]);
  }
}
