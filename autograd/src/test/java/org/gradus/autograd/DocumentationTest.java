package org.gradus.autograd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ModifiersTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePathScanner;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import javax.lang.model.element.Modifier;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.gradus.autograd.Sources.Source;
import org.junit.jupiter.api.Test;

/**
 * All that others can use is described: a type, method, constructor, field or constant that is
 * public or protected has a comment, and the comment speaks of each parameter, be it in a tag, by
 * name in a sentence, or by a link to where it is described. Javadoc's own check asks for tags.
 */
class DocumentationTest {

  @Test
  void allThatOthersCanUseIsDescribed() throws IOException {
    List<Source> open =
        Sources.ofAllModules().stream()
            .filter(source -> !source.packageName().contains(".internal."))
            .filter(source -> !source.packageName().startsWith("org.gradus.examples"))
            .toList();
    assertTrue(open.size() > 100);
    assertEquals(List.of(), undescribed(open));
  }

  @Test
  void whatIsNotDescribedIsCaught() throws IOException {
    assertEquals(
        List.of(
            "a/B.java:1: B has no comment",
            "a/B.java:2: c has no comment",
            "a/B.java:4: d says nothing of e",
            "a/B.java:5: <init> has no comment",
            "a/B.java:7: F says nothing of g",
            "a/B.java:8: H has no comment",
            "a/B.java:8: i has no comment",
            "a/B.java:8: J has no comment"),
        undescribed(
            """
            public class B {
              protected int c;
              /** Nothing. */
              public void d(int e) {}
              public B() {}
              /** One of these. */
              public record F(int g) {}
              public interface H { void i(); enum J { } }
            }
            """));
  }

  @Test
  void whatIsDescribedOrClosedIsNotCaught() throws IOException {
    assertEquals(
        List.of(),
        undescribed(
            """
            /** A class. */
            public class B {
              private int a;
              int b;
              /** Takes c. */
              public void d(int c) {}
              /** Does. @param e so much */
              public void f(int e) {}
              /** As {@link #f}. */
              public void g(int h) {}
              @Override public String toString() { return ""; }
              /** Of i. */
              public record J(int i) {
                /** Checks the number. */
                public J {}
              }
              record K(int i) { public K {} }
              /** ONE. */
              public enum L { ONE }
            }
            """));
  }

  private static List<String> undescribed(String text) throws IOException {
    return undescribed(List.of(Source.of("a/B.java", text)));
  }

  private static List<String> undescribed(List<Source> sources) throws IOException {
    List<JavaFileObject> files = sources.stream().map(DocumentationTest::file).toList();
    JavacTask task =
        (JavacTask)
            ToolProvider.getSystemJavaCompiler()
                .getTask(null, null, null, List.of("-proc:none"), null, files);
    Search search = new Search(DocTrees.instance(task));
    task.parse().forEach(unit -> search.scan(unit, null));
    return search.violations;
  }

  private static JavaFileObject file(Source source) {
    URI uri = URI.create("source:///" + source.path());
    return new SimpleJavaFileObject(uri, JavaFileObject.Kind.SOURCE) {
      @Override
      public CharSequence getCharContent(boolean ignoreEncodingErrors) {
        return source.text();
      }
    };
  }

  /** Walks over the types and members that others can use, and over no others. */
  private static final class Search extends TreePathScanner<Void, Void> {
    private static final Set<Tree.Kind> INTERFACES =
        Set.of(Tree.Kind.INTERFACE, Tree.Kind.ANNOTATION_TYPE);

    /** Where a comment sends its reader for what it does not say itself. */
    private static final Pattern ELSEWHERE =
        Pattern.compile("\\b(?i:see|as)\\b[^.;]*\\{@link", Pattern.DOTALL);

    private final DocTrees trees;
    private final List<String> violations = new ArrayList<>();

    Search(DocTrees trees) {
      this.trees = trees;
    }

    @Override
    public Void visitClass(ClassTree type, Void none) {
      if (isOpen(type.getModifiers())) {
        List<String> components = components(type);
        check(type.getSimpleName().toString(), components);
        type.getMembers().stream()
            .filter(member -> !components.contains(nameOf(member)))
            .forEach(member -> scan(member, null));
      }
      return null;
    }

    /** The parameters of a record, which its own comment speaks of. */
    private static List<String> components(Tree type) {
      return type.getKind() != Tree.Kind.RECORD
          ? List.of()
          : ((ClassTree) type)
              .getMembers().stream()
                  .filter(member -> !nameOf(member).isEmpty())
                  .map(Search::nameOf)
                  .toList();
    }

    /** The name of a field that is no constant. */
    private static String nameOf(Tree member) {
      return member instanceof VariableTree field
              && !field.getModifiers().getFlags().contains(Modifier.STATIC)
          ? field.getName().toString()
          : "";
    }

    @Override
    public Void visitMethod(MethodTree method, Void none) {
      List<String> parameters =
          method.getParameters().stream().map(p -> p.getName().toString()).toList();
      boolean isInherited =
          method.getModifiers().getAnnotations().stream()
              .anyMatch(a -> a.getAnnotationType().toString().equals("Override"));
      if (isOpen(method.getModifiers()) && !isInherited) {
        boolean isCanonical = parameters.equals(components(owner())) && !parameters.isEmpty();
        check(method.getName().toString(), isCanonical ? List.of() : parameters);
      }
      return null;
    }

    @Override
    public Void visitVariable(VariableTree field, Void none) {
      boolean isNamed =
          owner().getKind() == Tree.Kind.ENUM
              && says(
                  trees.getDocComment(getCurrentPath().getParentPath()),
                  field.getName().toString());
      if (isOpen(field.getModifiers()) && !isNamed) {
        check(field.getName().toString(), List.of());
      }
      return null;
    }

    private Tree owner() {
      return getCurrentPath().getParentPath().getLeaf();
    }

    private boolean isOpen(ModifiersTree modifiers) {
      Set<Modifier> flags = modifiers.getFlags();
      return flags.contains(Modifier.PUBLIC)
          || flags.contains(Modifier.PROTECTED)
          || (INTERFACES.contains(owner().getKind()) && !flags.contains(Modifier.PRIVATE));
    }

    private static boolean says(String comment, String word) {
      return Pattern.compile("\\b" + word + "\\b").matcher(comment).find();
    }

    private void check(String name, List<String> parameters) {
      CompilationUnitTree unit = getCurrentPath().getCompilationUnit();
      long start = trees.getSourcePositions().getStartPosition(unit, getCurrentPath().getLeaf());
      String file = unit.getSourceFile().getName().substring(1);
      String where = "%s:%s: %s".formatted(file, unit.getLineMap().getLineNumber(start), name);
      String comment = trees.getDocComment(getCurrentPath());
      if (comment == null) {
        violations.add(where + " has no comment");
      } else if (!ELSEWHERE.matcher(comment).find()) {
        parameters.stream()
            .filter(parameter -> !says(comment, parameter))
            .forEach(parameter -> violations.add(where + " says nothing of " + parameter));
      }
    }
  }
}
