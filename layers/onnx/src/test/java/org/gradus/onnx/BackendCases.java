package org.gradus.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.TensorProto;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.layers.Pass;
import org.gradus.layers.files.FileFormatException;
import org.junit.jupiter.api.Test;

/**
 * Runs the format's own cases, whose inputs and outputs are known. Debian's package
 * libonnx-testdata has them.
 */
class BackendCases {
  private static final Path CASES =
      Path.of(System.getProperty("onnx.testdata", "/usr/share/libonnx-testdata/data"));

  /** Groups of cases, and how many of each are right at least. */
  private static final Map<String, Integer> RIGHT =
      Map.of("node", 831, "pytorch-converted", 82, "pytorch-operator", 35, "simple", 7);

  /** Cases that draw random numbers, in training: a pass of inference does not. */
  private static final Set<String> RANDOM =
      Set.of(
          "test_training_dropout",
          "test_training_dropout_default",
          "test_training_dropout_default_mask",
          "test_training_dropout_mask");

  @Test
  void eachCaseIsRightOrRefused() throws IOException {
    assertTrue(
        Files.isDirectory(CASES),
        CASES + " is not there: install Debian's package libonnx-testdata");
    List<String> wrong = new ArrayList<>();
    Map<String, Integer> right = new TreeMap<>();
    Map<String, String> refused = new TreeMap<>();
    for (String group : RIGHT.keySet().stream().sorted().toList()) {
      for (Path folder : folders(CASES.resolve(group))) {
        String name = folder.getFileName().toString();
        if (!Files.exists(folder.resolve("model.onnx")) || RANDOM.contains(name)) {
          continue;
        }
        try {
          Optional<String> fault = fault(folder);
          if (fault.isEmpty()) {
            right.merge(group, 1, Integer::sum);
          } else {
            wrong.add(name + ": " + fault.orElseThrow());
          }
        } catch (FileFormatException | IllegalArgumentException e) {
          refused.put(name, String.valueOf(e.getMessage()));
        } catch (RuntimeException | AssertionError e) {
          wrong.add(name + ": " + e);
        }
      }
    }
    refused.forEach((name, message) -> System.out.println("refused " + name + ": " + message));
    wrong.forEach(message -> System.out.println("wrong " + message));
    System.out.printf(
        "right %s, refused %s, wrong %s, random %s%n",
        right, refused.size(), wrong.size(), RANDOM.size());
    assertEquals(List.of(), wrong);
    RIGHT.forEach(
        (group, least) ->
            assertTrue(
                right.getOrDefault(group, 0) >= least,
                "%s: %s right, expected %s".formatted(group, right.get(group), least)));
  }

  private static List<Path> folders(Path group) throws IOException {
    try (Stream<Path> all = Files.list(group)) {
      return all.filter(Files::isDirectory).sorted().toList();
    }
  }

  /** What is wrong in a case; empty if nothing is. */
  private static Optional<String> fault(Path folder) throws IOException {
    OnnxNet net = OnnxNet.load(folder.resolve("model.onnx"));
    for (int set = 0; Files.isDirectory(folder.resolve("test_data_set_" + set)); set++) {
      Path data = folder.resolve("test_data_set_" + set);
      Map<String, Tensor> inputs = new LinkedHashMap<>();
      for (int i = 0; i < net.inputs().size(); i++) {
        inputs.put(
            net.inputs().get(i).name(),
            read(data.resolve("input_" + i + ".pb"), net.inputs().get(i)));
      }
      Map<String, Tensor> outputs = net.outputs(inputs, Pass.inference());
      for (int i = 0; i < net.outputs().size(); i++) {
        String name = net.outputs().get(i).name();
        NdArray expected = read(data.resolve("output_" + i + ".pb"), net.outputs().get(i)).value();
        NdArray actual = outputs.get(name).value();
        Optional<String> difference = difference(expected, actual, net.outputs().get(i));
        if (difference.isPresent()) {
          return Optional.of(name + " " + difference.orElseThrow());
        }
      }
    }
    return Optional.empty();
  }

  /** Numbers of 16 bits were once cut off, and not rounded, when the cases were made. */
  private static Optional<String> difference(NdArray expected, NdArray actual, OnnxValue output) {
    double tolerance = output.type().equals("BFLOAT16") ? 0x1p-7 : 1e-3;
    if (!expected.shape().equals(actual.shape())) {
      return Optional.of("%s, expected %s".formatted(actual.shape(), expected.shape()));
    }
    for (int i = 0; i < expected.size(); i++) {
      double a = actual.at(i);
      double e = expected.at(i);
      boolean isClose =
          Double.compare(a, e) == 0 || a == e || Math.abs(a - e) <= 1e-7 + tolerance * Math.abs(e);
      if (!isClose) {
        return Optional.of("element %s is %s, expected %s".formatted(i, a, e));
      }
    }
    return Optional.empty();
  }

  /** Numbers of 16 bits whose upper half is left out are in files of whole numbers. */
  private static Tensor read(Path file, OnnxValue value) {
    try {
      TensorProto tensor = TensorProto.parseFrom(Files.readAllBytes(file));
      if (value.type().equals("BFLOAT16")) {
        tensor = tensor.toBuilder().setDataType(TensorProto.DataType.BFLOAT16_VALUE).build();
      }
      Value read =
          new TensorReader(
                  file.toString(),
                  Files.size(file),
                  new ExternalData(Optional.empty()),
                  DType.FLOAT32)
              .read("tensor", tensor);
      return read instanceof Value.Data data ? data.tensor() : read.tensor(DType.FLOAT64);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
