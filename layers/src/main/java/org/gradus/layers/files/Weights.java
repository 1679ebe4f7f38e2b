package org.gradus.layers.files;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.gradus.autograd.array.Nulls;
import org.gradus.layers.Layer;

/**
 * Saves what a net has learnt, and loads it again: its {@linkplain Layer#state state}, as a file of
 * {@link SafeTensors}, by the names of its parameters and buffers.
 *
 * <pre>{@code
 * Weights.save(Path.of("digits.safetensors"), net);
 * Weights.load(Path.of("digits.safetensors"), net);
 * }</pre>
 */
public final class Weights {
  private Weights() {}

  /**
   * Writes the weights and buffers of a net into a file, which is there whole, or as it was before;
   * see {@link SafeFile}.
   *
   * @throws IOException if it cannot be written
   */
  public static void save(Path file, Layer net) throws IOException {
    save(file, net, Map.of());
  }

  /**
   * As {@link #save(Path, Layer)}, with texts about the net, such as how it was trained. {@link
   * SafeTensors#read} gives them back.
   *
   * @throws IllegalArgumentException as {@link SafeTensors} refuses the metadata
   */
  public static void save(Path file, Layer net, Map<String, String> metadata) throws IOException {
    Nulls.refuse("save: file, net, metadata", file, net, metadata);
    new SafeTensors(net.state(), metadata).write(file);
  }

  /**
   * Puts the values of a file in the place of a net's weights and buffers: all of them, or none.
   *
   * @throws FileFormatException if the file is damaged
   * @throws IOException if it cannot be read
   * @throws IllegalArgumentException if a value is missing, left over, or of another shape or
   *     element type; the message names the file and tells all of these, and nothing has changed
   */
  public static void load(Path file, Layer net) throws IOException {
    Nulls.refuse("load: file, net", file, net);
    SafeTensors content = SafeTensors.read(file);
    try {
      net.load(content.tensors());
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
    }
  }
}
