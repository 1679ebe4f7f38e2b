package org.gradus.layers.files;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.MemoryCacheImageInputStream;

/** Files of images in the samples that they hold. */
final class ImageDecoder {
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
      reader.setInput(stream, true, true);
      long height = reader.getHeight(0);
      long width = reader.getWidth(0);
      if (height < 1 || width < 1 || height * width > mostPixels) {
        throw new FileFormatException(
            name,
            "an image of %s x %s, %s pixels, expected at least 1 and at most %s"
                .formatted(height, width, height * width, mostPixels));
      }
      TiffFields.require(reader, name, mostPixels);
      BufferedImage image = reader.read(0);
      if (stream.isPastEnd) {
        throw new FileFormatException(name, "the image ends too early");
      }
      PngChunks.mend(reader, image, colours, name);
      return image;
    } catch (FileFormatException e) {
      throw e;
    } catch (IOException | RuntimeException e) { // decoders throw what they meet
      String format = reader.getOriginatingProvider().getFormatNames()[0];
      throw new FileFormatException(
          name,
          stream.isPastEnd
              ? "the image ends too early"
              : "the image is damaged, or of a kind of %s that is not read".formatted(format),
          e);
    } finally {
      reader.dispose();
    }
  }
}
