package org.gradus.layers.files;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.gradus.autograd.array.Nulls;
import org.gradus.layers.Layer;
import org.gradus.layers.internal.Misfits;

/**
 * Saves what a net has learnt, and loads it again: its {@linkplain Layer#state state}, as a file of
 * {@link SafeTensors}, by the names of its parameters and buffers.
 *
 * <pre>{@code
 * Weights.save(Path.of("digits.safetensors"), net);
 * Weights.load(Path.of("digits.safetensors"), net);
 * }</pre>
 *
 * <p>Layers call their parameters and buffers as PyTorch does, so that a file of the {@code
 * state_dict} of the same net, with parts of the same names, is loaded as it stands. The counts of
 * steps that PyTorch keeps beside running statistics are passed over: scalars of type I64 whose
 * name ends in {@code num_batches_tracked}, if the net has no place of that name.
 *
 * <p>Weights of FLOAT32 are loaded from F32, F16 and BF16, and those of FLOAT64 from F64, which is
 * exact. {@link LoadOptions} load from other types, load a part, and rename. What is not loaded may
 * have any element type, and any numbers:
 *
 * <pre>{@code
 * Loaded all = Weights.load(Path.of("resnet18.safetensors"), net, LoadOptions.exact().partial());
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
   *     element type; the message names the file and tells these, sorted, up to 20 of each kind and
   *     how many more there are, and nothing has changed
   */
  public static void load(Path file, Layer net) throws IOException {
    Nulls.refuse("load: file, net", file, net);
    load(file, net, LoadOptions.exact());
  }

  /**
   * As {@link #load(Path, Layer)}, as the options say.
   *
   * @return what was loaded and what was not; all was, unless the options are {@linkplain
   *     LoadOptions#partial partial}
   * @throws FileFormatException if the file is damaged
   * @throws IOException if it cannot be read
   * @throws IllegalArgumentException if two names of the file are renamed to one, or, unless the
   *     options are partial, as {@link #load(Path, Layer)}
   * @throws NullPointerException if a name is renamed to null
   */
  public static Loaded load(Path file, Layer net, LoadOptions options) throws IOException {
    Nulls.refuse("load: file, net, options", file, net, options);
    Fitting fitting = new Fitting(net.state(), options);
    put(file, net, fitting, options.isPartial());
    return fitting.loaded();
  }

  private static void put(Path file, Layer net, Fitting fitting, boolean isPartial)
      throws IOException {
    try {
      SafeTensors.used(
          file,
          Long.MAX_VALUE,
          reader -> {
            SafeTensorsReader.Head head = reader.head();
            fitting.add(head.content().entries());
            fitting.put(reader.read(head, fitting).tensors());
            return fitting;
          });
      Misfits faults = fitting.faults();
      if (!isPartial && !faults.isEmpty()) {
        throw new IllegalArgumentException("load: " + faults.message());
      }
      net.load(fitting.values());
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
    }
  }
}
