package org.gradus.examples.explain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.gradus.examples.explain.Geometry.Extent;
import org.junit.jupiter.api.Test;

class PageTest {
  private static final Pattern DATA =
      Pattern.compile("<script type=\"application/json\" id=\"data\">(.*?)</script>");

  /** All of it is in the file: no address is asked for anything. */
  @Test
  void thePageStandsAlone() throws Exception {
    String page = Page.html(Geometry.single(new Extent(3, 3), new Extent(2, 2), 1));
    assertFalse(page.contains("@DATA@"));
    assertFalse(page.matches("(?s).*(src=|<link|@import|url\\(|fetch\\(|XMLHttpRequest).*"));
    assertFalse(page.replace("http://www.w3.org/2000/svg", "").contains("http"));
    Matcher data = DATA.matcher(page);
    assertTrue(data.find());
    int chapters = 0;
    try (JsonParser json = new JsonFactory().createParser(data.group(1))) {
      while (json.nextToken() != null) {
        chapters +=
            "frames".equals(json.currentName()) || "scenes".equals(json.currentName()) ? 1 : 0;
      }
    }
    assertEquals(3 * 8, chapters); // a name, and the begin and the end of its array
    assertFalse(data.group(1).contains("<"));
  }

  @Test
  void howAllConvolutionsWorkIsSaidOnce() throws Exception {
    String page = Page.html(Geometry.single(new Extent(3, 3), new Extent(2, 2), 1));
    for (Chapter chapter : Chapters.of(Geometry.single(new Extent(3, 3), new Extent(2, 2), 1))) {
      assertEquals(ConvolutionChapter.how().size(), chapter.scenes().size());
    }
    for (String how : ConvolutionChapter.how()) {
      assertEquals(2, page.split(Pattern.quote(how), -1).length, how);
    }
  }

  /** Which document is meant, wherever one is spoken of. */
  @Test
  void documentsAreCalledByTheirTitles() {
    List<Chapter> chapters = Chapters.of(Geometry.single(new Extent(3, 3), new Extent(2, 2), 1));
    for (Chapter chapter : chapters.subList(0, 4)) {
      String text = chapter.heading().text();
      assertTrue(text.contains("<cite>"), text);
      assertFalse(text.contains("document"), text);
    }
  }

  @Test
  void figuresAreShort() {
    assertEquals("0", Figures.text(-0.0));
    assertEquals("\u22120.13", Figures.text(-0.13));
    assertEquals("100", Figures.text(100));
    assertEquals("0.044606", Figures.text(0.0446055));
    assertEquals("0.000012", Figures.text(1.2e-5));
    assertEquals("1E\u22129", Figures.text(1e-9));
    assertEquals("2E+8", Figures.text(2e8));
    assertEquals("(\u22122)", Figures.factor("\u22122"));
  }
}
