package org.gradus.autograd.inspect;

import java.util.List;
import org.gradus.autograd.Op;
import org.gradus.autograd.array.NdArray;

/** What is said of an op that met or made what is not finite. */
final class Fault {
  static final String COTANGENT = "cotangent";

  private static final String LIBRARY = Op.class.getPackageName() + ".";
  private static final String LAYERS = "org.gradus.layers.";

  /** As many as lead from a program to a layer that lies deep in a network. */
  private static final int FRAMES = 32;

  private Fault() {}

  /** The frames that led into this library, the innermost first. */
  static List<StackTraceElement> callers() {
    return StackWalker.getInstance()
        .walk(
            frames ->
                frames
                    .dropWhile(frame -> isBetween(frame.getClassName()))
                    .limit(FRAMES)
                    .map(StackWalker.StackFrame::toStackTraceElement)
                    .toList());
  }

  /** Whether a class is one of this library, or of Java, whose streams may call an op. */
  private static boolean isBetween(String className) {
    return className.startsWith(LIBRARY) || className.startsWith("java.");
  }

  /**
   * The frame that called an op, and if that is one of a layer, the frame that called the layers.
   */
  static String place(List<StackTraceElement> callers) {
    String at = callers.isEmpty() ? "within this library" : "at " + callers.get(0);
    return callers.stream()
        .filter(caller -> !isBetween(caller.getClassName()))
        .filter(caller -> !caller.getClassName().startsWith(LAYERS))
        .findFirst()
        .filter(caller -> !caller.equals(callers.get(0)))
        .map(caller -> at + ", from " + caller)
        .orElse(at);
  }

  /**
   * The whole text, of arrays of which the last is what the op has made of the others. If it is the
   * only one that is not finite, the op is to blame for it. Without callers, no place is named.
   */
  static String text(String op, List<Part> parts, List<StackTraceElement> callers) {
    List<Part> bad = parts.stream().filter(part -> !part.array.isFinite()).toList();
    Part first = bad.get(0);
    String excuse =
        first.what.equals(COTANGENT)
            ? "; no VJP made it so, but a sum of cotangents, or whoever gave it"
            : "; no watched op made it so";
    StringBuilder text = new StringBuilder(op);
    text.append(": its ")
        .append(first.what)
        .append(" has ")
        .append(Survey.of(first.array).faults());
    text.append(bad.size() > 1 ? excuse : "");
    for (Part part : parts) {
      text.append("\n  ").append(part.what).append(": ").append(Survey.of(part.array));
    }
    return text.append(callers.isEmpty() ? "" : "\n  called " + place(callers)).toString();
  }

  /** An array that had part in the fault, or suffered from it. */
  record Part(String what, NdArray array) {}
}
