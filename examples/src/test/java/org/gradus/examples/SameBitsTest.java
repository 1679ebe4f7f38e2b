package org.gradus.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ForkJoinPool;
import java.util.function.UnaryOperator;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.examples.SameBits.Pupil;
import org.gradus.layers.Layer;
import org.gradus.layers.data.Dataset;
import org.gradus.layers.serve.Predictor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What networks learn, and what they say of an image, has the same bits whatever computes it, and
 * whatever else is computed at the same time.
 */
class SameBitsTest {
  /** What the README promises; every processor, and every JDK that runs this test, agrees. */
  private static final String VECTORS =
      """
      LeNet     92c65f52186a4eca
      ResNet    5479dd4739e7311a
      MobileNet a474b92d47e9883c
      """;

  private static final String PLAIN =
      """
      LeNet     999868925ec6960e
      ResNet    cff6a9b357f900d2
      MobileNet 0ca0b09f44f8fc84
      """;

  private static final String MODULE = "--add-modules=jdk.incubator.vector";

  private static final List<String> COLLECTORS =
      List.of("-XX:+UseParallelGC", "-XX:+UseG1GC", "-XX:+UseZGC");

  // ---- learning --------------------------------------------------------------------------------

  /** Learns in a pool of so many threads of its own; without an argument, in the common one. */
  static final class Child {
    private Child() {}

    public static void main(String[] args) throws Exception {
      if (args.length == 0) {
        SameBits.print(System.out);
      } else {
        ForkJoinPool pool = new ForkJoinPool(Integer.parseInt(args[0]));
        pool.submit(
                () -> {
                  SameBits.print(System.out);
                  return 0;
                })
            .get();
      }
    }
  }

  /**
   * Each two of a width, a number of threads and a garbage collector are tried together once, and
   * what is left by itself.
   */
  @Test
  void learningHasTheSameBitsForAllWidthsThreadsAndCollectors() throws Exception {
    List<List<String>> runs = new ArrayList<>();
    int[] threads = {1, 3, 8};
    List<String> widths = widths();
    for (int width = 0; width < widths.size(); width++) {
      for (int i = 0; i < 3; i++) {
        runs.add(
            List.of(
                widths.get(width),
                "-XX:ActiveProcessorCount=" + threads[i],
                COLLECTORS.get((width + i) % 3)));
      }
    }
    runs.add(List.of("-XX:+UseSerialGC", "-XX:ActiveProcessorCount=2", "own pool of 5"));
    assertAllPrint(VECTORS, runs, MODULE, "-Dgradus.kernels=vector");
  }

  /** The options for vectors of each width that this processor has. */
  private static List<String> widths() throws Exception {
    if (!System.getProperty("os.arch").matches("amd64|x86_64")) {
      return List.of("-Dwidth=its own"); // the options are those of x86
    }
    List<String> widths = new ArrayList<>();
    for (int bytes = 16; bytes <= 64; bytes *= 2) {
      String option = "-XX:MaxVectorSize=" + bytes;
      if (takes(option)) {
        widths.add(option);
      }
    }
    return widths;
  }

  @Test
  void plainKernelsHaveBitsOfTheirOwn() throws Exception {
    assertAllPrint(
        PLAIN,
        List.of(
            List.of("-XX:ActiveProcessorCount=1", "-XX:+UseSerialGC"),
            List.of("-XX:ActiveProcessorCount=3", "-XX:+UseParallelGC", MODULE),
            List.of("-XX:TieredStopAtLevel=1", "-XX:+UseG1GC", "own pool of 8")),
        "-Dgradus.kernels=plain");
  }

  /** Two at once, for each has work for two cores. */
  private static void assertAllPrint(String expected, List<List<String>> runs, String... options)
      throws Exception {
    Map<List<String>, String> wrong = new LinkedHashMap<>();
    for (int i = 0; i < runs.size(); i += 2) {
      Map<List<String>, Process> children = new LinkedHashMap<>();
      for (List<String> run : runs.subList(i, Math.min(i + 2, runs.size()))) {
        children.put(run, start(run, options));
      }
      for (Map.Entry<List<String>, Process> child : children.entrySet()) {
        String printed = printedBy(child.getValue());
        if (!printed.equals(expected)) {
          wrong.put(child.getKey(), printed);
        }
      }
    }
    assertEquals(Map.of(), wrong);
  }

  private static Process start(List<String> run, String... options) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), "-Xmx512m"));
    command.addAll(List.of(options));
    List<String> arguments = new ArrayList<>();
    for (String option : run) {
      if (option.startsWith("own pool of ")) {
        arguments.add(option.substring("own pool of ".length()));
      } else if (!option.equals("-XX:+UseZGC") || takes(option)) {
        command.add(option);
      }
    }
    command.add(Child.class.getName());
    command.addAll(arguments);
    return started(command);
  }

  private static Process started(List<String> command) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS"));
    return builder.start();
  }

  /** Whether the JVM knows an option, and does not warn of what the processor lacks. */
  private static boolean takes(String option) throws Exception {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    Process process = started(List.of(java, option, "-version"));
    byte[] said = process.getInputStream().readAllBytes();
    return process.waitFor() == 0
        && !new String(said, StandardCharsets.UTF_8).contains("MaxVectorSize must be at most");
  }

  /** All lines but the JVM's warning that the module is incubating. */
  private static String printedBy(Process child) throws Exception {
    StringBuilder printed = new StringBuilder();
    try (BufferedReader reader = child.inputReader(StandardCharsets.UTF_8)) {
      reader
          .lines()
          .filter(line -> !line.startsWith("WARNING: Using incubator"))
          .forEach(line -> printed.append(line).append('\n'));
    }
    child.waitFor();
    return printed.toString();
  }

  @Test
  void theReadmeHasTheseHashes() throws Exception {
    Pattern hash = Pattern.compile("\\b[0-9a-f]{16}\\b");
    List<String> expected =
        hash.matcher(VECTORS + PLAIN).results().map(MatchResult::group).toList();
    String readme = Files.readString(ReadmeTest.readme());
    assertEquals(6, expected.size());
    assertEquals(expected, hash.matcher(readme).results().map(MatchResult::group).toList());
  }

  // ---- predicting ------------------------------------------------------------------------------

  static List<Pupil> pupils() {
    return SameBits.pupils();
  }

  @ParameterizedTest
  @MethodSource("pupils")
  void anImageIsReadAlikeAloneAndInAnyBatch(Pupil pupil) throws Exception {
    Dataset digits = SameBits.digits();
    Layer net = pupil.learn(digits).net();
    NdArray images = digits.first(64).all().inputs();
    Predictor predictor = Predictor.of(net, 1, 28, 28);
    assertEquals(Optional.empty(), predictor.reason());
    assertEachAlike(net::predict, images);
    assertEachAlike(predictor::predict, images);
    assertEachAlike(predictor.exact()::predict, images);
    assertEquals(net.predict(images), predictor.exact().predict(images));
  }

  /** Images alone, in batches of all sizes up to 10 and some others, and in the reverse order. */
  private static void assertEachAlike(UnaryOperator<NdArray> model, NdArray images) {
    NdArray expected = model.apply(images);
    int[] sizes = IntStream.concat(IntStream.range(1, 11), IntStream.of(17, 32, 63)).toArray();
    for (int size : sizes) {
      for (int first = 0; first < 64; first += size) {
        int[] places = IntStream.range(first, Math.min(first + size, 64)).toArray();
        assertEquals(
            taken(expected, places), model.apply(taken(images, places)), () -> "by " + size);
      }
    }
    int[] reversed = IntStream.range(0, 64).map(i -> 63 - i).toArray();
    assertEquals(taken(expected, reversed), model.apply(taken(images, reversed)));
  }

  private static NdArray taken(NdArray x, int... places) {
    int each = x.size() / x.shape().dim(0);
    Shape shape = x.shape().with(0, places.length);
    return NdArray.generate(x.dtype(), shape, i -> x.at(places[i / each] * each + i % each));
  }
}
