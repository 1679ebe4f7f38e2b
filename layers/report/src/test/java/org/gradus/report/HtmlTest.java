package org.gradus.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Texts of users in a page. */
class HtmlTest {

  @Test
  void whatMeansSomethingInHtmlIsEscaped() {
    assertEquals(
        "a &lt;b&gt; &amp;amp; &quot;c&quot; &#39;d&#39;", Html.text("a <b> &amp; \"c\" 'd'"));
  }

  @Test
  void whatXmlCannotHoldIsReplaced() {
    assertEquals("a\uFFFDb\uFFFDc\uFFFD\n\t", Html.text("a\u0000b\uD800c\uFFFF\n\t"));
    assertEquals("\uD83D\uDE00", Html.text("\uD83D\uDE00"));
  }

  /** Any text is the same again when the page is read, and is nothing but text. */
  @Property(tries = 100)
  void anyTextIsReadAsItWas(@ForAll String text) {
    String page = Html.in("p title=\"" + Html.text(text) + "\"", Html.text(text));
    var paragraph = Pages.elements(Pages.parsed(page), "p").get(0);
    String expected =
        text.replace("\r\n", "\n")
            .replace('\r', '\n')
            .codePoints()
            .collect(StringBuilder::new, HtmlTest::add, StringBuilder::append)
            .toString();
    assertEquals(expected, paragraph.getTextContent());
    assertEquals(0, paragraph.getElementsByTagName("*").getLength());
  }

  private static void add(StringBuilder text, int c) {
    boolean isLow = c >= ' ' && c < 0xD800;
    boolean isHigh = c > 0xDFFF && c != 0xFFFE && c != 0xFFFF;
    boolean isHeld = isLow || isHigh;
    text.appendCodePoint(isHeld || c == '\n' || c == '\t' ? c : 0xFFFD);
  }

  @Test
  void theFirstCellOfARowIsItsHead() {
    assertEquals(
        "<div class=\"scroll\"><table><thead><tr><th scope=\"col\">&lt;</th><th"
            + " scope=\"col\">b</th></tr></thead><tbody><tr><th"
            + " scope=\"row\"><i></i></th><td>2</td></tr></tbody></table></div>",
        Html.table(List.of("<", "b"), List.of(List.of("<i></i>", "2"))).replace("\n", ""));
  }

  @Test
  void figuresHaveFourDigits() {
    assertEquals("0", Figures.value(-0.0));
    assertEquals("0.1235", Figures.value(0.12345678));
    assertEquals("12.3", Figures.value(12.3));
    assertEquals("123.5", Figures.value(123.456));
    assertEquals("0.0001", Figures.value(0.0001));
    assertEquals("3e-07", Figures.value(3e-7));
    assertEquals("1.235e+20", Figures.value(1.2345678e20));
    assertEquals("-50", Figures.value(-50));
    assertEquals("NaN", Figures.value(Double.NaN));
    assertEquals("-Infinity", Figures.value(Double.NEGATIVE_INFINITY));
    assertEquals("1,234,567", Figures.count(1234567));
    assertEquals("1 epoch", Figures.count(1, "epoch"));
    assertEquals("2,000 epochs", Figures.count(2000, "epoch"));
    assertEquals("59.9 s", Figures.duration(59.94));
    assertEquals("1 min 0 s", Figures.duration(60));
    assertEquals("2 h 5 min", Figures.duration(7530));
    assertEquals("?", Figures.duration(Double.NaN));
  }

  @Test
  void anyEndOfALineIsALineFeed() {
    assertEquals("a\nb\nc\n\n", Html.text("a\r\nb\rc\n\r"));
  }

  @Test
  void onlyAllOfItIsOne() {
    assertEquals("100.0 %", Figures.percent(1));
    assertEquals("99.9 %", Figures.percent(Math.nextDown(1.0)));
    assertEquals("99.8 %", Figures.percent(0.9984));
    assertEquals("1.000", Figures.share(1));
    assertEquals("0.999", Figures.share(0.9996));
    assertEquals("0.998", Figures.share(0.9984));
    assertEquals("NaN", Figures.share(Double.NaN));
  }
}
