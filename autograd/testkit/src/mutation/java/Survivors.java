import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/**
 * Reads the reports of mutation tests, and fails for a mutant that survived and is not on the list
 * of those that were looked at by hand and cannot be told from the original.
 *
 * <pre>
 *   java Survivors.java LIST SOURCES REPORT...
 * </pre>
 *
 * The list has one line for each mutant, as this program prints them: its place, what was changed,
 * and the line of source, so that it holds when lines move. Lines that begin with # say why.
 */
final class Survivors {
  private Survivors() {}

  public static void main(String[] args) throws Exception {
    List<String> listed = new ArrayList<>();
    for (String line : Files.readAllLines(Path.of(args[0]))) {
      if (!line.isBlank() && !line.startsWith("#")) {
        listed.add(line.strip());
      }
    }
    int explained = listed.size();
    int mutants = 0;
    List<String> survivors = new ArrayList<>();
    for (int i = 2; i < args.length; i++) {
      NodeList all =
          DocumentBuilderFactory.newInstance()
              .newDocumentBuilder()
              .parse(Path.of(args[i]).toFile())
              .getElementsByTagName("mutation");
      if (all.getLength() == 0) {
        throw new IllegalStateException(args[i] + " reports no mutants; nothing was tested");
      }
      mutants += all.getLength();
      for (int j = 0; j < all.getLength(); j++) {
        Element mutant = (Element) all.item(j);
        if (!mutant.getAttribute("detected").equals("true")) {
          survivors.add(text(Path.of(args[1]), mutant));
        }
      }
    }
    int survived = survivors.size();
    List<String> unexplained = new ArrayList<>();
    for (String survivor : survivors) {
      if (!listed.remove(survivor)) {
        unexplained.add(survivor);
      }
    }
    System.out.printf(
        "mutation: %s mutants, %s killed (%.1f %%), %s survived, of which %s are explained in %s%n",
        mutants,
        mutants - survived,
        100.0 * (mutants - survived) / mutants,
        survived,
        explained - listed.size(),
        args[0]);
    listed.forEach(line -> System.out.println("mutation: no longer survives: " + line));
    if (!unexplained.isEmpty()) {
      unexplained.forEach(System.out::println);
      System.out.println("mutation: test what tells these from the original, or list and explain");
      System.exit(1);
    }
  }

  private static String text(Path sources, Element mutant) throws IOException {
    String type = child(mutant, "mutatedClass");
    Path folder = sources.resolve(type.replace('.', '/')).getParent();
    List<String> lines = Files.readAllLines(folder.resolve(child(mutant, "sourceFile")));
    return "%s.%s | %s | %s"
        .formatted(
            type,
            child(mutant, "mutatedMethod"),
            child(mutant, "description"),
            lines.get(Integer.parseInt(child(mutant, "lineNumber")) - 1).strip());
  }

  private static String child(Element mutant, String name) {
    return mutant.getElementsByTagName(name).item(0).getTextContent();
  }
}
