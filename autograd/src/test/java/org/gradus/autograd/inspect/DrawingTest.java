package org.gradus.autograd.inspect;

import static org.gradus.autograd.ops.Ops.add;
import static org.gradus.autograd.ops.Ops.mse;
import static org.gradus.autograd.ops.Ops.mul;
import static org.gradus.autograd.ops.Ops.neg;
import static org.gradus.autograd.ops.Ops.relu;
import static org.gradus.autograd.ops.Ops.sum;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import javax.xml.parsers.DocumentBuilderFactory;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.gradus.autograd.Gradients;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

class DrawingTest {
  private static Tensor variable(double... values) {
    return Tensor.variable(NdArray.of(values, values.length));
  }

  private static Tensor constant(double... values) {
    return Tensor.constant(NdArray.of(values, values.length));
  }

  /** The picture as a reader of XML sees it. */
  private static Element parsed(String svg) throws Exception {
    return DocumentBuilderFactory.newDefaultInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(svg)))
        .getDocumentElement();
  }

  private static List<Element> elements(Element picture, String name) {
    NodeList found = picture.getElementsByTagName(name);
    List<Element> elements = new ArrayList<>();
    for (int i = 0; i < found.getLength(); i++) {
      elements.add((Element) found.item(i));
    }
    return elements;
  }

  private static List<String> texts(Element picture) {
    return elements(picture, "text").stream().map(Element::getTextContent).toList();
  }

  private static int number(Element element, String attribute) {
    return Integer.parseInt(element.getAttribute(attribute));
  }

  // ---- whole texts -----------------------------------------------------------------------------

  /** A leaf is round, a constant dashed, an output has a double line, a gradient is red. */
  @Example
  void aSmallGraphGoesToTheRight() {
    Tensor w = variable(1, 2);
    Tensor loss = mse(w, constant(3, 5));
    GraphView view = GraphView.of(loss).names(Map.of(w, "w"));
    assertEquals(
        """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 430 178" width="430" height="178" \
        style="max-width:100%;height:auto" role="img" \
        font-family="Helvetica, Arial, sans-serif" font-size="14" text-anchor="middle">
        <title>The graph of mse: 3 tensors, gradients in red</title>
        <rect width="430" height="178" rx="8" fill="#fff"/>
        <g fill="none" stroke="#333">
        <path d="M180 46L234 46"/>
        <path d="M167 131L180 131C207 131 207 46 234 46"/>
        </g>
        <path fill="#333" d="M238 46l-9 -4v8zM238 46l-9 -4v8z"/>
        <g fill="none" stroke="#c22">
        <path d="M184 56L238 56"/>
        </g>
        <path fill="#c22" d="M180 56l9 -4v8z"/>
        <rect x="16" y="16" width="164" height="70" rx="35" fill="#f4f4f4" stroke="#333"/>
        <text x="98" y="37" fill="#111" font-weight="bold">w: variable</text>
        <text x="98" y="55" fill="#111">FLOAT64 [2]</text>
        <text x="98" y="73" fill="#c22">|gradient| = 3.61</text>
        <rect x="29" y="110" width="138" height="52" rx="26" fill="#f4f4f4" stroke="#333" \
        stroke-dasharray="5 3"/>
        <text x="98" y="131" fill="#111" font-weight="bold">constant</text>
        <text x="98" y="149" fill="#111">FLOAT64 [2]</text>
        <rect x="238" y="16" width="176" height="70" rx="5" fill="#e4eefb" stroke="#333"/>
        <rect x="241" y="19" width="170" height="64" rx="2" fill="#e4eefb" stroke="#333"/>
        <text x="326" y="37" fill="#111" font-weight="bold">mse</text>
        <text x="326" y="55" fill="#111">FLOAT64 [] = 6.5</text>
        <text x="326" y="73" fill="#c22">|gradient| = 1.00</text>
        </svg>
        """,
        view.gradients(Gradients.backward(loss, view.tracked())).svg());
  }

  @Example
  void aDeepGraphGoesDown() throws Exception {
    Tensor y = variable(1, 2);
    for (int i = 0; i < 5; i++) {
      y = neg(y);
    }
    Element six = parsed(GraphView.of(y).svg());
    Element seven = parsed(GraphView.of(neg(y)).svg());
    assertTrue(number(six, "width") > 5 * number(six, "height"));
    assertTrue(number(seven, "height") > 4 * number(seven, "width"));
    assertEquals(
        List.of(),
        elements(seven, "path").stream()
            .map(path -> path.getAttribute("d"))
            .filter(line -> line.contains("C"))
            .toList(),
        "a chain is straight");
  }

  // ---- what is drawn ---------------------------------------------------------------------------

  @Example
  void theSameInputTwiceIsOneLine() throws Exception {
    Tensor x = variable(1, 2);
    Element picture = parsed(GraphView.of(mul(x, x)).svg());
    assertEquals(1, elements((Element) picture.getElementsByTagName("g").item(0), "path").size());
  }

  @Example
  void gradientsAreDrawnFromUsersToInputsThatHaveThem() throws Exception {
    Tensor x = variable(1, 2);
    Tensor c = constant(3, 4);
    Tensor y = mul(relu(x), c);
    GraphView view = GraphView.of(sum(y)).names(Map.of(x, "|gradient| = x"));
    assertFalse(view.svg().contains("#c22"));
    String svg = view.gradients(Gradients.backward(sum(y), x)).svg();
    Element picture = parsed(svg);
    List<Element> groups = elements(picture, "g");
    assertEquals(
        List.of("#333", "#c22"), groups.stream().map(g -> g.getAttribute("stroke")).toList());
    assertEquals(4, elements(groups.get(0), "path").size());
    assertEquals(1, elements(groups.get(1), "path").size());
    List<String> red =
        elements(picture, "text").stream()
            .filter(text -> text.getAttribute("fill").equals("#c22"))
            .map(Element::getTextContent)
            .toList();
    assertEquals(List.of("|gradient| = 5.00"), red);
    assertEquals(
        "The graph of sum: 5 tensors, gradients in red",
        elements(picture, "title").get(0).getTextContent());
  }

  @Example
  void severalOutputsAreInTheTitle() throws Exception {
    Tensor x = variable(1, 2);
    Element picture = parsed(GraphView.of(neg(x), sum(x)).names(Map.of(x, "x")).svg());
    assertEquals("img", picture.getAttribute("role"));
    assertEquals(
        "The graph of neg, sum: 3 tensors", elements(picture, "title").get(0).getTextContent());
    assertEquals(1 + 3 + 2, elements(picture, "rect").size());
    String many = GraphView.of(neg(x), neg(x), sum(x), neg(x), x).svg();
    assertTrue(
        many.contains("<title>The graph of variable, neg, neg and 2 more: 5 tensors<"), many);
  }

  @Example
  void aPictureHasNoIdentifiers() {
    Tensor x = variable(1, 2);
    String svg = GraphView.of(mul(x, neg(x))).svg();
    assertFalse(svg.contains("id=") || svg.contains("url(") || svg.contains("href"), svg);
  }

  // ---- text ------------------------------------------------------------------------------------

  @Example
  void charactersThatMeanSomethingAreEscaped() throws Exception {
    Tensor x = variable(1, 2);
    String name = "a<b> & \"c\" 'd' ]]> \t\n\0\u0085\u007f\ud800\uffff \ud83d\ude00 é";
    String svg = GraphView.of(x).names(Map.of(x, name)).svg();
    String seen = "a<b> & \"c\" 'd' ]]>         \ud83d\ude00 é";
    assertEquals(seen + ": variable", texts(parsed(svg)).get(0));
    assertTrue(svg.contains("a&lt;b&gt; &amp; \"c\""), svg);
  }

  @Property(tries = 100)
  void everyNameGivesWellFormedXml(@ForAll String name) throws Exception {
    Tensor x = variable(1, 2);
    Element picture = parsed(GraphView.of(x).names(Map.of(x, name)).svg());
    assertEquals(2, texts(picture).size());
    assertEquals(name.length() + ": variable".length(), texts(picture).get(0).length());
  }

  /** Widths of characters at a size of 14 in DejaVu Sans Bold, in hundredths, from the font. */
  @Example
  void linesHaveRoomInTheWidestFont() {
    Map<String, Integer> widths =
        Map.of("W", 1544, "m", 1459, "@", 1400, "Q", 1190, "n", 997, "0", 974, "[", 640, "i", 480);
    widths.forEach(
        (letter, width) ->
            assertTrue(100 * Labels.width(letter.repeat(10), true) >= 10 * width, letter));
    assertEquals(10 * Labels.width("M", false), Labels.width("M".repeat(10), false));
    assertTrue(Labels.width("日本", false) >= 28);
  }

  @Property(tries = 50)
  void noLabelLeavesItsBox(@ForAll @IntRange(max = 200) int length, @ForAll long seed)
      throws Exception {
    Random random = new Random(seed);
    StringBuilder name = new StringBuilder();
    for (int i = 0; i < length; i++) {
      name.append((char) (' ' + random.nextInt(95)));
    }
    Tensor x = variable(1, 2);
    Element picture = parsed(GraphView.of(neg(x)).names(Map.of(x, name.toString())).svg());
    Element box = elements(picture, "rect").get(1);
    int middle = number(box, "x") + number(box, "width") / 2;
    for (Element text : elements(picture, "text").subList(0, 2)) {
      boolean isBold = !text.getAttribute("font-weight").isEmpty();
      int half = Labels.width(text.getTextContent(), isBold) / 2;
      assertEquals(middle, number(text, "x"));
      assertTrue(half + 8 <= number(box, "width") / 2);
      assertTrue(number(text, "y") - 14 > number(box, "y"));
      assertTrue(number(text, "y") < number(box, "y") + number(box, "height"));
    }
  }

  // ---- any graph -------------------------------------------------------------------------------

  /** Ops of one or two inputs, among all tensors or the last few before. */
  private static List<Tensor> random(int size, Random random) {
    List<Tensor> tensors = new ArrayList<>(List.of(variable(1, 2)));
    while (tensors.size() < size) {
      Tensor last = tensors.get(Math.max(0, tensors.size() - 1 - random.nextInt(3)));
      Tensor any = tensors.get(random.nextInt(tensors.size()));
      tensors.add(
          switch (random.nextInt(4)) {
            case 0 -> neg(last);
            case 1 -> constant(1, 2);
            case 2 -> add(last, any);
            default -> mul(any, last);
          });
    }
    return tensors;
  }

  @Property(tries = 50)
  void theSameGraphGivesTheSamePicture(
      @ForAll @IntRange(min = 1, max = 80) int size, @ForAll long seed) throws Exception {
    Locale locale = Locale.getDefault();
    try {
      String first = picture(size, seed);
      Locale.setDefault(Locale.forLanguageTag("ar-EG"));
      assertEquals(first, picture(size, seed));
      Element parsed = parsed(first);
      assertEquals("svg", parsed.getTagName());
      String box = "0 0 " + number(parsed, "width") + " " + number(parsed, "height");
      assertEquals(box, parsed.getAttribute("viewBox"));
    } finally {
      Locale.setDefault(locale);
    }
  }

  private static String picture(int size, long seed) {
    List<Tensor> tensors = random(size, new Random(seed));
    Tensor last = tensors.get(size - 1);
    Map<Tensor, String> names = new HashMap<>();
    tensors.forEach(tensor -> names.put(tensor, "t" + names.size()));
    GraphView view = GraphView.of(sum(last)).names(names);
    return last.isTracked()
        ? view.gradients(Gradients.backward(sum(last), view.tracked())).svg()
        : view.svg();
  }

  /** Without limits on joints and sweeps, this would take hours. */
  @Example
  void fiveThousandTensorsAreDrawn() throws Exception {
    List<Tensor> tensors = random(5000, new Random(1));
    Element picture = parsed(GraphView.of(tensors.toArray(new Tensor[0])).svg());
    assertEquals(1 + 2 * 5000, elements(picture, "rect").size());
  }
}
