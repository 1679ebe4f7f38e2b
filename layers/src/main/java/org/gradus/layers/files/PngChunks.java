package org.gradus.layers.files;

import java.awt.image.BufferedImage;
import java.awt.image.WritableRaster;
import java.io.IOException;
import javax.imageio.ImageReader;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.metadata.IIOMetadataNode;
import javax.imageio.stream.ImageInputStream;

/**
 * What Java's decoder of PNG files overlooks: that grey of two or four bits is transparent, and how
 * many colours a palette has.
 */
final class PngChunks {
  private static final String FORMAT = "javax_imageio_png_1.0";
  private static final int MOST = 255;

  private static final long SIGNATURE = 0x89504e470d0a1a0aL;
  private static final int PIXEL_KIND = 25;
  private static final int PALETTE_PIXELS = 3;
  private static final int FIRST_CHUNK = 33;
  private static final int PLTE = 0x504c5445;
  private static final int IDAT = 0x49444154;

  private PngChunks() {}

  /**
   * How many colours the palette of a PNG file has by its own account; Java fills it up with black.
   *
   * @param in any image; it is at its start before and after
   * @return -1 if it is no PNG file with a palette
   */
  static int colours(ImageInputStream in) throws IOException {
    long end = in.length() - 8; // the decoder tells what ends too early
    int colours = -1;
    if (end > FIRST_CHUNK && isPaletted(in)) {
      int type = 0;
      for (long place = FIRST_CHUNK; place <= end && type != IDAT && colours < 0; ) {
        in.seek(place);
        long length = in.readUnsignedInt();
        type = in.readInt();
        colours = type == PLTE ? (int) (length / 3) : -1;
        place += length + 12;
      }
    }
    in.seek(0);
    return colours;
  }

  private static boolean isPaletted(ImageInputStream in) throws IOException {
    in.seek(0);
    boolean isPng = in.readLong() == SIGNATURE;
    in.seek(PIXEL_KIND);
    return isPng && in.read() == PALETTE_PIXELS;
  }

  /** Mends an image that was just read. */
  static void mend(ImageReader reader, BufferedImage image) throws IOException {
    if (!FORMAT.equals(reader.getOriginatingProvider().getNativeImageMetadataFormatName())) {
      return;
    }
    IIOMetadata metadata = reader.getImageMetadata(0);
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
