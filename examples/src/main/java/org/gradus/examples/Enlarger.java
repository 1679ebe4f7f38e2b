package org.gradus.examples;

import java.io.IOException;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.layers.Layer;
import org.gradus.layers.files.Images;

/**
 * Enlarges an image of any size by {@link Esrgan}, tile by tile, so that the memory that it needs
 * depends on the size of the tiles alone.
 *
 * <p>The result is to the bit that of the network for the whole image at once, whatever the size of
 * the tiles. For that, the network is given each tile with a margin of {@link Esrgan#reachOfBits}
 * pixels, or up to the true edge of the image; {@link Tile} says how windows are aligned.
 *
 * @param net from [1, 3, H, W] to [1, 3, 4 H, 4 W]
 * @param side of the tiles, a multiple of {@link Esrgan#BLOCK}
 * @param margin around them
 */
record Enlarger(Layer net, int side, Tile.Margin margin) {
  private static final int COLOURS = 3;

  /** Takes what is done. */
  interface Tiles {
    /**
     * Takes the next tile: those of a row from left to right, and the rows from top to bottom.
     *
     * @param tile where it lies in the small image
     * @param pixels [3, 4 H, 4 W] of the tile alone; from 0 to 255, or a little outside
     */
    void take(Tile tile, NdArray pixels) throws IOException;
  }

  static Enlarger of(Esrgan net, int side) {
    return new Enlarger(net, side, new Tile.Margin(net.reachOfBits(), Esrgan.BLOCK));
  }

  /**
   * Enlarges an image.
   *
   * @param tiles is given each tile once
   */
  void enlarge(Picture image, Tiles tiles) throws IOException {
    for (Tile.Span rows : Tile.spans(image.height(), side, margin)) {
      for (Tile.Span columns : Tile.spans(image.width(), side, margin)) {
        tiles.take(new Tile(rows, columns), enlarged(image, rows, columns));
      }
    }
  }

  private NdArray enlarged(Picture image, Tile.Span rows, Tile.Span columns) {
    int height = rows.windowLength();
    int width = columns.windowLength();
    NdArray window = image.part(rows.windowFrom(), columns.windowFrom(), height, width);
    NdArray large = net.predict(window.reshape(1, COLOURS, height, width));
    Shape shape = large.shape();
    int scale = Esrgan.SCALE;
    return Images.cropped(
        large.reshape(COLOURS, shape.dim(2), shape.dim(3)),
        scale * (rows.from() - rows.windowFrom()),
        scale * (columns.from() - columns.windowFrom()),
        scale * rows.length(),
        scale * columns.length());
  }
}
