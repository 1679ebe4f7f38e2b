package org.gradus.layers.files;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.PackedColorModel;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.event.IIOReadWarningListener;
import javax.imageio.stream.MemoryCacheImageInputStream;
import org.jspecify.annotations.Nullable;

/** Files of images in the samples that they hold. */
final class ImageDecoder {
  /**
   * What decoders of JPEG and facsimile make pixels up after; they warn of harmless things too,
   * such as versions that they do not know.
   */
  private static final Pattern DAMAGE =
      Pattern.compile(
          "Corrupt JPEG data|Premature end of JPEG|Truncated File|Inconsistent progression|Error"
              + " 0|Premature EOL|Missing zero|Input exhausted|Unknown coding|Sync loss|Decoded"
              + " row");

  /** Some cameras fill up the data of a scan with a few bytes. */
  private static final Pattern LEFT =
      Pattern.compile("Corrupt JPEG data: (\\d{1,9}) extraneous bytes before marker .*");

  private static final int MOST_PADDING = 8;

  /** What Java makes of TIFF images in YCbCr or CMYK, though their samples are not linear. */
  private static final ColorSpace LINEAR = ColorSpace.getInstance(ColorSpace.CS_LINEAR_RGB);

  private ImageDecoder() {}

  /** The first image of a file, of at most so many pixels. */
  static BufferedImage read(Path file, long mostPixels) throws IOException {
    String name = file.toString();
    if (Files.isDirectory(file)) {
      throw new IOException(name + ": is a folder, expected an image");
    }
    try (InputStream in = Files.newInputStream(file)) {
      return read(in, Files.size(file), name, mostPixels);
    }
  }

  /**
   * As above.
   *
   * @param size of the file in bytes
   */
  static BufferedImage read(InputStream in, long size, String name, long mostPixels)
      throws IOException {
    return FileContent.named(
        name,
        () -> {
          try (Stream stream = new Stream(in, size)) {
            return decoded(stream, name, mostPixels);
          }
        });
  }

  /**
   * Remembers whether more was asked for than there is: some decoders then make up pixels. Tells
   * decoders how long it is: some then refuse what a file announces beyond that.
   */
  private static final class Stream extends MemoryCacheImageInputStream {
    private final long size;
    private boolean isPastEnd;

    Stream(InputStream in, long size) {
      super(in);
      this.size = size;
    }

    @Override
    public long length() {
      return size;
    }

    @Override
    public int read() throws IOException {
      int found = super.read();
      isPastEnd |= found < 0;
      return found;
    }

    @Override
    public int read(byte[] to, int from, int count) throws IOException {
      int found = super.read(to, from, count);
      isPastEnd |= found < 0;
      return found;
    }
  }

  private static BufferedImage decoded(Stream stream, String name, long mostPixels)
      throws IOException {
    Iterator<ImageReader> readers = ImageIO.getImageReaders(stream);
    if (!readers.hasNext()) {
      throw new FileFormatException(name, "is no image of a known format");
    }
    ImageReader reader = readers.next();
    stream.isPastEnd = false; // what asked for the format may have looked beyond a short file
    try {
      int colours = PngChunks.colours(stream);
      if (format(reader).equals("bmp")) {
        BmpFields.requireSizes(stream, name);
      }
      reader.setInput(stream, false, true);
      requireExtents(reader, name, mostPixels);
      Optional<TiffFields> tiff =
          TiffFields.isOf(reader) ? Optional.of(TiffFields.of(reader)) : Optional.empty();
      if (tiff.isPresent()) {
        tiff.get().require(reader, name, mostPixels);
        TiffStrips.require(stream, tiff.get(), reader, name);
      }
      requireData(reader, stream, name);
      if (stream.getFlushedPosition() == 0) { // a decoder that has let its beginning go goes on
        stream.seek(0);
        stream.isPastEnd = false;
        reader.setInput(stream, true, true);
      }
      Damage damage = new Damage();
      reader.addIIOReadWarningListener(damage);
      BufferedImage image = reader.read(0);
      if (stream.isPastEnd) {
        throw new FileFormatException(name, "the image ends too early");
      }
      damage.refuse(name);
      requireSamples(image, name);
      if (tiff.isPresent() && image.getColorModel().getColorSpace() == LINEAR) {
        throw new FileFormatException(
            name, "a TIFF image in a space of colours that is not read, expected grey or RGB");
      }
      PngChunks.mend(reader, image);
      requireColours(image, colours, name);
      return tiff.isPresent() ? tiff.get().mended(image) : image;
    } catch (FileFormatException e) {
      throw e;
    } catch (IOException | RuntimeException e) { // decoders throw what they meet
      throw new FileFormatException(
          name,
          stream.isPastEnd
              ? "the image ends too early"
              : "the image is damaged, or of a kind of %s that is not read"
                  .formatted(format(reader)),
          e);
    } finally {
      reader.dispose();
    }
  }

  /**
   * Refuses a JPEG file within another one, whose decoder does not pass on what that of JPEG warns
   * of.
   *
   * @param mostPixels of which it may have
   */
  static void requireJpeg(byte[] file, String name, long mostPixels) throws IOException {
    ImageReader reader = ImageIO.getImageReadersByFormatName("jpeg").next();
    try (Stream in = new Stream(new ByteArrayInputStream(file), file.length)) {
      JpegScans.require(in, name);
      in.seek(0);
      reader.setInput(in, true, true);
      requireExtents(reader, name, mostPixels);
      Damage damage = new Damage();
      reader.addIIOReadWarningListener(damage);
      reader.readRaster(0, null);
      damage.refuse(name);
    } finally {
      reader.dispose();
    }
  }

  private static String format(ImageReader reader) {
    return reader.getOriginatingProvider().getFormatNames()[0].toLowerCase(Locale.ROOT);
  }

  private static void requireExtents(ImageReader reader, String name, long mostPixels)
      throws IOException {
    long height = reader.getHeight(0);
    long width = reader.getWidth(0);
    if (height < 1 || width < 1 || height * width > mostPixels) {
      throw new FileFormatException(
          name,
          "an image of %s x %s, %s pixels, expected at least 1 and at most %s"
              .formatted(height, width, height * width, mostPixels));
    }
  }

  /** Refuses data that decoders do not count. */
  private static void requireData(ImageReader reader, Stream stream, String name)
      throws IOException {
    switch (format(reader)) {
      case "bmp" -> BmpFields.requireRuns(stream, name);
      case "gif" -> GifFrame.require(stream, name);
      case "jpeg" -> JpegScans.require(stream, name);
      default -> {}
    }
  }

  // ---- what was decoded ------------------------------------------------------------------------

  /** Hears what a decoder makes pixels up after, and only warns of; lets it go no further then. */
  private static final class Damage implements IIOReadWarningListener {
    private @Nullable String first;

    @Override
    public void warningOccurred(ImageReader source, String warning) {
      Matcher left = LEFT.matcher(warning);
      boolean isPadding = left.matches() && Integer.parseInt(left.group(1)) <= MOST_PADDING;
      if (first == null && DAMAGE.matcher(warning).lookingAt() && !isPadding) {
        first = warning;
        source.abort();
      }
    }

    void refuse(String name) throws FileFormatException {
      if (first != null) {
        throw new FileFormatException(name, "the image is damaged: " + Quoted.of(first));
      }
    }
  }

  /**
   * Refuses samples that no numbers are made of, and spaces of colours that cannot be converted.
   */
  static void requireSamples(BufferedImage image, String name) throws FileFormatException {
    int type = image.getColorModel().getTransferType();
    boolean isPacked =
        type == DataBuffer.TYPE_INT && image.getColorModel() instanceof PackedColorModel;
    if (type != DataBuffer.TYPE_BYTE && type != DataBuffer.TYPE_USHORT && !isPacked) {
      throw new FileFormatException(
          name,
          "samples in a buffer of type %s, expected bytes or shorts without a sign"
              .formatted(type));
    }
    image.getRGB(0, 0); // throws what the conversion of colours throws
  }

  /**
   * Refuses pixels that the palette has no colour for, which Java makes black or white.
   *
   * @param colours of the palette by the file's own account, or -1
   */
  private static void requireColours(BufferedImage image, int colours, String name)
      throws FileFormatException {
    if (!(image.getColorModel() instanceof IndexColorModel palette)) {
      return;
    }
    int count = colours < 0 ? palette.getMapSize() : colours;
    int[] row = new int[image.getWidth()];
    for (int y = 0; y < image.getHeight(); y++) {
      image.getRaster().getSamples(0, y, row.length, 1, 0, row);
      for (int x = 0; x < row.length; x++) {
        if (row[x] >= count) {
          throw new FileFormatException(
              name,
              "the pixel at [%s, %s] has the colour %s of a palette of %s"
                  .formatted(y, x, row[x], count));
        }
      }
    }
  }
}
