package org.gradus.onnx;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.gradus.autograd.Op;
import org.gradus.autograd.inspect.Recording.Call;
import org.gradus.autograd.inspect.Watch;
import org.gradus.autograd.ops.Ops;

/** What ops are in ONNX: those of the catalogue, by the names of their classes, and a user's. */
final class Translations {
  private static final String OPS = Ops.class.getPackageName();
  private static final String ENGINE = Op.class.getPackageName();

  private final Map<String, BuiltIn> table = builtIn();
  private final Map<Class<? extends Op>, Translation<?>> given;

  Translations(Map<Class<? extends Op>, Translation<?>> given) {
    this.given = Map.copyOf(given);
  }

  /** The ops that have translations of their own. */
  Set<Class<? extends Op>> given() {
    return given.keySet();
  }

  /** By the name of the op's class. */
  static Map<String, BuiltIn> builtIn() {
    Map<String, BuiltIn> table = new TreeMap<>();
    ElementwiseTranslations.addTo(table);
    ReductionTranslations.addTo(table);
    ShapeTranslations.addTo(table);
    WindowTranslations.addTo(table);
    return table;
  }

  /** Whether an op that is nobody's own has an entry in the table. */
  static boolean isBuiltIn(Class<?> op) {
    String name = op.getPackageName();
    return name.equals(OPS) || name.equals(ENGINE) || op == Watch.class;
  }

  /** Writes a call, unless its op has no counterpart. */
  @SuppressWarnings("unchecked")
  Optional<String> write(Call call, NodeWriter to) {
    Op op = call.op();
    Translation<?> own = given.get(op.getClass());
    if (own != null) {
      String output = ((Translation<Op>) own).write(op, to);
      if (output == null) {
        throw new IllegalArgumentException("its translation returned null, expected a name");
      }
      return Optional.of(output);
    }
    BuiltIn entry = isBuiltIn(op.getClass()) ? table.get(op.getClass().getSimpleName()) : null;
    return Optional.ofNullable(entry).map(known -> known.write(call.attributes(), to));
  }
}
