package org.gradus.examples;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.channels.Channels;
import java.nio.file.Path;
import java.util.Objects;
import org.gradus.autograd.array.NdArray;
import org.gradus.layers.files.DecodedImage;
import org.gradus.layers.files.Images;
import org.gradus.layers.files.SafeFile;
import org.gradus.layers.files.SafeTensors;
import org.gradus.layers.files.Weights;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Makes an image four times as high and as wide, by a network that others have trained: {@link
 * Esrgan}, whose weights are embedded here. It shows how a foreign model comes in: its layers in
 * one class, its weights by their names from a safetensors file.
 *
 * <p>An image of any size goes through the network tile by tile, as {@link Enlarger} says, and its
 * rows into the file as they are done. Grey images and those with a palette are read in colours.
 * What is transparent is laid over white, as by {@link Images#read(Path)}; the large image has no
 * transparency.
 *
 * <p>Exit codes: 0 if all went well, 1 if a file cannot be read or written, or there is too little
 * memory, 2 if an option is wrong.
 */
@Command(
    name = "java -cp gradus-examples.jar org.gradus.examples.Upscale",
    header = "Makes an image four times as high and as wide, with details that fit.",
    sortOptions = false,
    usageHelpWidth = 100)
public final class Upscale extends Program {
  /** The most pixels of an image that is read. */
  static final long MOST_PIXELS = 1L << 24;

  private static final int SMALLEST_TILE = 16;
  private static final int LARGEST_TILE = 1 << 12;
  private static final int COLOURS = 3;
  private static final String WEIGHTS = "esrgan/x4.safetensors";
  private static final String FLOWER = "esrgan/flower.png";

  @Parameters(
      arity = "0..1",
      paramLabel = "IMAGE",
      description = "PNG, JPEG, GIF, BMP, TIFF; an embedded picture of a flower if none is named.")
  private @Nullable Path image;

  @Option(
      names = "--scale",
      defaultValue = "4",
      description = "Only ${DEFAULT-VALUE}: the network has learnt no other.")
  private int scale;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description =
          "The PNG file to write; IMAGE with -x4.png at its end, for .png, if none is named.")
  private @Nullable Path file;

  @Option(
      names = "--tile",
      defaultValue = "64",
      paramLabel = "N",
      description =
          "N x N pixels go through the network at once, a multiple of 4 (${DEFAULT-VALUE}). The"
              + " result is the same for all; large ones are faster and need more memory.")
  private int side;

  @Option(
      names = "--weights",
      paramLabel = "FILE",
      description = "Other weights of the network, such as UpscaleFineTune saves.")
  private @Nullable Path weights;

  Upscale(PrintStream out, PrintStream err) {
    super(out, err);
  }

  /** Enlarges an image, and ends with exit code 0, or 1 or 2 where it cannot. */
  public static void main(String[] args) {
    System.exit(new Upscale(System.out, System.err).run(args));
  }

  @Override
  public Integer call() {
    require(scale == Esrgan.SCALE, "--scale", scale, "4: the network has learnt no other");
    require(
        side >= SMALLEST_TILE && side <= LARGEST_TILE && side % Esrgan.BLOCK == 0,
        "--tile",
        side,
        "a multiple of 4 from %s to %s".formatted(SMALLEST_TILE, LARGEST_TILE));
    Path large = file == null ? beside(image) : file;
    try {
      requireOther("--out", large, image);
      requireOther("--out", large, weights);
      Picture small = picture(image);
      Esrgan net = weights == null ? pretrained() : pretrained(weights);
      OutputFile.requireWritable(large);
      write(large, small, net);
      out.println(
          "%s: %s x %s pixels"
              .formatted(large, Esrgan.SCALE * small.width(), Esrgan.SCALE * small.height()));
      return CommandLine.ExitCode.OK;
    } catch (IOException e) {
      err.println(message(e));
    } catch (IllegalArgumentException e) {
      err.println(e.getMessage());
    }
    return CommandLine.ExitCode.SOFTWARE;
  }

  @Override
  String thrift() {
    return "a smaller --tile, or ";
  }

  // ---- what is read ----------------------------------------------------------------------------

  /** The network with the weights that are embedded here. */
  static Esrgan pretrained() throws IOException {
    Esrgan net = new Esrgan();
    try (InputStream in = resource(WEIGHTS)) {
      net.load(SafeTensors.read(in.readAllBytes(), WEIGHTS).tensors());
    }
    return net;
  }

  /** The network with the weights of a file. */
  static Esrgan pretrained(Path file) throws IOException {
    Esrgan net = new Esrgan();
    Weights.load(file, net);
    return net;
  }

  /** An image file, or the embedded image if none is named. */
  static Picture picture(@Nullable Path file) throws IOException {
    return file == null ? Picture.of(flower()) : Picture.of(DecodedImage.read(file, MOST_PIXELS));
  }

  /** The embedded image, of 128 x 128 pixels. */
  static NdArray flower() throws IOException {
    try (InputStream in = resource(FLOWER)) {
      return Images.read(in.readAllBytes(), FLOWER, COLOURS, MOST_PIXELS).map(v -> 255 * v);
    }
  }

  private static InputStream resource(String name) {
    return Objects.requireNonNull(Upscale.class.getResourceAsStream(name), name);
  }

  // ---- what is written -------------------------------------------------------------------------

  /** Images of one name in several formats become files of several names. */
  private static Path beside(@Nullable Path image) {
    Path name = image == null ? null : image.getFileName();
    if (image == null || name == null) {
      return Path.of("flower-x4.png");
    }
    return image.resolveSibling(name.toString().replaceFirst("\\.png$", "") + "-x4.png");
  }

  private void write(Path large, Picture small, Esrgan net) throws IOException {
    int rows = Esrgan.SCALE * small.height();
    int columns = Esrgan.SCALE * small.width();
    SafeFile.write(
        large,
        channel -> {
          PngRows png = new PngRows(Channels.newOutputStream(channel), columns, rows);
          Enlarger.of(net, side).enlarge(small, new Strip(png, small, side));
          png.end();
        });
  }

  /** One row of tiles in bytes, which is written once the last of its tiles is there. */
  private final class Strip implements Enlarger.Tiles {
    private final PngRows png;
    private final int height;
    private final int width;
    private final byte[] pixels;
    private final long start = System.nanoTime();

    Strip(PngRows png, Picture small, int side) {
      this.png = png;
      height = small.height();
      width = small.width();
      int row = COLOURS * Esrgan.SCALE * width;
      pixels = new byte[Esrgan.SCALE * Math.min(side, height) * row];
    }

    @Override
    public void take(Tile tile, NdArray part) throws IOException {
      int rows = part.shape().dim(1);
      int columns = part.shape().dim(2);
      int line = COLOURS * Esrgan.SCALE * width;
      for (int i = 0; i < part.size(); i++) {
        int colour = i / columns / rows;
        int x = Esrgan.SCALE * tile.columns().from() + i % columns;
        pixels[i / columns % rows * line + COLOURS * x + colour] = toByte(part.at(i));
      }
      if (tile.columns().to() == width) {
        for (int y = 0; y < rows; y++) {
          png.write(pixels, y * line);
        }
        tell(tile.rows().to());
      }
    }

    private void tell(int rows) {
      double seconds = (System.nanoTime() - start) / 1e9;
      double left = seconds / rows * (height - rows);
      err.println(Numbers.text("%d of %d rows, %.0f s, %.0f s left", rows, height, seconds, left));
    }
  }

  /** The nearest of the numbers 0 to 255. */
  static byte toByte(double number) {
    return (byte) Math.round(Math.max(0, Math.min(255, number)));
  }
}
