package org.gradus.layers.files;

import java.util.function.UnaryOperator;
import org.gradus.autograd.array.Nulls;

/**
 * How the values of a file are put in the place of a net's weights and buffers.
 *
 * <pre>{@code
 * LoadOptions.exact().renaming(name -> name.replaceFirst("^module\\.", "")).partial()
 * }</pre>
 *
 * @param isPartial whether what fits is loaded where not all does
 * @param isConverting whether numbers of other element types are rounded to that of the net
 * @param renaming the net's name for a name of the file
 */
public record LoadOptions(boolean isPartial, boolean isConverting, UnaryOperator<String> renaming) {

  /** Checks the renaming. */
  public LoadOptions {
    Nulls.refuse("loadOptions: renaming", renaming);
  }

  /** Every value has its place, of the same name, shape and element type, and every place one. */
  public static LoadOptions exact() {
    return new LoadOptions(false, false, UnaryOperator.identity());
  }

  /** These options, but what does not fit is left out on both sides, and told. */
  public LoadOptions partial() {
    return new LoadOptions(true, isConverting, renaming);
  }

  /**
   * These options, but numbers of every element type that {@link SafeTensors} reads are taken, and
   * rounded to that of the net: F64, and whole numbers, for FLOAT32; whole numbers of eight bytes
   * for FLOAT64 too. A number that becomes infinite does not fit.
   */
  public LoadOptions converting() {
    return new LoadOptions(isPartial, true, renaming);
  }

  /**
   * These options, with other names than those of the file; the renaming of before comes first.
   *
   * @param further the net's name for a name of the file; never null, and no two names become one
   */
  public LoadOptions renaming(UnaryOperator<String> further) {
    Nulls.refuse("renaming: further", further);
    UnaryOperator<String> before = renaming;
    return new LoadOptions(
        isPartial, isConverting, name -> further.apply(renamed(name, before.apply(name))));
  }

  /** The net's name for a name of the file. */
  String renamed(String name) {
    return renamed(name, renaming.apply(name));
  }

  private static String renamed(String name, String other) {
    return Nulls.given("load: the new name of " + Quoted.of(name), other);
  }
}
