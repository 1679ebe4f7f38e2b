package org.gradus.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Year;
import java.time.ZoneId;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SimpleTimeZone;
import java.util.SplittableRandom;
import java.util.TimeZone;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.array.ShapeException;
import org.gradus.autograd.ops.Ops;
import org.gradus.layers.BatchNorm1d;
import org.gradus.layers.Flatten;
import org.gradus.layers.Layer;
import org.gradus.layers.Linear;
import org.gradus.layers.Sequential;
import org.gradus.layers.data.Batch;
import org.gradus.layers.data.Dataset;
import org.gradus.layers.train.Best;
import org.gradus.layers.train.Loss;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

/** The whole page. */
class ReportTest {
  private static final String EVIL = "</title><script>alert('x')</script>&\"\u0000";
  private static final String READ = EVIL.replace('\u0000', '\uFFFD');
  private static final List<String> NAMES = List.of("zero", "one", "two");

  /** Twelve images of three classes. */
  private static Dataset data(int channels, int height, int width) {
    return Dataset.of(
        Pages.images(12, channels, height, width), 0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2);
  }

  private static Report full(Layer net) {
    return Pages.report("Title", net)
        .history(Pages.history(3, 1, 2))
        .best(Optional.of(new Best(2, 2, Map.of())))
        .setting("seed", "17")
        .classified(data(1, 6, 5), NAMES, 5)
        .images("Before", Pages.images(2, 3, 4, 4))
        .command("java Run --seed 17");
  }

  private static final List<String> ALL =
      List.of(
          "Numbers",
          "Curves",
          "Classes",
          "Surest mistakes",
          "Where the net looks",
          "Images",
          "First filters",
          "Layers",
          "Time per layer",
          "Graph",
          "Settings",
          "The run again");

  // ---- what is there ---------------------------------------------------------------------------

  @Test
  void everySectionIsThereInItsOrder() {
    Document page = Pages.parsed(full(Pages.net(1)).html());
    assertEquals(ALL, Pages.sections(page));
    assertFalse(page.getDocumentElement().getTextContent().contains("could not be made"));
    assertEquals("Title", Pages.elements(page, "title").get(0).getTextContent());
    String head = Pages.elements(page, "header").get(0).getTextContent();
    assertTrue(head.contains("2024-05-06 07:08:09 Z, Gradus 0"), head);
    assertTrue(Pages.section(page, "Settings").contains("seed 17"));
    assertTrue(
        Pages.section(page, "Numbers").contains("val_loss 4 in the last epoch, 2 in the best"));
    assertTrue(Pages.section(page, "Layers").startsWith("Layers 55 parameters are learnt"));
    assertTrue(Pages.section(page, "Layers").contains("0: Conv2d [12, 4, 6, 5]"));
    assertTrue(Pages.section(page, "Where the net looks").contains("layer 1 (Relu)"));
    for (String name : List.of("input", "0.weight", "4.bias", "crossEntropy", "loss")) {
      assertTrue(Pages.section(page, "Graph").contains(name), name);
    }
    String again = Pages.section(page, "The run again");
    assertTrue(again.contains("java Run --seed 17"), again);
    assertTrue(again.contains("Java " + Runtime.version()), again);
  }

  @Test
  void whatThereIsNothingForIsLeftOut() {
    Document page = Pages.parsed(Pages.report("Title", x -> x).html());
    assertEquals(List.of("Layers", "The run again"), Pages.sections(page));
  }

  @Test
  void eachPartAddsItsOwnSections() {
    Layer net = new Sequential(new Flatten(), new Linear(30, 3, new SplittableRandom(1)));
    Report bare = Pages.report("Title", net);
    Batch batch = new Batch(Pages.images(2, 30), Pages.images(2, 3));
    assertAdds(bare, bare.history(Pages.history(1)), "Curves");
    assertAdds(bare, bare.setting("a", "b"), "Settings");
    assertAdds(bare, bare.images("a", Pages.images(1, 1, 1, 1)), "Images");
    assertAdds(bare, bare.sample(batch, Loss.mse()), "Time per layer", "Graph");
    assertAdds(
        bare,
        bare.classified(data(1, 6, 5), NAMES, 5),
        "Classes",
        "Surest mistakes",
        "Time per layer",
        "Graph");
    Dataset vectors = data(1, 6, 5).map(b -> new Batch(b.inputs().reshape(-1, 30), b.targets()));
    assertAdds(bare, bare.classified(vectors, NAMES, 5), "Classes", "Time per layer", "Graph");
  }

  private static void assertAdds(Report before, Report after, String... titles) {
    Set<String> added = new HashSet<>(Pages.sections(Pages.parsed(after.html())));
    Pages.sections(Pages.parsed(before.html())).forEach(added::remove);
    assertEquals(Set.of(titles), added);
  }

  @Test
  void aSettingLeavesTheReportItCameFrom() {
    Report bare = Pages.report("Title", Pages.net(1));
    String html = bare.html();
    Report unused = bare.setting("a", "b").history(Pages.history(1)).command("c");
    assertEquals(html.replaceAll("\\d", ""), bare.html().replaceAll("\\d", ""));
    assertEquals("report of Title", bare.toString());
  }

  // ---- laws of the page ------------------------------------------------------------------------

  @Test
  void twoReportsOfOneRunAreEqual() {
    assertEquals(full(Pages.net(1)).html(), full(Pages.net(1)).html());
  }

  @Test
  void thePageRefersToNothingOutsideIt() {
    String html = full(Pages.net(1)).html();
    Document page = Pages.parsed(html);
    Set<String> ids = new HashSet<>();
    for (Element element : Pages.elements(page, "*")) {
      if (element.hasAttribute("id")) {
        assertTrue(ids.add(element.getAttribute("id")), element.getAttribute("id"));
      }
      for (String name : List.of("href", "xlink:href", "action", "srcset", "data", "onload")) {
        assertFalse(element.hasAttribute(name), element.getTagName() + " " + name);
      }
      if (element.hasAttribute("src")) {
        assertTrue(element.getAttribute("src").startsWith("data:image/png;base64,"));
      }
    }
    for (String tag : List.of("script", "link", "iframe", "object", "embed", "base")) {
      assertEquals(List.of(), Pages.elements(page, tag));
    }
    assertFalse(html.contains("@import"));
    Matcher url = Pattern.compile("url\\(([^)]*)\\)").matcher(html);
    int found = 0;
    while (url.find()) {
      found++;
      assertTrue(ids.contains(url.group(1).replaceFirst("^#", "")), url.group());
    }
    assertTrue(found > 0);
  }

  @Test
  void textsOfUsersStayTexts() {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put(EVIL, EVIL);
    Layer evil =
        new Layer() {
          private final Layer net = Pages.net(1);

          @Override
          public Tensor forward(Tensor x) {
            return net.forward(x);
          }

          @Override
          public String name() {
            return EVIL;
          }

          @Override
          public String toString() {
            return EVIL;
          }
        };
    Document page =
        Pages.parsed(
            Pages.report(EVIL, evil)
                .settings(settings)
                .classified(data(1, 6, 5), List.of(EVIL, EVIL, EVIL), 5)
                .images(EVIL, Pages.images(1, 1, 2, 2))
                .command(EVIL)
                .html());
    assertEquals(List.of(), Pages.elements(page, "script"));
    assertEquals(READ, Pages.elements(page, "title").get(0).getTextContent());
    for (String title :
        List.of(
            "Settings",
            "Classes",
            "Surest mistakes",
            "Images",
            "The run again",
            "Time per layer")) {
      assertTrue(Pages.section(page, title).contains(READ), title);
    }
    Document tree = Pages.parsed(Pages.report("Title", evil).html());
    assertTrue(Pages.section(tree, "Layers").contains(READ));
  }

  @Test
  void theNetIsAsItWas() {
    Layer net = new Sequential(new BatchNorm1d(30), new Linear(30, 3, new SplittableRandom(1)));
    Map<String, NdArray> before = net.state();
    Dataset vectors = data(1, 6, 5).map(b -> new Batch(b.inputs().reshape(-1, 30), b.targets()));
    String html = Pages.report("Title", net).classified(vectors, NAMES, 5).html();
    assertFalse(html.contains("could not be made"));
    assertEquals(before, net.state());
  }

  // ---- what goes wrong -------------------------------------------------------------------------

  @Test
  void whatTheNetRefusesIsToldAndTheRestStands() {
    Document page = Pages.parsed(full(Pages.net(2)).html());
    for (String title : List.of("Mistakes", "Layers", "Time per layer", "Graph")) {
      int count = title.equals("Mistakes") ? 5 : 12;
      String why = "0: conv2d: input [%s, 1, 6, 5] has 1 channels".formatted(count);
      String text = Pages.section(page, title);
      assertTrue(text.startsWith(title + " This could not be made: " + why), text);
    }
    assertTrue(Pages.section(page, "First filters").startsWith("First filters 4 filters of 3 x 3"));
    assertTrue(Pages.sections(page).containsAll(List.of("Curves", "First filters", "Images")));
    assertFalse(Pages.sections(page).contains("Classes"));
  }

  @Test
  void anExceptionWithoutMessageIsToldByItsName() {
    Layer broken =
        x -> {
          throw new UnsupportedOperationException();
        };
    Document page =
        Pages.parsed(Pages.report("T", broken).classified(data(1, 2, 2), NAMES, 5).html());
    assertEquals(
        "Mistakes This could not be made: UnsupportedOperationException",
        Pages.section(page, "Mistakes"));
  }

  @Test
  void anErrorIsNoSectionThatFails() {
    Layer broken =
        x -> {
          throw new OutOfMemoryError("all of it");
        };
    Report report = Pages.report("T", broken).classified(data(1, 2, 2), NAMES, 5);
    assertThrows(OutOfMemoryError.class, report::html);
  }

  @Test
  void numbersThatAreNoneBreakNothing() {
    double infinity = Double.POSITIVE_INFINITY;
    Layer nan = x -> Pages.net(1).forward(x).then(y -> Ops.mul(y, Double.NaN));
    Document page =
        Pages.parsed(
            Pages.report("T", nan)
                .history(Pages.history(Double.NaN, infinity, 1))
                .best(Optional.of(new Best(1, Double.NaN, Map.of())))
                .classified(data(1, 6, 5), NAMES, 5)
                .images("NaN", NdArray.full(DType.FLOAT32, Shape.of(1, 1, 2, 2), Double.NaN))
                .html());
    assertFalse(page.getDocumentElement().getTextContent().contains("could not be made"));
    assertTrue(Pages.section(page, "Classes").contains("0 of 12 examples are right: 0.0 %"));
    assertTrue(Pages.section(page, "Classes").contains("none (NaN)"));
    assertFalse(Pages.sections(page).contains("Surest mistakes"));
  }

  @Test
  void imagesOfAnyKindAreShown() {
    for (int[] kind : new int[][] {{1, 1, 1}, {1, 1, 9}, {2, 3, 7}, {3, 5, 2}, {4, 1, 2}}) {
      Document page =
          Pages.parsed(
              Pages.report("T", Pages.net(kind[0]))
                  .classified(data(kind[0], kind[1], kind[2]), NAMES, 100)
                  .html());
      String text = page.getDocumentElement().getTextContent();
      assertFalse(text.contains("could not be made"), text);
      boolean isOnePlace = kind[1] * kind[2] == 1;
      assertEquals(!isOnePlace, Pages.sections(page).contains("Where the net looks"));
      assertEquals(
          kind[0] == 2 && !isOnePlace, text.contains("Grey is the mean of the 2 channels"));
    }
  }

  @Test
  void oneImageOfOneClassIsEnough() {
    Layer net = new Sequential(new Flatten(), new Linear(4, 1, new SplittableRandom(1)));
    Document page =
        Pages.parsed(
            Pages.report("T", net)
                .history(Pages.history(1))
                .classified(Dataset.of(Pages.images(1, 1, 2, 2), 0), List.of("only"), 1)
                .html());
    assertFalse(page.getDocumentElement().getTextContent().contains("could not be made"));
    assertTrue(Pages.section(page, "Classes").contains("class only 1"));
    Document none =
        Pages.parsed(
            Pages.report("T", net)
                .classified(Dataset.of(Pages.images(1, 1, 2, 2), 0).first(0), List.of(), 1)
                .html());
    assertEquals(
        "Mistakes This could not be made: classified: no examples, expected one or more",
        Pages.section(none, "Mistakes"));
  }

  @Test
  void ofManyClassesTheMostFrequentMistakesAreShown() {
    int classes = 120;
    NdArray logits =
        NdArray.generate(
            DType.FLOAT32, Shape.of(6, classes), i -> i % classes == i / classes / 2 ? 1 : 0);
    Document page =
        Pages.parsed(
            Pages.report("T", x -> x)
                .classified(Dataset.of(logits, 7, 7, 1, 5, 2, 2), List.of("a<", "b"), 4)
                .html());
    String text = Pages.section(page, "Classes");
    assertTrue(text.contains("120 classes are too many for a matrix here"), text);
    assertTrue(text.contains("class taken for examples 7 a< 2 5 b 1 Precision"), text);
    String least = "of the 100 classes of least F1 class precision recall F1 examples ";
    assertTrue(text.contains(least + "5 0.000 0.000 0.000 1 7 0.000 0.000 0.000 2 b 0.5"), text);
    assertTrue(Pages.elements(page, "tr").size() < 180);
  }

  @Test
  void theMatrixHasTheCountsOfEachClass() {
    NdArray logits = NdArray.of(new double[] {1, 0, 1, 0, 0, 1, 0, 1, 0, 1}, 5, 2);
    Document page =
        Pages.parsed(
            Pages.report("T", x -> x)
                .classified(Dataset.of(logits, 0, 1, 1, 1, 0), List.of("a", "b"), 2)
                .html());
    String text = Pages.section(page, "Classes");
    assertTrue(text.contains("3 of 5 examples are right: 60.0 %"), text);
    assertTrue(text.contains("class a b a 1 1 b 1 2"), text);
    assertTrue(text.contains("a 0.500 0.500 0.500 2 b 0.667 0.667 0.667 3"), text);
  }

  @Test
  void wrongCallsAreRefused() {
    Report report = Pages.report("T", x -> x);
    assertEquals(
        "classified: batchSize 0, expected at least 1",
        assertThrows(
                IllegalArgumentException.class, () -> report.classified(data(1, 2, 2), NAMES, 0))
            .getMessage());
    for (int[] dims : new int[][] {{1, 2, 3, 3}, {1, 3, 3}, {0, 1, 3, 3}}) {
      NdArray images = NdArray.zeros(DType.FLOAT32, Shape.of(dims));
      assertEquals(
          "images: images %s, expected [N, 1 or 3, H, W] and a pixel".formatted(images.shape()),
          assertThrows(ShapeException.class, () -> report.images("a", images)).getMessage());
    }
  }

  // ---- the file --------------------------------------------------------------------------------

  @Test
  void theFileIsThePage(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("report.html");
    full(Pages.net(1)).write(file);
    assertEquals(full(Pages.net(1)).html(), Files.readString(file));
    Path nowhere = folder.resolve("none").resolve("report.html");
    Layer broken =
        x -> {
          throw new AssertionError("the page was made");
        };
    Report early = Pages.report("T", broken).classified(data(1, 2, 2), NAMES, 5);
    IOException refused = assertThrows(IOException.class, () -> early.write(nowhere));
    assertTrue(
        refused.getMessage().startsWith(nowhere + ": cannot be written"), refused::getMessage);
  }

  @Test
  void thePublicReportIsOfNow() {
    Document page = Pages.parsed(new Report("Now", new Flatten()).html());
    String year = String.valueOf(Year.now(ZoneId.systemDefault()));
    assertTrue(Pages.elements(page, "header").get(0).getTextContent().contains(year));
  }

  @Test
  void aTimeZoneOfOnesOwnIsUtc() {
    TimeZone before = TimeZone.getDefault();
    try {
      TimeZone.setDefault(new SimpleTimeZone(3_600_000, "Mars/Base"));
      Document page = Pages.parsed(new Report("Now", new Flatten()).html());
      String head = Pages.elements(page, "header").get(0).getTextContent();
      assertTrue(head.contains(" Z, Gradus"), head);
    } finally {
      TimeZone.setDefault(before);
    }
  }

  // ---- the sample ------------------------------------------------------------------------------

  /** Of one example in a batch, say, batch normalisation takes no statistics. */
  @Test
  void theSampleIsTheSameForAnySizeOfBatches() {
    Dataset data =
        Dataset.of(Pages.images(40, 30), IntStream.range(0, 40).map(i -> i % 3).toArray());
    Layer net = new Sequential(new BatchNorm1d(30), new Linear(30, 3, new SplittableRandom(1)));
    for (int batchSize : new int[] {1, 100}) {
      Document page =
          Pages.parsed(Pages.report("T", net).classified(data, NAMES, batchSize).html());
      assertFalse(page.getDocumentElement().getTextContent().contains("could not be made"));
      assertTrue(Pages.section(page, "Layers").contains("input [32, 30]"));
      assertTrue(Pages.section(page, "Time per layer").contains("pass of 32 examples"));
    }
  }

  /** Whatever targets have classes, a graph has a loss of them. */
  @Test
  void allTargetsThatHaveClassesHaveAGraph() {
    SplittableRandom random = new SplittableRandom(1);
    NdArray x = Pages.images(6, 4);
    NdArray column = NdArray.generate(DType.FLOAT32, Shape.of(6, 1), i -> i % 2);
    NdArray shares = NdArray.generate(DType.FLOAT32, Shape.of(6, 2), i -> 0.5);
    Layer flat = new Sequential(new Linear(4, 1, random), y -> Ops.reshape(y, -1));
    for (Layer net : List.of(flat, new Linear(4, 1, random), new Linear(4, 2, random))) {
      for (NdArray targets : List.of(column, column.reshape(-1), shares)) {
        Document page =
            Pages.parsed(
                Pages.report("T", net).classified(Dataset.of(x, targets), NAMES, 5).html());
        String text = page.getDocumentElement().getTextContent();
        assertFalse(text.contains("could not be made"), text);
        String graph = Pages.section(page, "Graph").toLowerCase(Locale.ROOT);
        assertTrue(graph.contains("crossentropy"), graph);
      }
    }
  }

  @Test
  void layersAreShownForTheSampleItself() {
    Layer positive =
        x -> {
          if (!(x.value().at(0) > 0)) {
            throw new IllegalArgumentException("log: not positive");
          }
          return Ops.log(x);
        };
    Dataset data = Dataset.of(Pages.images(6, 3).map(v -> v + 1), 0, 1, 2, 0, 1, 2);
    Document page = Pages.parsed(Pages.report("T", positive).classified(data, NAMES, 5).html());
    assertFalse(page.getDocumentElement().getTextContent().contains("could not be made"));
    assertTrue(Pages.section(page, "Graph").contains("has no graph"));
  }

  /** A class without a text of its own. */
  private static final class Plain implements Layer {
    @Override
    public Tensor forward(Tensor x) {
      return x;
    }
  }

  @Test
  void aNetWithoutATextIsCalledByItsName() {
    Document page = Pages.parsed(Pages.report("T", new Plain()).html());
    assertTrue(Pages.section(page, "Layers").endsWith(" plain"), Pages.section(page, "Layers"));
  }
}
