package org.gradus.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The page of {@link Explain} in Chromium. Not of each build, since it needs the browser: {@code
 * CONTRIBUTING.md} says how to run it.
 */
@Timeout(180)
class ExplainInBrowser {
  /** What the page has as text, without the marks of its formulas. */
  private static final String FORMULA = "document.getElementById('formula').innerText";

  /** Of each text on its ground, as WCAG 2 defines it; the least of those that are seen. */
  private static final String CONTRAST =
      "(() => { const lum = c => { const v = c.match(/[0-9.]+/g).slice(0, 3).map(x => x /"
          + " 255).map(x => x <= 0.03928 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4); return 0.2126"
          + " * v[0] + 0.7152 * v[1] + 0.0722 * v[2]; }; const ground = e => { for (; e; e ="
          + " e.parentElement) { const b = getComputedStyle(e).backgroundColor; if (!b.endsWith(',"
          + " 0)')) return b; } return 'rgb(255, 255, 255)'; }; let least = 99; for (const e of"
          + " document.querySelectorAll('body *')) { if (e.closest('svg') || !e.offsetParent ||"
          + " ![...e.childNodes].some(n => n.nodeType === 3 && n.data.trim())) continue; const a ="
          + " lum(getComputedStyle(e).color), b = lum(ground(e)); const ratio = (Math.max(a, b) +"
          + " 0.05) / (Math.min(a, b) + 0.05); if (ratio < least) least = ratio; } return least;"
          + " })()";

  @TempDir(cleanup = CleanupMode.NEVER) // the browser may still write when it is told to end
  private Path folder;

  private DevTools page;

  @BeforeEach
  void open() throws Exception {
    page = new DevTools(DevTools.browser(), folder.resolve("profile"));
    page.call("Page.enable", "{}");
    page.call(
        "Page.addScriptToEvaluateOnNewDocument",
        "{\"source\":\"window.faults = []; addEventListener('error', e => faults.push(e.message));"
            + " const error = console.error; console.error = (...a) => { faults.push(a.join());"
            + " error(...a); };\"}");
  }

  @AfterEach
  void close() throws Exception {
    assertEquals("", page.text("faults.join()"));
    page.end();
  }

  private void show(String chapter, String... options) throws Exception {
    Path file = folder.resolve("explain.html");
    String[] arguments = new String[options.length + 2];
    arguments[0] = "--out";
    arguments[1] = file.toString();
    System.arraycopy(options, 0, arguments, 2, options.length);
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int code =
        new Explain(
                new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8))
            .run(arguments);
    assertEquals(0, code, err.toString(StandardCharsets.UTF_8));
    assertTrue(Files.size(file) > 0);
    page.call("Page.navigate", "{\"url\":\"%s#%s\"}".formatted(file.toUri(), chapter));
    page.await("document.readyState + (typeof choose)", "completefunction");
  }

  /** Each step of each scene: the formula ends with the number that stands in the cell. */
  @ParameterizedTest
  @CsvSource({"1200, light", "1200, dark", "390, light", "390, dark"})
  void allStepsOfAllChapters(int width, String theme) throws Exception {
    page.window(width, 800, theme);
    show("padding");
    int chapters = Integer.parseInt(page.text("data.chapters.length"));
    assertEquals(8, chapters);
    for (int i = 0; i < chapters; i++) {
      page.text("location.hash = data.chapters[" + i + "].id");
      page.await("chapter.id === data.chapters[" + i + "].id", "true");
      if (i > 0) {
        page.await("document.activeElement.id", "title");
      }
      int scenes = Integer.parseInt(page.text("chapter.scenes ? chapter.scenes.length : 1"));
      for (int k = 0; k < scenes; k++) {
        page.text("choose(" + k + ")");
        String wrong =
            "(() => { const wrong = []; for (let s = 0; s < count(); s++) { go(s); if (scene) {"
                + " const cell = cells.get(scene.target)[s]; if (!cell.classList.contains('target')"
                + " || !cell.textContent.endsWith(document.getElementById('value').textContent))"
                + " wrong.push(s); } else if (!document.querySelector('#picture svg'))"
                + " wrong.push(s); } return wrong.join(); })()";
        assertEquals("", page.text(wrong), "chapter " + i + ", scene " + k);
        assertEquals("true", page.text("document.documentElement.scrollWidth <= innerWidth"));
        double contrast = Double.parseDouble(page.text(CONTRAST));
        assertTrue(contrast >= 4.5, "contrast " + contrast + " in chapter " + i + ", scene " + k);
      }
    }
  }

  /**
   * The picture of the README: which numbers make dx11. {@code -Dgradus.readme=write} puts it
   * there; its pixels depend on the fonts of a machine.
   */
  @Test
  void pictureOfTheReadme() throws Exception {
    page.window(900, 900, "light");
    show("padding");
    page.text("choose(2)");
    page.text("document.documentElement.style.scrollbarWidth = 'none'"); // it says nothing
    page.text("document.getElementById('how').scrollIntoView()");
    String last = "cells.get(scene.target).slice(-1)[0].getBoundingClientRect()";
    assertEquals("true", page.text(last + ".bottom <= innerHeight"));
    byte[] picture = page.picture();
    Path file = ReadmeTest.readme().resolveSibling("examples").resolve("explain.png");
    if ("write".equals(System.getProperty("gradus.readme"))) {
      Files.write(file, picture);
    }
    BufferedImage drawn = ImageIO.read(new ByteArrayInputStream(picture));
    BufferedImage shown = ImageIO.read(file.toFile());
    assertEquals(drawn.getWidth(), shown.getWidth());
    assertEquals(drawn.getHeight(), shown.getHeight());
    assertTrue(Files.readString(ReadmeTest.readme()).contains("(examples/explain.png)"));
  }

  @Test
  void keysStepAndPlay() throws Exception {
    page.window(1200, 800, "light");
    show("padding");
    page.text("choose(2)");
    assertTrue(
        page.text(FORMULA).startsWith("dx11 = dy11 w22 + dy12 w21 + dy21 w12 + dy22 w11"),
        page.text(FORMULA));
    assertTrue(
        page.text(FORMULA).contains("= 25 · 5 + 24 · 4 + 20 · 2 + 19 · 1"), page.text(FORMULA));
    page.key("ArrowRight");
    page.await("step", "1");
    page.key("ArrowLeft");
    page.await("step", "0");
    page.key(" ");
    page.await("step > 0 && timer !== 0", "true");
    page.key(" ");
    page.await("timer", "0");
    page.text("document.querySelector('summary').focus()");
    page.key(" ");
    page.await("document.querySelector('details').open + ',' + timer", "true,0");
  }

  /** Where a window is small, too: below the controls, whichever way one has come to the step. */
  @ParameterizedTest
  @CsvSource({"390, 800", "1200, 800"})
  void whatAStepComputesIsSeen(int width, int height) throws Exception {
    page.window(width, height, "light");
    show("padding");
    assertEquals("0", page.text("scrollY"));
    String hidden =
        "(() => { const hidden = []; const forth = document.getElementById('forth'); for (const id"
            + " of ['padding', 'loops', 'depth', 'step', 'yours']) { show(id);"
            + " chapter.scenes.forEach((each, k) => { choose(k); for (let s = 1; s < count(); s++)"
            + " { forth.click(); const box = cells.get(scene.target)[s].getBoundingClientRect();"
            + " const top = document.getElementById('watched').getBoundingClientRect(); if (step"
            + " !== s || top.top < 0 || box.top < top.bottom || box.bottom > innerHeight ||"
            + " box.left < 0 || box.right > innerWidth) hidden.push(id + k + ',' + s); } }); }"
            + " return hidden.join(' '); })()";
    assertEquals("", page.text(hidden));
  }

  /** What is struck out or put in, in words for who does not see the line. */
  @Test
  void correctionsAreHeard() throws Exception {
    page.window(390, 800, "light");
    show("loops");
    page.text("document.querySelector('#text details').open = true");
    String equation = "document.querySelector('.equation').textContent";
    assertEquals(
        "dX[h:h+f, w:w+f] += W · dH (struck out: (h,w)) (put in: [h,w])", page.text(equation));
    assertEquals(
        "1,1",
        page.text(
            "(e => [e.offsetWidth, e.offsetHeight].join())(document.querySelector('.heard'))"));
  }

  /** How scenes work stands open once. */
  @Test
  void laterChaptersFoldWhatTheFirstHasSaid() throws Exception {
    page.window(1200, 800, "light");
    String how = "document.getElementById('how')";
    String shown = "[%s.open, %s.hidden].join()".formatted(how, how);
    show("padding");
    assertEquals("true,false", page.text(shown));
    page.text("location.hash = 'loops'");
    page.await(shown, "false,false");
    page.text("choose(4)");
    assertTrue(page.text(how + ".textContent").contains("The bias was added to each output"));
    page.text("location.hash = 'graph'");
    page.await(shown, "false,true");
  }

  /** A graph is wider than a small window: the box that a step tells of is moved into it. */
  @Test
  void theBoxOfAStepIsSeen() throws Exception {
    page.window(390, 800, "light");
    show("second");
    String hidden =
        "(() => { const hidden = []; for (let s = 1; s < count(); s++) { go(s); const box ="
            + " [...document.querySelectorAll('#picture text')].find(t => new RegExp('^#' + s +"
            + " '[ :]').test(t.textContent)).getBoundingClientRect(); if (box.left < 0 || box.right"
            + " > innerWidth) hidden.push(s); } return hidden.join(); })()";
    assertEquals("", page.text(hidden));
  }

  /** A cell that is pointed at tells how it came about, or what it has a part in. */
  @Test
  void cellsThatArePointedAt() throws Exception {
    page.window(1200, 1600, "light");
    show("padding");
    page.text("choose(2)");
    point(8, 6);
    assertTrue(page.text(FORMULA).startsWith("dx22 = "), page.text(FORMULA));
    assertEquals("9", page.text("document.querySelectorAll('td.first').length"));
    point(7, 0);
    assertTrue(page.text(FORMULA).startsWith("w33 is 9"), page.text(FORMULA));
    assertTrue(page.text(FORMULA).contains("dx22 (dy11 w33)"), page.text(FORMULA));
  }

  private void point(int grid, int cell) throws Exception {
    String[] place =
        page.text(
                "(b => [b.left + b.width / 2, b.top + b.height / 2].join())(cells.get(%s)[%s].getBoundingClientRect())"
                    .formatted(grid, cell))
            .split(",", -1);
    page.mouse("mouseMoved", Double.parseDouble(place[0]), Double.parseDouble(place[1]));
  }

  @Test
  void aGeometryOfOnesOwn() throws Exception {
    page.window(390, 800, "light");
    show(
        "yours",
        "--input",
        "7x4",
        "--kernel",
        "2x3",
        "--stride",
        "3",
        "--padding",
        "2",
        "--dilation",
        "2",
        "--channels",
        "2",
        "--filters",
        "2",
        "--groups",
        "2");
    page.text("choose(2)");
    assertEquals("56", page.text("count()"));
    assertTrue(Integer.parseInt(page.text("document.querySelectorAll('td.zero').length")) > 50);
  }
}
