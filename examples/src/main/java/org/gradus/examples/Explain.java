package org.gradus.examples;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.gradus.examples.explain.Geometry;
import org.gradus.examples.explain.Geometry.Extent;
import org.gradus.examples.explain.Page;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/**
 * Writes a page on which one watches how gradients go back through a convolution: the four
 * documents of {@link ConvolutionWalkthrough}, graphs, and a geometry of one's own.
 */
@Command(
    name = "Explain",
    sortOptions = false,
    customSynopsis = "Explain [options]",
    description = {
      "Writes a page on which one watches how gradients go back through a convolution, cell by"
          + " cell. It",
      "needs a browser, and no network. Its last chapter on convolutions has the geometry that"
          + " options say.",
      ""
    })
public final class Explain extends Program {
  @Option(
      names = "--out",
      paramLabel = "FILE",
      defaultValue = "explain.html",
      description = "The file to write (${DEFAULT-VALUE}).")
  private Path file = Path.of("explain.html");

  @Option(
      names = "--input",
      paramLabel = "RxC",
      defaultValue = "5x5",
      converter = Sizes.class,
      description = "Rows and columns of the input (${DEFAULT-VALUE}).")
  private Extent input = new Extent(5, 5);

  @Option(
      names = "--kernel",
      paramLabel = "RxC",
      defaultValue = "3x3",
      converter = Sizes.class,
      description = "Rows and columns of a filter (${DEFAULT-VALUE}).")
  private Extent kernel = new Extent(3, 3);

  @Option(
      names = "--stride",
      paramLabel = "N",
      defaultValue = "2",
      description = "How far the window moves (${DEFAULT-VALUE}).")
  private int stride;

  @Option(
      names = "--padding",
      paramLabel = "N",
      defaultValue = "1",
      description = "Zeros on each side (${DEFAULT-VALUE}).")
  private int padding;

  @Option(
      names = "--dilation",
      paramLabel = "N",
      defaultValue = "1",
      description = "From one element of the window to the next (${DEFAULT-VALUE}).")
  private int dilation;

  @Option(
      names = "--channels",
      paramLabel = "N",
      defaultValue = "3",
      description = "Channels of the input (${DEFAULT-VALUE}).")
  private int channels;

  @Option(
      names = "--filters",
      paramLabel = "N",
      defaultValue = "4",
      description = "Filters, and channels of the output (${DEFAULT-VALUE}).")
  private int filters;

  @Option(
      names = "--groups",
      paramLabel = "N",
      defaultValue = "1",
      description = "Into which channels and filters are divided (${DEFAULT-VALUE}).")
  private int groups;

  Explain(PrintStream out, PrintStream err) {
    super(out, err);
  }

  /** Reads options, writes the page, and ends with exit code 0, or 1 or 2 where it cannot. */
  public static void main(String[] args) {
    System.exit(new Explain(System.out, System.err).run(args));
  }

  /** Rows and columns, as in {@code 5x5}. */
  static final class Sizes implements ITypeConverter<Extent> {
    private static final Pattern FORM = Pattern.compile("(\\d{1,4})x(\\d{1,4})");

    @Override
    public Extent convert(String value) {
      Matcher matcher = FORM.matcher(value);
      if (!matcher.matches()) {
        throw new TypeConversionException("'%s', expected as 5x5".formatted(value));
      }
      try {
        return new Extent(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)));
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(String.valueOf(e.getMessage()));
      }
    }
  }

  @Override
  public Integer call() {
    try {
      String page =
          Page.html(
              new Geometry(input, kernel, stride, padding, dilation, channels, filters, groups));
      Files.writeString(file, page);
      out.println("Wrote %s (%s kB); open it in a browser.".formatted(file, page.length() / 1000));
      return ExitCode.OK;
    } catch (IllegalArgumentException e) {
      err.println(e.getMessage());
      return ExitCode.USAGE;
    } catch (IOException e) {
      err.println(message(e));
      return ExitCode.SOFTWARE;
    }
  }
}
