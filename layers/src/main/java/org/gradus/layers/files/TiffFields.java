package org.gradus.layers.files;

import java.io.IOException;
import javax.imageio.ImageReader;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.plugins.tiff.BaselineTIFFTagSet;
import javax.imageio.plugins.tiff.TIFFDirectory;
import javax.imageio.plugins.tiff.TIFFField;

/** What a TIFF file announces beside its extents, which its decoder takes memory for. */
final class TiffFields {
  private static final String FORMAT = "javax_imageio_tiff_image_1.0";

  /** For samples of another size, the decoder makes a table of all their values. */
  private static final int MOST_BITS = 16;

  /** Tiles of this many pixels may be larger than the image. */
  private static final long TILE = 1 << 16;

  private TiffFields() {}

  /** Refuses samples and tiles that take memory that neither the file nor the limit bounds. */
  static void require(ImageReader reader, String name, long mostPixels) throws IOException {
    if (!FORMAT.equals(reader.getOriginatingProvider().getNativeImageMetadataFormatName())) {
      return;
    }
    IIOMetadata metadata = reader.getImageMetadata(0);
    TIFFField bits =
        TIFFDirectory.createFromMetadata(metadata)
            .getTIFFField(BaselineTIFFTagSet.TAG_BITS_PER_SAMPLE);
    for (int i = 0; bits != null && i < bits.getCount(); i++) {
      int each = bits.getAsInt(i);
      if (each > MOST_BITS && each != Integer.SIZE && each != Long.SIZE) {
        throw new FileFormatException(
            name, "samples of %s bits, expected 1 to %s, 32 or 64".formatted(each, MOST_BITS));
      }
    }
    long height = reader.getTileHeight(0);
    long width = reader.getTileWidth(0);
    if (height * width > Math.max(mostPixels, TILE)) {
      throw new FileFormatException(
          name,
          "tiles of %s x %s, %s pixels, expected at most %s"
              .formatted(height, width, height * width, Math.max(mostPixels, TILE)));
    }
  }
}
