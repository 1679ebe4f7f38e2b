package org.gradus.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.gradus.examples.docs.Site;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The pages of the tutorial in Chromium, opened as files. Not of each build, since it needs the
 * browser: {@code CONTRIBUTING.md} says how to run it.
 */
@Timeout(120)
class SiteInBrowser {
  @TempDir(cleanup = CleanupMode.NEVER) // the browser may still write when it is told to end
  private Path folder;

  private DevTools page;

  @BeforeEach
  void open() throws Exception {
    Site.write(Snippets.EXAMPLES.resolve("tutorial"), folder.resolve("site"));
    page = new DevTools(DevTools.browser(), folder.resolve("profile"));
  }

  @AfterEach
  void close() throws Exception {
    page.end();
  }

  private void show(String name) throws Exception {
    page.call(
        "Page.navigate",
        "{\"url\":\"%s\"}".formatted(folder.resolve("site").resolve(name).toUri()));
    page.await("document.readyState + (typeof find)", "completefunction");
  }

  private void type(String text) throws Exception {
    page.call("Input.insertText", "{\"text\":\"%s\"}".formatted(text));
  }

  private static final String FOUND = "[...document.querySelectorAll('#found a')]";

  @ParameterizedTest
  @CsvSource({"1200,light", "1200,dark", "390,light", "390,dark"})
  void pagesFitTheirWindow(int width, String theme) throws Exception {
    page.window(width, 900, theme);
    for (String name : new String[] {"index", "1-tensors-and-gradients", "3-a-network"}) {
      show(name + ".html");
      assertEquals("true", page.text("document.documentElement.scrollWidth <= innerWidth"), name);
      String paper = page.text("getComputedStyle(document.body).backgroundColor");
      assertEquals(theme.equals("light") ? "rgb(255, 255, 255)" : "rgb(21, 24, 28)", paper);
      assertEquals(
          width > 500, page.text("document.querySelector('nav details').open").equals("true"));
    }
  }

  @ParameterizedTest
  @CsvSource({"1200", "390"})
  void aWordIsFoundAndOpenedByKeys(int width) throws Exception {
    page.window(width, 900, "light");
    show("index.html");
    assertEquals("true", page.text("document.getElementById('found').hidden"));
    page.key("/");
    type("chain rule");
    page.await(FOUND + "[0].firstChild.data", "1. Tensors and gradients › How the walk goes");
    assertEquals("chain", page.text("document.querySelector('#found mark').textContent"));
    String box =
        page.text(
            "(b => [b.left >= 0, b.right <= innerWidth, b.bottom <= innerHeight].join())"
                + "(document.getElementById('found').getBoundingClientRect())");
    assertEquals("true,true,true", box);
    page.key("Enter");
    page.await("location.hash", "#how-the-walk-goes");
    assertTrue(page.text("document.title").startsWith("1. Tensors and gradients"));
    page.await("scrollY > 500", "true");
  }

  /** Before the parts of pages that only speak of it, and before longer names. */
  @Test
  void aMemberIsFoundByItsName() throws Exception {
    page.window(1200, 900, "light");
    show("index.html");
    page.text(
        "INDEX.push(['api/a/Ops.html#conv2dInput()', 'Javadoc', 'Ops.conv2dInput', 'Goes back.'],"
            + " ['api/a/Ops.html#conv2d()', 'Javadoc', 'Ops.conv2d', 'Slides filters.'])");
    page.text("document.querySelector('input').focus()");
    type("conv2d");
    page.await(FOUND + "[0].innerText", "Javadoc › Ops.conv2d\nSlides filters.");
    assertTrue(page.text(FOUND + "[0].href").endsWith("/site/api/a/Ops.html#conv2d()"));
    page.await(FOUND + "[1].innerText", "Javadoc › Ops.conv2dInput\nGoes back.");
    page.text("document.querySelector('input').value = ''");
    type("ops.conv2d");
    page.await(FOUND + "[0].firstChild.data", "Javadoc › Ops.conv2d");
  }

  @Test
  void arrowsChooseAndEscapeCloses() throws Exception {
    page.window(1200, 900, "light");
    show("index.html");
    page.text("document.querySelector('input').focus()");
    type("gradient");
    page.await(FOUND + ".length", "12");
    page.key("ArrowDown");
    page.key("ArrowDown");
    page.key("ArrowUp");
    String chosen =
        "[...document.querySelectorAll('#found li')].findIndex(i => i.ariaSelected === 'true')";
    page.await(chosen, "1");
    assertEquals(
        "found1", page.text("document.querySelector('input').ariaActiveDescendantElement.id"));
    page.key("Escape");
    page.await("document.getElementById('found').hidden", "true");
    type("xyzzy");
    page.await("document.getElementById('found').textContent", "Nothing is found.");
  }

  /** Not even what a page would ask for without being seen to. */
  @Test
  void nothingIsAskedOfANetwork() throws Exception {
    page.window(1200, 900, "light");
    show("5-cookbook.html");
    String taken = "[...document.querySelectorAll('[src],link')].map(e => e.src || e.href)";
    String asked = "performance.getEntriesByType('resource').map(e => e.name)";
    assertEquals("3", page.text(taken + ".filter(url => url.startsWith('file:///')).length"));
    assertEquals(
        "", page.text(taken + ".concat(" + asked + ").filter(u => !u.startsWith('file:'))"));
  }
}
