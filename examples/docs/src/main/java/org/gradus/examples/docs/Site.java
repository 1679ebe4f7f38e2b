package org.gradus.examples.docs;

import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.gradus.examples.docs.Page.Section;

/**
 * A folder of pages for a browser, which needs neither a server nor a network: one page for each
 * Markdown file of the tutorial, one for each source that these link to, one stylesheet, and a
 * script that searches an index beside it.
 */
public final class Site {
  private static final Pattern TARGET = Pattern.compile("(?:href|src)=\"([^\"]*)\"");
  private static final Pattern ID = Pattern.compile("id=\"([^\"]*)\"");

  private Site() {}

  /**
   * What there is of the Javadoc.
   *
   * @param types the pages of documented types, by their names
   * @param documented what a search finds
   */
  record Api(Map<String, String> types, List<Documented> documented) {

    /** Takes copies. */
    Api {
      types = Map.copyOf(types);
      documented = List.copyOf(documented);
    }

    static Api none() {
      return new Api(Map.of(), List.of());
    }
  }

  /**
   * Writes the pages of the tutorial and the Javadoc of all modules.
   *
   * @param args the root of the repository, which was compiled, and the folder to write into
   * @throws IOException if the Javadoc is refused, or a link leads nowhere
   */
  public static void main(String[] args) throws IOException {
    Path root = Path.of(args[0]).toAbsolutePath().normalize();
    Path site = Path.of(args[1]);
    Path api = site.resolve("api");
    Files.createDirectories(api);
    Javadoc.write(root, api, System.getProperty("java.class.path"));
    write(
        root.resolve("examples/tutorial"),
        site,
        new Api(Javadoc.types(site, api), Documented.in(api.resolve("index-all.html"), "api/")));
    List<String> broken = brokenLinks(site);
    if (!broken.isEmpty()) {
      throw new IOException("links lead nowhere: " + broken);
    }
  }

  /**
   * Writes pages, without the Javadoc.
   *
   * @param folder of Markdown files, of which {@code README.md} is the first page
   * @param site the folder to write into, made if it is not there
   * @throws IOException if a file cannot be read or written
   */
  public static void write(Path folder, Path site) throws IOException {
    write(folder, site, Api.none());
  }

  static void write(Path folder, Path site, Api api) throws IOException {
    Map<String, String> texts = new LinkedHashMap<>();
    Map<String, String> targets = new LinkedHashMap<>();
    for (Path file : markdown(folder)) {
      String name = file.getFileName().toString();
      texts.put(name.replaceAll("\\.md$", ""), Files.readString(file));
      targets.put(name, Page.fileOf(name.replaceAll("\\.md$", "")));
    }
    Map<String, Page> sources = sources(folder, texts.values(), targets);
    sources.forEach((target, source) -> targets.put(target, Page.fileOf(source.name())));
    List<Page> pages = new ArrayList<>();
    texts.forEach((name, text) -> pages.add(Page.of(name, text, targets, api.types())));
    Files.createDirectories(site);
    boolean hasApi = !api.types().isEmpty();
    for (int i = 0; i < pages.size(); i++) {
      write(site, pages.get(i), navigation(pages, pages.get(i), hasApi), near(pages, i));
    }
    for (Page source : sources.values()) {
      write(site, source, navigation(pages, source, hasApi), "");
    }
    Files.writeString(site.resolve("index.js"), index(pages, api.documented()));
    for (String file : List.of("style.css", "search.js")) {
      Files.writeString(site.resolve(file), resource(file));
    }
  }

  /** The files beside the folder to which pages link, by the links' targets. */
  private static Map<String, Page> sources(
      Path folder, Iterable<String> texts, Map<String, String> pages) throws IOException {
    Map<String, Page> sources = new LinkedHashMap<>();
    for (String text : texts) {
      for (String target : Page.targets(text)) {
        Path file = folder.resolve(target);
        if (!pages.containsKey(target) && Files.isRegularFile(file)) {
          sources.put(target, Page.ofSource(target, Files.readString(file)));
        }
      }
    }
    return sources;
  }

  private static void write(Path site, Page page, String navigation, String near)
      throws IOException {
    String html =
        resource("page.html")
            .replace("{title}", Highlighter.escaped(page.title()))
            .replace("{pages}", navigation)
            .replace("{near}", near)
            .replace("{body}", page.html());
    Files.writeString(site.resolve(Page.fileOf(page.name())), html);
  }

  /** The first page, and the others in the order of their names. */
  private static List<Path> markdown(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.toString().endsWith(".md"))
          .sorted(
              Comparator.comparing((Path file) -> !file.endsWith("README.md"))
                  .thenComparing(Comparator.naturalOrder()))
          .toList();
    }
  }

  private static String resource(String name) throws IOException {
    try (InputStream in = Objects.requireNonNull(Site.class.getResourceAsStream(name), name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  // ---- around a page ---------------------------------------------------------------------------

  /** All pages, and the sections of the one that is shown. */
  private static String navigation(List<Page> pages, Page shown, boolean hasApi) {
    StringBuilder items = new StringBuilder();
    for (Page page : pages) {
      String current = page.equals(shown) ? " aria-current=\"page\"" : "";
      items.append("<li>").append(link(Page.fileOf(page.name()), page.title(), current));
      if (page.equals(shown)) {
        items.append(
            page.sections().stream()
                .filter(section -> !section.anchor().isEmpty())
                .map(
                    section ->
                        "<li>" + link("#" + section.anchor(), section.heading(), "") + "</li>")
                .collect(joining("", "<ul>", "</ul>")));
      }
      items.append("</li>\n");
    }
    if (hasApi) {
      items.append("<li>").append(link("api/index.html", "Javadoc", "")).append("</li>\n");
    }
    return items.toString();
  }

  private static String link(String target, String words, String attributes) {
    return "<a href=\"%s\"%s>%s</a>"
        .formatted(Highlighter.escaped(target), attributes, Highlighter.escaped(words));
  }

  /** The pages before and behind. */
  private static String near(List<Page> pages, int shown) {
    StringBuilder links = new StringBuilder();
    if (shown > 0) {
      Page before = pages.get(shown - 1);
      links.append(link(Page.fileOf(before.name()), "← " + before.title(), ""));
    }
    if (shown < pages.size() - 1) {
      Page next = pages.get(shown + 1);
      links.append(link(Page.fileOf(next.name()), next.title() + " →", " class=\"next\""));
    }
    return links.toString();
  }

  // ---- the search ------------------------------------------------------------------------------

  /** What is searched, as a script: a page opened from a file may not read other files. */
  private static String index(List<Page> pages, List<Documented> documented) {
    List<String> entries = new ArrayList<>();
    for (Page page : pages) {
      for (Section section : page.sections()) {
        String anchor = section.anchor().isEmpty() ? "" : "#" + section.anchor();
        String target = Page.fileOf(page.name()) + anchor;
        entries.add(entry(target, page.title(), section.heading(), section.text()));
      }
    }
    documented.forEach(
        each -> entries.add(entry(each.target(), "Javadoc", each.name(), each.text())));
    return "const INDEX = [\n" + String.join(",\n", entries) + "\n];\n";
  }

  private static String entry(String... texts) {
    return Stream.of(texts)
        .map(text -> '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"')
        .collect(joining(", ", "[", "]"));
  }

  // ---- links -----------------------------------------------------------------------------------

  /** Links of the pages of a site, but for those of the Javadoc's own, that lead nowhere. */
  static List<String> brokenLinks(Path site) throws IOException {
    List<String> broken = new ArrayList<>();
    try (Stream<Path> files = Files.list(site)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".html")).sorted().toList()) {
        Matcher targets = TARGET.matcher(Files.readString(file));
        while (targets.find()) {
          if (!leadsSomewhere(file, targets.group(1))) {
            broken.add(file.getFileName() + ": " + targets.group(1));
          }
        }
      }
    }
    return broken;
  }

  /** Only within the site. */
  private static boolean leadsSomewhere(Path file, String target) throws IOException {
    String[] parts = target.split("#", 2);
    Path to = parts[0].isEmpty() ? file : file.resolveSibling(parts[0]);
    if (!Files.isRegularFile(to)) {
      return false;
    }
    return parts.length == 1
        || ID.matcher(Files.readString(to)).results().anyMatch(id -> id.group(1).equals(parts[1]));
  }
}
