package org.gradus.examples;

import static org.gradus.autograd.ops.ConvOptions.same;
import static org.gradus.autograd.ops.Ops.add;
import static org.gradus.autograd.ops.Ops.concat;
import static org.gradus.autograd.ops.Ops.relu;
import static org.gradus.autograd.ops.Ops.upsampleNearest;

import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.Shape;
import org.gradus.layers.AbstractLayer;
import org.gradus.layers.Conv2d;
import org.gradus.layers.Layer;
import org.gradus.layers.Parameter;
import org.gradus.layers.Pass;

/**
 * The network of the npm package {@code @upscalerjs/esrgan-slim}, which makes images four times as
 * high and as wide: [N, 3, H, W] to [N, 3, 4 H, 4 W], numbers from 0 to 255. What comes out is not
 * rounded, and may lie a little outside. The names of its weights are those of the package's file.
 *
 * @see <a href="https://arxiv.org/abs/1809.00219">Wang and others: ESRGAN: Enhanced
 *     Super-Resolution Generative Adversarial Networks, 2018</a>
 */
final class Esrgan extends AbstractLayer {
  /** How many times as high and as wide images become. */
  static final int SCALE = 4;

  /** The side of the blocks of pixels that some convolutions compute together. */
  static final int BLOCK = 4;

  /** Channels and filters from which on they do. */
  private static final int MANY = 16;

  private final RandomGenerator random = new SplittableRandom(1);
  private final Layer first = conv("F_m1", 3, 64, 3);
  private final Layer second = conv("F_0", 64, 64, 3);
  private final Layer grow1 = conv("F_1_1", 64, 4, 3);
  private final Layer fuse1 = conv("LFF_1", 64 + 4, 64, 1);
  private final Layer grow2 = conv("F_2_1", 64, 4, 3);
  private final Layer fuse2 = conv("LFF_2", 64 + 4, 64, 1);
  private final Layer join = conv("GFF_1", 64 + 64, 64, 1);
  private final Layer smooth = conv("GFF_2", 64, 64, 3);
  private final Layer wide1 = conv("UPN1", 64, 64, 5);
  private final Layer wide2 = conv("UPN2", 64, 32, 3);
  private final Layer wide3 = conv("UPN3", 32, 3 * SCALE * SCALE, 3);
  private final Layer last = conv("SR", 3 * SCALE * SCALE, 3, 3);

  private Layer conv(String name, int in, int out, int kernel) {
    return part(name, new Conv2d(in, out, kernel, same(), random));
  }

  @Override
  protected Tensor compute(Tensor x, Pass pass) {
    Tensor a = first.forward(x, pass);
    Tensor b = second.forward(a, pass);
    Tensor c = dense(b, grow1, fuse1, pass);
    Tensor d = join.forward(concat(1, c, dense(c, grow2, fuse2, pass)), pass);
    Tensor e = add(smooth.forward(d, pass), a);
    Tensor f = relu(wide2.forward(relu(wide1.forward(e, pass)), pass));
    return last.forward(upsampleNearest(wide3.forward(f, pass), SCALE), pass);
  }

  private static Tensor dense(Tensor x, Layer grow, Layer fuse, Pass pass) {
    Tensor grown = relu(grow.forward(x, pass));
    return add(fuse.forward(concat(1, x, grown), pass), x);
  }

  /**
   * How many pixels of the small image away a pixel can change what is made of another one. There
   * is a way through all layers: filters of K x K see (K - 1) / 2 pixels farther each, and those of
   * the last layer as many of pixels that are {@link #SCALE} times smaller.
   */
  int reach() {
    return reach(1);
  }

  /**
   * As {@link #reach}, where a pixel can change the last bits, too. The fast way of a convolution
   * of 3 x 3 with many channels computes blocks of 4 x 4 pixels together, so a change within the
   * sight of a block may change how its other pixels are rounded: there, the reach goes on from the
   * edge of a block.
   *
   * @return a multiple of {@link #BLOCK}, from pixels whose rows and columns are multiples of it
   */
  int reachOfBits() {
    return upTo(BLOCK, reach(BLOCK));
  }

  /** From the last layer back to the first. */
  private int reach(int block) {
    List<Parameter> weights =
        parameters().stream().filter(parameter -> parameter.shape().rank() == 4).toList();
    int reach = 0;
    for (int i = weights.size() - 1; i >= 0; i--) {
      Shape shape = weights.get(i).shape();
      int farther = (shape.dim(2) - 1) / 2;
      boolean isInBlocks = shape.dim(2) == 3 && Math.min(shape.dim(0), shape.dim(1)) >= MANY;
      boolean isLast = i == weights.size() - 1;
      reach = isInBlocks ? upTo(block, reach) : reach;
      reach += isLast ? (farther + SCALE - 1) / SCALE : farther;
    }
    return reach;
  }

  private static int upTo(int multiple, int number) {
    return (number + multiple - 1) / multiple * multiple;
  }
}
