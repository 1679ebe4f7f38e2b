package org.gradus.examples.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A type or a member that a search finds, as the Javadoc's own index tells it.
 *
 * @param target its page, and its place there
 * @param name of a type, as {@code Tensor}; of a member with its type's, as {@code Ops.conv2d}
 * @param text the first sentence on it, and of a type its package
 */
record Documented(String target, String name, String text) {
  private static final Pattern ENTRY =
      Pattern.compile(
          "<dt><a href=\"([^\"]*)\"[^>]*>[^<]*</a> - .*?</dt>\\s*<dd>(.*?)</dd>", Pattern.DOTALL);

  /** The folders of a type's package, its name, and its member's where there is one. */
  private static final Pattern TARGET =
      Pattern.compile("[^/]+/(.+)/([A-Z][\\w.]*)\\.html(?:#(\\w+).*)?");

  private static final Pattern BLOCK =
      Pattern.compile("<div class=\"block\">(.*?)</div>", Pattern.DOTALL);

  /** What the compiler writes, and what it makes for enums. */
  private static final Pattern GENERATED =
      Pattern.compile(
          "Returns the value of the <code>\\w+</code> record component\\..*"
              + "|Returns (?:a|the) (?:string|hash code|enum constant|array).*"
              + "|Indicates whether some other object is .*",
          Pattern.DOTALL);

  /**
   * All that is told in words of its own. Of members of one name and type, the first; a constructor
   * is told with its type.
   *
   * @param index the page of that name which the tool has written
   * @param folder of the Javadoc in the site, such as {@code api/}
   */
  static List<Documented> in(Path index, String folder) throws IOException {
    List<Documented> all = new ArrayList<>();
    Set<String> told = new HashSet<>();
    Matcher entries = ENTRY.matcher(Files.readString(index));
    while (entries.find()) {
      Matcher target = TARGET.matcher(entries.group(1));
      Matcher sentence = BLOCK.matcher(entries.group(2));
      if (target.matches()
          && sentence.find()
          && !GENERATED.matcher(sentence.group(1)).matches()
          && told.add(target.group(1) + target.group(2) + "#" + target.group(3))) {
        boolean isType = target.group(3) == null;
        String name = target.group(2) + (isType ? "" : "." + target.group(3));
        String place = isType ? " (" + target.group(1).replace('/', '.') + ")" : "";
        all.add(new Documented(folder + entries.group(1), name, plain(sentence.group(1)) + place));
      }
    }
    return all;
  }

  /** Words without tags. */
  private static String plain(String html) {
    return html.replaceAll("<[^>]*>", "")
        .replaceAll("&nbsp;|\\s+", " ")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&amp;", "&")
        .strip();
  }
}
