package org.gradus.layers.files;

import java.awt.image.BufferedImage;
import java.awt.image.WritableRaster;
import java.io.IOException;
import javax.imageio.ImageReader;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.metadata.IIOMetadataNode;

/** What Java's decoder of PNG files overlooks: that grey of two or four bits is transparent. */
final class PngTransparency {
  private static final String FORMAT = "javax_imageio_png_1.0";
  private static final int MOST = 255;

  private PngTransparency() {}

  /** Mends an image that was just read. */
  static void mend(ImageReader reader, BufferedImage image) throws IOException {
    IIOMetadata metadata = reader.getImageMetadata(0);
    if (metadata == null || !FORMAT.equals(metadata.getNativeMetadataFormatName())) {
      return;
    }
    IIOMetadataNode root = (IIOMetadataNode) metadata.getAsTree(FORMAT);
    int bits = number(root, "IHDR", "bitDepth");
    int transparent = number(root, "tRNS_Grayscale", "gray");
    if (transparent >= 0 && bits < 8 && image.getRaster().getNumBands() == 2) {
      mendAlpha(image.getRaster(), (transparent & (1 << bits) - 1) * MOST / ((1 << bits) - 1));
    }
  }

  /** A number of a chunk, or -1 if there is no such chunk. */
  private static int number(IIOMetadataNode root, String chunk, String attribute) {
    return root.getElementsByTagName(chunk).item(0) instanceof IIOMetadataNode node
        ? Integer.parseInt(node.getAttribute(attribute))
        : -1;
  }

  /** Java compares grey that is scaled to eight bits already with one that is not. */
  private static void mendAlpha(WritableRaster raster, int transparent) {
    int width = raster.getWidth();
    int[] row = new int[width];
    for (int y = 0; y < raster.getHeight(); y++) {
      raster.getSamples(0, y, width, 1, 0, row);
      for (int x = 0; x < width; x++) {
        row[x] = row[x] == transparent ? 0 : MOST;
      }
      raster.setSamples(0, y, width, 1, 1, row);
    }
  }
}
