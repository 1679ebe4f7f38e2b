package org.gradus.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.NodeProto;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.gradus.autograd.Op;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.inspect.Recording;
import org.gradus.autograd.ops.Ops;
import org.gradus.layers.Layer;
import org.junit.jupiter.api.Test;

/**
 * The table of operators in the module's README: what is read, what is written, what is refused. To
 * write it anew: {@code mvn test -pl layers/onnx -am -Dtest=OperatorTableTest
 * -Dsurefire.failIfNoSpecifiedTests=false -Dgradus.readme=write}.
 */
class OperatorTableTest {
  private static final Path README = Path.of("README.md");
  private static final String BEGIN = "<!-- operators: begin -->\n";
  private static final String END = "<!-- operators: end -->\n";

  /** Operators of ONNX up to version 21 that are not read. */
  private static final List<String> OTHERS =
      List.of(
          "AffineGrid",
          "Bernoulli",
          "BlackmanWindow",
          "CenterCropPad",
          "Col2Im",
          "Compress",
          "ConcatFromSequence",
          "ConstantOfShape",
          "ConvInteger",
          "DFT",
          "DeformConv",
          "Det",
          "GlobalLpPool",
          "GridSample",
          "HammingWindow",
          "HannWindow",
          "If",
          "ImageDecoder",
          "Loop",
          "MaxRoiPool",
          "MaxUnpool",
          "MelWeightMatrix",
          "Multinomial",
          "NonMaxSuppression",
          "Optional",
          "OptionalGetElement",
          "OptionalHasElement",
          "QLinearConv",
          "QLinearMatMul",
          "RandomNormal",
          "RandomNormalLike",
          "RandomUniform",
          "RandomUniformLike",
          "RegexFullMatch",
          "ReverseSequence",
          "RoiAlign",
          "STFT",
          "Scan",
          "SequenceAt",
          "SequenceConstruct",
          "SequenceEmpty",
          "SequenceErase",
          "SequenceInsert",
          "SequenceLength",
          "SequenceMap",
          "SplitToSequence",
          "StringConcat",
          "StringNormalizer",
          "StringSplit",
          "TfIdfVectorizer",
          "Unique");

  private static Set<String> written() throws IOException {
    Set<String> types = new TreeSet<>();
    for (int opset : new int[] {13, 17, 18, 20, 21}) {
      for (ExportOpsTest.Row row : ExportOpsTest.all().values()) {
        OnnxExport export = OnnxExport.of(row.f(), ExportOpsTest.draw(row.shape(), 1));
        export.opset(opset).model().getGraph().getNodeList().stream()
            .map(NodeProto::getOpType)
            .forEach(types::add);
      }
    }
    for (Map.Entry<String, Layer> entry : ExportNetsTest.layers().entrySet()) {
      int[] dims =
          Stream.of(entry.getKey().replaceAll(".*\\[|\\]", "").split(","))
              .mapToInt(Integer::parseInt)
              .toArray();
      OnnxExport.of(entry.getValue(), dims).model().getGraph().getNodeList().stream()
          .map(NodeProto::getOpType)
          .forEach(types::add);
    }
    return types;
  }

  private static List<Class<?>> ops() {
    return Neighbours.of(Ops.class, Op.class);
  }

  private static String table() throws IOException {
    Map<String, Integer> read = OnnxNet.operators();
    Set<String> written = written();
    Map<String, String> rows = new TreeMap<>();
    read.forEach((name, since) -> rows.put(name, "from " + since));
    OTHERS.forEach(name -> rows.putIfAbsent(name, "refused"));
    written.forEach(name -> rows.putIfAbsent(name, "refused"));
    StringBuilder text = new StringBuilder("|operator|read|written|\n|---|---|---|\n");
    rows.forEach(
        (name, how) ->
            text.append("|%s|%s|%s|%n".formatted(name, how, written.contains(name) ? "yes" : "")));
    Set<String> known = Translations.builtIn().keySet();
    String refused =
        ops().stream()
            .map(Class::getSimpleName)
            .filter(name -> !known.contains(name))
            .collect(Collectors.joining(", "));
    long exported = ops().stream().map(Class::getSimpleName).filter(known::contains).count();
    return text
        + "\n%s operators are read, %s written. Of the ops of the catalogue %s are written; refused by name are %s.%n"
            .formatted(read.size(), written.size(), exported, refused);
  }

  @Test
  void theTableSaysWhatIsReadAndWritten() throws IOException {
    String readme = Files.readString(README);
    int begin = readme.indexOf(BEGIN) + BEGIN.length();
    int end = readme.indexOf(END);
    assertTrue(begin >= BEGIN.length() && end >= begin, "README.md has no place for the table");
    String table = table();
    if (System.getProperty("gradus.readme", "").equals("write")) {
      Files.writeString(README, readme.substring(0, begin) + table + readme.substring(end));
    } else {
      assertEquals(table, readme.substring(begin, end));
    }
  }

  /** What is written can be read again. */
  @Test
  void whatIsWrittenIsRead() throws IOException {
    Set<String> unread = new TreeSet<>(written());
    unread.removeAll(OnnxNet.operators().keySet());
    assertEquals(Set.of(), unread);
  }

  /** Each op that can be written is, in the tests of what is written. */
  @Test
  void everyTranslationIsTested() {
    Set<String> names = new TreeSet<>(Translations.builtIn().keySet());
    for (ExportOpsTest.Row row : ExportOpsTest.all().values()) {
      Tensor x = Recording.input(ExportOpsTest.draw(row.shape(), 1));
      for (Recording.Call call : Recording.of(row.f().forward(x)).calls()) {
        names.remove(call.op().getClass().getSimpleName());
      }
    }
    // of gradients; of nets with weights; of batches of one size
    assertEquals(
        Set.of(
            "Accumulate",
            "Flat",
            "InverseRoot",
            "ScaledDifference",
            "TakeAt",
            "Gather",
            "ScatterAdd"),
        names);
  }

  /** An entry of the table of translations belongs to an op. */
  @Test
  void translationsAreOfOps() {
    Set<String> names = new TreeSet<>(Translations.builtIn().keySet());
    ops().forEach(op -> names.remove(op.getSimpleName()));
    assertEquals(Set.of("Accumulate", "Watch"), names);
  }
}
