package org.gradus.report;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Nulls;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.array.ShapeException;
import org.gradus.layers.Layer;
import org.gradus.layers.data.Batch;
import org.gradus.layers.data.Dataset;
import org.gradus.layers.files.SafeFile;
import org.gradus.layers.train.Best;
import org.gradus.layers.train.History;
import org.gradus.layers.train.Loss;

/**
 * A training run as one page for a browser: curves, mistakes, what the net looks at, its layers,
 * its graph, and the time of each layer. The file needs no network and no scripts.
 *
 * <pre>{@code
 * // given Dataset test, List<String> classNames
 * new Report("Handwritten digits", net)
 *     .history(trainer.history())
 *     .best(trainer.best())
 *     .setting("seed", "1")
 *     .classified(test, classNames, 100)
 *     .write(Path.of("report.html"));
 * }</pre>
 *
 * <p>A section is left out where there is nothing for it. One that cannot be made, since the net
 * refuses the data, say, tells the reason in its place: a report does not end a run. The net is as
 * it was afterwards.
 *
 * <p>Two reports of one run are the same, but for the date and for times that are measured. A
 * value: each setting returns a new report. What it shows is read when the page is made.
 */
public final class Report {
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss XXX", Locale.ROOT);

  private final Layer net;
  private final Run run;
  private final Training training;
  private final Examples examples;
  private final Clock clock;
  private final LongSupplier nanos;

  private Report(
      Layer net, Run run, Training training, Examples examples, Clock clock, LongSupplier nanos) {
    this.net = net;
    this.run = run;
    this.training = training;
    this.examples = examples;
    this.clock = clock;
    this.nanos = nanos;
  }

  /**
   * A report of a net, which knows nothing of its training yet.
   *
   * @param title of the page
   * @param net after its training
   */
  public Report(String title, Layer net) {
    this(title, net, Clock.system(zone()), System::nanoTime);
  }

  /** That of the system; UTC where it is one that a program made itself, without a known name. */
  private static ZoneId zone() {
    try {
      return ZoneId.systemDefault();
    } catch (DateTimeException e) {
      return ZoneOffset.UTC;
    }
  }

  /** With the clock of the date, and the nanoseconds that layers are measured by. */
  Report(String title, Layer net, Clock clock, LongSupplier nanos) {
    this(
        Nulls.given("report: net", net),
        new Run(Nulls.given("report: title", title), Map.of(), ""),
        new Training(new History(List.of()), Optional.empty()),
        new Examples(Optional.empty(), Optional.empty(), List.of()),
        clock,
        nanos);
  }

  // ---- what is told ----------------------------------------------------------------------------

  /**
   * With the curves of a training.
   *
   * @param epochs such as {@code trainer.history()}
   */
  public Report history(History epochs) {
    Nulls.refuse("history: epochs", epochs);
    return with(new Training(epochs, training.best()));
  }

  /**
   * With the best epoch, which the curves mark.
   *
   * @param epoch such as {@code trainer.best()}; none where it is empty
   */
  public Report best(Optional<Best> epoch) {
    Nulls.refuse("best: epoch", epoch);
    return with(new Training(training.history(), epoch));
  }

  /**
   * With a setting of the run beside those it has, such as a seed or the size of batches.
   *
   * @param name of the setting; one that is there gets the new value
   * @param value as text
   */
  public Report setting(String name, String value) {
    Nulls.refuse("setting: name, value", name, value);
    return with(run.with(Map.of(name, value)));
  }

  /**
   * With settings of the run beside those it has, in the order of the map.
   *
   * @param more values by name
   */
  public Report settings(Map<String, String> more) {
    Nulls.refuse("settings: more", more);
    Map<String, String> copy = new LinkedHashMap<>(more);
    copy.forEach((name, value) -> Nulls.refuse("settings: name, value", name, value));
    return with(run.with(copy));
  }

  /**
   * With the command that makes the run again.
   *
   * @param line as it is typed
   */
  public Report command(String line) {
    Nulls.refuse("command: line", line);
    return with(new Run(run.title(), run.settings(), line));
  }

  /**
   * With what the net says of classified examples: how often it takes one class for another, and
   * its surest mistakes. The net's outputs are logits [N, K], or one for each example, [N] or [N,
   * 1], of two classes; the targets are classes, [N] or [N, 1], or probabilities [N, K], of which
   * the largest is the class. Of inputs [N, C, H, W] the page shows images, and Grad-CAM. At most
   * 2,000 classes; memory is bounded by the size of a batch, and of the sample of the layers.
   *
   * @param data with classes, such as those that the training has not seen
   * @param classNames in order; a class that has none is called by its number
   * @param batchSize of the walk over the data, at least 1
   * @throws IllegalArgumentException if the batch size is below 1
   */
  public Report classified(Dataset data, List<String> classNames, int batchSize) {
    Nulls.refuse("classified: data, classNames", data, classNames);
    List<String> names = Nulls.list("classified: classNames", classNames);
    if (batchSize < 1) {
      throw new IllegalArgumentException(
          "classified: batchSize %s, expected at least 1".formatted(batchSize));
    }
    return with(examples.with(new Examples.Classified(data, names, batchSize)));
  }

  /**
   * With a batch for the layers' shapes and times, and for the graph. Without it, these are shown
   * for the first of the classified examples: 32 of them, or all where there are fewer, whatever
   * the size of the batches.
   *
   * @param batch as in the training
   * @param loss of the training
   */
  public Report sample(Batch batch, Loss loss) {
    Nulls.refuse("sample: batch, loss", batch, loss);
    return with(examples.with(new Examples.Sample(batch, loss)));
  }

  /**
   * With images that show what the net does, behind those it has: its inputs, and then its outputs
   * for them, say. The first 64 are shown, the larger ones at most 256 pixels wide and high.
   *
   * @param caption above the images
   * @param images [N, 1 or 3, H, W]; numbers below 0 are shown as 0, those above 1 as 1, NaN as 0
   * @throws ShapeException if they have another shape, or no pixels
   */
  public Report images(String caption, NdArray images) {
    Nulls.refuse("images: caption, images", caption, images);
    Shape shape = images.shape();
    boolean fits = shape.rank() == 4 && (shape.dim(1) == 1 || shape.dim(1) == 3);
    if (!fits || shape.size() == 0) {
      throw new ShapeException(
          "images", "images %s, expected [N, 1 or 3, H, W] and a pixel".formatted(shape));
    }
    return with(examples.with(new Examples.Images(caption, images)));
  }

  private Report with(Run other) {
    return new Report(net, other, training, examples, clock, nanos);
  }

  private Report with(Training other) {
    return new Report(net, run, other, examples, clock, nanos);
  }

  private Report with(Examples other) {
    return new Report(net, run, training, other, clock, nanos);
  }

  // ---- the page --------------------------------------------------------------------------------

  /** The page. */
  public String html() {
    Page page = new Page();
    Optional<Judged> judged =
        examples.classified().flatMap(some -> page.attempt("Mistakes", () -> Judged.of(net, some)));
    page.section("Numbers", () -> Head.numbers(training, judged, Net.parameters(net)));
    page.section("Curves", () -> Curves.html(training));
    if (judged.isPresent()) {
      addMistakes(page, judged.get(), examples.classified().orElseThrow());
    }
    page.section("Images", () -> Pictures.html(examples.images()));
    Optional<Examples.Sample> sample =
        page.attempt("A batch", examples::batch).orElse(Optional.empty());
    page.section("First filters", () -> Filters.html(net, sample));
    page.section("Layers", () -> Optional.of(Net.summary(net, sample)));
    page.section("Time per layer", () -> LayerTimes.html(net, sample, nanos));
    page.section("Graph", () -> Net.graph(net, sample));
    String version = Page.resource("version.txt").strip();
    page.section("Settings", () -> Head.settings(run));
    page.section("The run again", () -> Optional.of(Head.repeat(run, version)));
    return page.html(run.title(), DATE.format(ZonedDateTime.now(clock)) + ", Gradus " + version);
  }

  private void addMistakes(Page page, Judged judged, Examples.Classified some) {
    page.section("Classes", () -> Optional.of(Confusion.html(judged, some)));
    page.section("Surest mistakes", () -> WrongImages.html(judged, some));
    page.section("Where the net looks", () -> GradCamImages.html(net, judged, some));
  }

  /**
   * Writes the page into a file, which has its old content or the new one, whole, as {@link
   * SafeFile} says. What stands in the way of the file is found before the page is made.
   *
   * @param file such as {@code report.html}; its folder must be there
   * @throws IOException if it cannot be written
   */
  public void write(Path file) throws IOException {
    Nulls.refuse("write: file", file);
    SafeFile.write(
        file,
        out -> {
          ByteBuffer bytes = ByteBuffer.wrap(html().getBytes(StandardCharsets.UTF_8));
          while (bytes.hasRemaining()) {
            out.write(bytes);
          }
        });
  }

  /** For example {@code report of Handwritten digits}. */
  @Override
  public String toString() {
    return "report of " + run.title();
  }
}
