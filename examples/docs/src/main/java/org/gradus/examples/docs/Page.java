package org.gradus.examples.docs;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.commonmark.ext.gfm.tables.TableCell;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.node.Code;
import org.commonmark.node.FencedCodeBlock;
import org.commonmark.node.Heading;
import org.commonmark.node.HtmlBlock;
import org.commonmark.node.Link;
import org.commonmark.node.ListItem;
import org.commonmark.node.Node;
import org.commonmark.node.Paragraph;
import org.commonmark.node.SoftLineBreak;
import org.commonmark.node.Text;
import org.commonmark.parser.Parser;
import org.commonmark.renderer.html.HtmlRenderer;

/**
 * A page of Markdown, or a source, as HTML. Headings have the anchors that GitHub gives them; a
 * link to another page, or to a source, leads to that one's HTML; code that begins with the name of
 * a documented type is a link to it.
 *
 * @param name of the file, without its ending
 * @param title its first heading
 * @param html of the body
 * @param sections what a search finds: the text up to the first heading below the title, and behind
 *     each of these
 */
record Page(String name, String title, String html, List<Section> sections) {

  /** Takes a copy of the list. */
  Page {
    sections = List.copyOf(sections);
  }

  /**
   * A part of a page.
   *
   * @param anchor of its heading; empty for the page itself
   * @param heading in words
   * @param text all that it says
   */
  record Section(String anchor, String heading, String text) {}

  private static final Pattern TYPE = Pattern.compile("^[A-Z]\\w*");

  /**
   * Of a text.
   *
   * @param targets the files of the site, by how the text links to them; other links stay
   * @param types where types are documented, by their simple names
   */
  static Page of(
      String name, String markdown, Map<String, String> targets, Map<String, String> types) {
    Node root = parsed(markdown);
    List<Heading> headings = all(root, Heading.class);
    List<String> anchors = anchors(headings);
    List<Section> sections = sections(root, headings, anchors);
    all(root, HtmlBlock.class).forEach(Node::unlink); // marks for those who try the page
    all(root, Link.class).forEach(link -> redirect(link, targets));
    all(root, Code.class).forEach(code -> link(code, types));
    all(root, FencedCodeBlock.class).forEach(Page::highlight);
    HtmlRenderer renderer =
        HtmlRenderer.builder()
            .extensions(List.of(TablesExtension.create()))
            .attributeProviderFactory(
                context ->
                    (node, tag, attributes) -> {
                      if (node instanceof Heading heading) {
                        attributes.put("id", anchors.get(headings.indexOf(heading)));
                      }
                    })
            .build();
    String title = headings.isEmpty() ? name : text(headings.get(0));
    return new Page(name, title, renderer.render(root), sections);
  }

  /**
   * Of a source.
   *
   * @param path relative to the pages; of it, the page has its name
   */
  static Page ofSource(String path, String code) {
    String file = path.replaceAll("^.*/", "");
    String html = file.endsWith(".java") ? Highlighter.java(code) : Highlighter.escaped(code);
    return new Page(
        path.replace("../", "").replace('/', '-'),
        file,
        "<h1>%s</h1>\n<pre class=\"figure\" tabindex=\"0\"><code>%s</code></pre>\n"
            .formatted(Highlighter.escaped(file), html),
        List.of());
  }

  /** The files to which a text links. */
  static List<String> targets(String markdown) {
    return all(parsed(markdown), Link.class).stream()
        .map(link -> link.getDestination().replaceAll("#.*", ""))
        .filter(target -> !target.contains(":"))
        .toList();
  }

  private static Node parsed(String markdown) {
    return Parser.builder().extensions(List.of(TablesExtension.create())).build().parse(markdown);
  }

  // ---- what is said ----------------------------------------------------------------------------

  private static <T extends Node> List<T> all(Node root, Class<T> type) {
    List<T> found = new ArrayList<>();
    walk(
        root,
        node -> {
          if (type.isInstance(node)) {
            found.add(type.cast(node));
          }
        });
    return found;
  }

  private static void walk(Node node, Consumer<Node> visitor) {
    visitor.accept(node);
    for (Node child = node.getFirstChild(); child != null; child = child.getNext()) {
      walk(child, visitor);
    }
  }

  private static String text(Node root) {
    StringBuilder text = new StringBuilder();
    walk(
        root,
        node -> {
          if (node instanceof Text words) {
            text.append(words.getLiteral());
          } else if (node instanceof Code code) {
            text.append(code.getLiteral());
          } else if (node instanceof FencedCodeBlock block) {
            text.append(' ').append(block.getLiteral());
          } else if (node instanceof SoftLineBreak
              || node instanceof TableCell
              || node instanceof ListItem
              || node instanceof Paragraph) {
            text.append(' ');
          }
        });
    return plain(text);
  }

  private static String plain(StringBuilder text) {
    return text.toString().replaceAll("\\s+", " ").strip();
  }

  private static List<Section> sections(Node root, List<Heading> headings, List<String> anchors) {
    List<Section> sections = new ArrayList<>();
    StringBuilder text = new StringBuilder();
    String anchor = "";
    String heading = headings.isEmpty() ? "" : text(headings.get(0));
    for (Node block = root.getFirstChild(); block != null; block = block.getNext()) {
      if (block instanceof Heading next && next.getLevel() > 1) {
        sections.add(new Section(anchor, heading, plain(text)));
        text.setLength(0);
        anchor = anchors.get(headings.indexOf(next));
        heading = text(next);
      } else if (!(block instanceof Heading)) {
        text.append(text(block)).append(' ');
      }
    }
    sections.add(new Section(anchor, heading, plain(text)));
    return sections;
  }

  /** As GitHub makes them: of letters, digits and hyphens, and different from each other. */
  private static List<String> anchors(List<Heading> headings) {
    List<String> anchors = new ArrayList<>();
    Set<String> taken = new HashSet<>();
    for (Heading heading : headings) {
      String plain =
          text(heading)
              .toLowerCase(Locale.ROOT)
              .replaceAll("[^\\p{L}\\p{N} _-]", "")
              .replace(' ', '-');
      String anchor = plain;
      for (int i = 1; !taken.add(anchor); i++) {
        anchor = plain + "-" + i;
      }
      anchors.add(anchor);
    }
    return anchors;
  }

  // ---- how it looks ----------------------------------------------------------------------------

  private static void redirect(Link link, Map<String, String> targets) {
    String[] target = link.getDestination().split("#", 2);
    String file = targets.get(target[0]);
    if (file != null) {
      link.setDestination(file + (target.length == 2 ? "#" + target[1] : ""));
    }
  }

  /** The file of a page of this name. */
  static String fileOf(String name) {
    return (name.equals("README") ? "index" : name) + ".html";
  }

  private static void link(Code code, Map<String, String> types) {
    Matcher type = TYPE.matcher(code.getLiteral());
    Optional<String> documented =
        Optional.of(type).filter(Matcher::find).map(found -> types.get(found.group()));
    if (documented.isPresent() && !(code.getParent() instanceof Link)) {
      Link link = new Link(documented.get(), null);
      code.insertBefore(link);
      link.appendChild(code);
    }
  }

  /** What a piece prints stands under it, as one with it. */
  private static void highlight(FencedCodeBlock block) {
    String language = block.getInfo();
    String code =
        language.equals("java")
            ? Highlighter.java(block.getLiteral())
            : Highlighter.escaped(block.getLiteral());
    String kind = language.isEmpty() ? "figure" : language;
    HtmlBlock html = new HtmlBlock();
    html.setLiteral("<pre class=\"%s\" tabindex=\"0\"><code>%s</code></pre>".formatted(kind, code));
    block.insertBefore(html);
    block.unlink();
  }
}
