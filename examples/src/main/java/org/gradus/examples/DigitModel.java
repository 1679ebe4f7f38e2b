package org.gradus.examples;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.layers.Layer;
import org.gradus.layers.Sequential;
import org.gradus.layers.Softmax;
import org.gradus.layers.files.FileFormatException;
import org.gradus.layers.files.SafeTensors;
import org.gradus.layers.serve.Predictor;
import org.gradus.onnx.OnnxNet;

/**
 * Models that read digits, from files: functions from images [N, 1, 28, 28], with ink 1 on 0, to
 * probabilities [N, 10]. Any number of threads may ask a model at once. Where a model makes numbers
 * that are not finite, it throws an {@link UncheckedIOException} that names its file. It has been
 * asked once when it is there, since the first time takes longest.
 */
final class DigitModel {
  /** Rows and columns of an image. */
  static final int SIZE = 28;

  /** The most images that a net is prepared for at once. */
  private static final int MOST_IMAGES = 4096;

  private static final List<String> CLASSES =
      List.of("0", "1", "2", "3", "4", "5", "6", "7", "8", "9");
  private static final String EMBEDDED = "digits/lenet.safetensors";

  private DigitModel() {}

  /**
   * Reads a model; the end of the file's name says of which kind it is.
   *
   * @throws IOException if it cannot be read, or is no model of digits
   */
  static Function<NdArray, NdArray> load(Path file) throws IOException {
    String name = file.toString();
    String suffix = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    return switch (suffix) {
      case "safetensors" -> net(SafeTensors.read(file), name);
      case "onnx" -> read(OnnxNet.load(file), name);
      default ->
          throw new IOException(
              "%s: a model of an unknown kind, expected a file .safetensors or .onnx"
                  .formatted(name));
    };
  }

  /**
   * The model that comes with these programs: made by {@code TrainDigits --net lenet --seed 1
   * --save lenet.safetensors}.
   */
  static Function<NdArray, NdArray> embedded() throws IOException {
    try (InputStream in = DigitModel.class.getResourceAsStream(EMBEDDED)) {
      byte[] bytes = Objects.requireNonNull(in, EMBEDDED).readAllBytes();
      return net(SafeTensors.read(bytes, EMBEDDED), EMBEDDED);
    }
  }

  /**
   * What a file of weights says of its net, so that it can be built again.
   *
   * @param net its name, such as {@code lenet}
   * @param classes what it tells apart, in the order of its logits
   */
  static Map<String, String> metadata(String net, List<String> classes) {
    Map<String, String> texts = new LinkedHashMap<>();
    texts.put("net", net);
    texts.put("input", "[N, 1, 28, 28], 0 for the background to 1 for ink");
    texts.put("output", "logits [N, 10]");
    texts.put("classes", String.join(",", classes));
    return texts;
  }

  /** A net from anywhere that makes logits, or probabilities, of images of digits. */
  private static Function<NdArray, NdArray> read(OnnxNet net, String name) throws IOException {
    NdArray outputs = asked(finite(net, name), name);
    double sum = 0;
    boolean isNegative = false;
    for (int c = 0; c < CLASSES.size(); c++) {
      sum += outputs.get(0, c);
      isNegative |= outputs.get(0, c) < 0;
    }
    boolean areProbabilities = !isNegative && Math.abs(sum - 1) < 1e-4;
    return finite(areProbabilities ? net : new Sequential(net, new Softmax(1)), name);
  }

  /** What a model makes of two blank images, which has the shape that it should have. */
  private static NdArray asked(Function<NdArray, NdArray> model, String name) throws IOException {
    NdArray blank = NdArray.zeros(DType.FLOAT32, Shape.of(2, 1, SIZE, SIZE));
    NdArray outputs;
    try {
      outputs = model.apply(blank);
    } catch (IllegalArgumentException e) {
      throw noDigits(name, e);
    } catch (UncheckedIOException e) {
      throw Objects.requireNonNull(e.getCause());
    }
    Shape expected = Shape.of(2, CLASSES.size());
    if (!outputs.shape().equals(expected)) {
      throw new FileFormatException(
          name,
          "it makes %s of images %s, expected %s"
              .formatted(outputs.shape(), blank.shape(), expected));
    }
    return outputs;
  }

  private static FileFormatException noDigits(String name, IllegalArgumentException e) {
    return new FileFormatException(name, "it reads no digits: " + e.getMessage(), e);
  }

  /** A net that refuses what it makes unless all of it is finite. */
  private static Function<NdArray, NdArray> finite(Layer net, String name)
      throws FileFormatException {
    Predictor predictor;
    try {
      predictor = Predictor.of(net, 1, SIZE, SIZE).maximumBatch(MOST_IMAGES);
    } catch (IllegalArgumentException e) {
      throw noDigits(name, e);
    }
    return images -> {
      boolean many = images.shape().dim(0) > MOST_IMAGES;
      NdArray outputs = many ? net.predict(images) : predictor.predict(images);
      for (int i = 0; i < outputs.size(); i++) {
        if (!Double.isFinite(outputs.at(i))) {
          throw new UncheckedIOException(
              new FileFormatException(
                  name,
                  "the model makes %s of an image, expected numbers".formatted(outputs.at(i))));
        }
      }
      return outputs;
    };
  }

  // ---- nets ------------------------------------------------------------------------------------

  private static Map<String, Function<RandomGenerator, Layer>> nets() {
    return Map.of("lenet", TrainDigits::lenet, "norm", TrainDigits::norm);
  }

  /** The net that a file names; if it names none, the one whose weights have these shapes. */
  private static Function<NdArray, NdArray> net(SafeTensors file, String name) throws IOException {
    String expected = String.join(",", CLASSES);
    String classes = file.metadata().getOrDefault("classes", expected);
    if (!classes.equals(expected)) {
      throw new FileFormatException(
          name, "the net tells apart %s, expected %s".formatted(classes, expected));
    }
    String net = file.metadata().get("net");
    Function<RandomGenerator, Layer> named = net == null ? null : nets().get(net);
    if (net != null && named == null) {
      throw new FileFormatException(
          name, "the net is called %s, expected one of [lenet, norm]".formatted(net));
    }
    for (var builder : named == null ? nets().values() : List.of(named)) {
      Layer made = builder.apply(new SplittableRandom(1));
      try {
        made.load(file.tensors());
      } catch (IllegalArgumentException e) {
        if (named != null) {
          throw new FileFormatException(name, String.valueOf(e.getMessage()), e);
        }
        continue;
      }
      Function<NdArray, NdArray> model = finite(new Sequential(made, new Softmax(1)), name);
      asked(model, name);
      return model;
    }
    throw new FileFormatException(
        name,
        "%s tensors that fit none of the nets [lenet, norm]".formatted(file.tensors().size()));
  }
}
