package org.gradus.examples.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.gradus.examples.docs.Page.Section;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The pages for a browser: of a text that is all here, and of the tutorial. */
class SiteTest {
  private static final String TEXT =
      """
      # A page

      First, see [the other](b.md#more-it-is), [the code](../src/Tensor.java) and [this](#two).

      ## More: it is!

      `Tensor.of(op)` and `relu`; `A < B`.

      <!-- prints: B -->
      ```java
      int a = 1; // "no" string
      String b = "// <no comment>";
      ```
      ```text
      1 < 2
      ```

      ## Two

      | x | y |
      |---|---|
      | 1 | `2` |

      ## Two
      """;

  private static Page page() {
    return Page.of(
        "a",
        TEXT,
        Map.of("b.md", "b.html", "../src/Tensor.java", "src-Tensor.java.html"),
        Map.of("Tensor", "api/Tensor.html"));
  }

  @Test
  void aPageIsHtml() {
    assertEquals(
        """
        <h1 id="a-page">A page</h1>
        <p>First, see <a href="b.html#more-it-is">the other</a>, <a href="src-Tensor.java.html">the code</a> and <a href="#two">this</a>.</p>
        <h2 id="more-it-is">More: it is!</h2>
        <p><a href="api/Tensor.html"><code>Tensor.of(op)</code></a> and <code>relu</code>; <code>A &lt; B</code>.</p>
        <pre class="java" tabindex="0"><code><span class="k">int</span> a = <span class="n">1</span>; \
        <span class="c">// &quot;no&quot; string</span>
        String b = <span class="s">&quot;// &lt;no comment&gt;&quot;</span>;
        </code></pre>
        <pre class="text" tabindex="0"><code>1 &lt; 2
        </code></pre>
        <h2 id="two">Two</h2>
        <table>
        <thead>
        <tr>
        <th>x</th>
        <th>y</th>
        </tr>
        </thead>
        <tbody>
        <tr>
        <td>1</td>
        <td><code>2</code></td>
        </tr>
        </tbody>
        </table>
        <h2 id="two-1">Two</h2>
        """,
        page().html());
  }

  @Test
  void aSearchFindsSections() {
    assertEquals("A page", page().title());
    assertEquals(
        List.of(
            new Section("", "A page", "First, see the other, the code and this."),
            new Section(
                "more-it-is",
                "More: it is!",
                "Tensor.of(op) and relu; A < B. int a = 1; // \"no\" string String b ="
                    + " \"// <no comment>\"; 1 < 2"),
            new Section("two", "Two", "x y 1 2"),
            new Section("two-1", "Two", "")),
        page().sections());
  }

  private static Path tutorial() {
    Path here = Path.of(System.getProperty("basedir", "")).toAbsolutePath();
    return here.resolveSibling("tutorial");
  }

  private static List<String> files(Path folder) throws Exception {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void theTutorialIsASite(@TempDir Path site) throws Exception {
    Site.write(tutorial(), site);
    List<String> pages = files(tutorial()).stream().map(name -> name.replace(".md", "")).toList();
    assertTrue(pages.size() > 5, pages::toString);
    for (String page : pages) {
      String html = Files.readString(site.resolve(Page.fileOf(page)));
      assertTrue(html.contains("<main>\n<h1"), page);
      assertFalse(html.matches("(?s).*\\{(title|pages|near|body)}.*"), page);
      assertFalse(Pattern.compile("(src|href)=\"\\w+:|url\\(|@import").matcher(html).find(), page);
    }
    assertEquals(List.of(), Site.brokenLinks(site));
    String answers = "src-test-java-org-gradus-examples-AnswersTest.java.html";
    assertTrue(Files.readString(site.resolve("index.html")).contains("href=\"" + answers + "\""));
    String source = Files.readString(site.resolve(answers));
    assertTrue(source.contains("<h1>AnswersTest.java</h1>"), source);
    assertTrue(source.contains("<span class=\"k\">void</span> page1()"), source);
    String index = Files.readString(site.resolve("index.js"));
    assertTrue(index.contains("[\"5-cookbook.html#finding-a-nan\", "), index);
    assertTrue(Files.readString(site.resolve("style.css")).contains("prefers-color-scheme: dark"));
  }

  @Test
  void aLinkThatLeadsNowhereIsFound(@TempDir Path folder) throws Exception {
    Path site = folder.resolve("site");
    Files.writeString(folder.resolve("README.md"), "# A\n[b](b.md#c) [d](#e) [f](https://g.h)\n");
    Files.writeString(folder.resolve("b.md"), "# B\n`Tensor`\n");
    Site.write(folder, site, new Site.Api(Map.of("Tensor", "api/Tensor.html"), List.of()));
    assertEquals(
        List.of(
            "b.html: api/index.html",
            "b.html: api/Tensor.html",
            "index.html: api/index.html",
            "index.html: b.html#c",
            "index.html: #e",
            "index.html: https://g.h"),
        Site.brokenLinks(site));
  }

  @Test
  void aLinkOutOfTheSiteIsToAFileOrBroken(@TempDir Path folder) throws Exception {
    Path pages = Files.createDirectory(folder.resolve("pages"));
    Path site = folder.resolve("site");
    Files.writeString(folder.resolve("a.jsh"), "// 1 < 2\n");
    Files.writeString(pages.resolve("README.md"), "# A\n[a](../a.jsh) [b](../b.jsh) [c](..)\n");
    Site.write(pages, site);
    assertTrue(Files.readString(site.resolve("a.jsh.html")).contains("<code>// 1 &lt; 2\n</code>"));
    assertEquals(List.of("index.html: ../b.jsh", "index.html: .."), Site.brokenLinks(site));
  }

  /** As the tool of the JDK writes its index. */
  @Test
  void whatHasWordsOfItsOwnIsDocumented(@TempDir Path folder) throws Exception {
    Path index = folder.resolve("index-all.html");
    Files.writeString(
        index,
        """
        <dt><a href="m/package-summary.html">p</a> - package p</dt>
        <dd>
        <div class="block">A package.</div>
        </dd>
        <dt><a href="m/p/q/Ops.html" class="type-name-link" title="class in p.q">Ops</a> - Class in \
        <a href="m/p/q/package-summary.html">p.q</a></dt>
        <dd>
        <div class="block">All ops, as <code>x &lt; y</code>
         and more.</div>
        </dd>
        <dt><a href="m/p/q/Ops.html#conv2d(p.Tensor)" class="member-name-link">conv2d(Tensor)</a> - \
        Static method in class p.q.<a href="m/p/q/Ops.html" title="class in p.q">Ops</a></dt>
        <dd>
        <div class="block">Slides filters.</div>
        </dd>
        <dt><a href="m/p/q/Ops.html#conv2d(p.Tensor,int)" class="member-name-link">conv2d(Tensor, int)</a> - x</dt>
        <dd>
        <div class="block">Slides more filters.</div>
        </dd>
        <dt><a href="m/p/q/Ops.html#%3Cinit%3E()" class="member-name-link">Ops()</a> - Constructor</dt>
        <dd>
        <div class="block">Makes one.</div>
        </dd>
        <dt><a href="m/p/q/Ops.html#vjp()" class="member-name-link">vjp()</a> - Method in class p.q.Ops</dt>
        <dd>&nbsp;</dd>
        <dt><a href="m/p/q/Ops.Mode.html#rate()" class="member-name-link">rate()</a> - Method in record</dt>
        <dd>
        <div class="block">Returns the value of the <code>rate</code> record component.</div>
        </dd>
        <dt><a href="m/p/q/Ops.Mode.html#PI" class="member-name-link">PI</a> - Static variable</dt>
        <dd>
        <div class="block">A number.</div>
        </dd>
        """);
    assertEquals(
        List.of(
            new Documented("api/m/p/q/Ops.html", "Ops", "All ops, as x < y and more. (p.q)"),
            new Documented("api/m/p/q/Ops.html#conv2d(p.Tensor)", "Ops.conv2d", "Slides filters."),
            new Documented("api/m/p/q/Ops.Mode.html#PI", "Ops.Mode.PI", "A number.")),
        Documented.in(index, "api/"));
  }

  @Test
  void typesOfOneNameAreNotTold(@TempDir Path site) throws Exception {
    for (String file :
        List.of(
            "m/a/Tensor.html",
            "m/a/Gradients.Mode.html",
            "m/a/Report.html",
            "n/Report.html",
            "m/a/package-summary.html")) {
      Path path = site.resolve("api").resolve(file);
      Files.createDirectories(path.getParent());
      Files.writeString(path, "");
    }
    assertEquals(
        Map.of("Tensor", "api/m/a/Tensor.html", "Gradients.Mode", "api/m/a/Gradients.Mode.html"),
        Javadoc.types(site, site.resolve("api")));
  }
}
