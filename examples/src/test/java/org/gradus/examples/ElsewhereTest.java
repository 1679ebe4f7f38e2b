package org.gradus.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.layers.Layer;
import org.gradus.layers.data.Batch;
import org.gradus.layers.data.Batches;
import org.gradus.layers.data.Dataset;
import org.gradus.layers.files.IdxDataset;
import org.gradus.layers.files.SafeTensors;
import org.gradus.onnx.OnnxExport;
import org.gradus.onnx.OnnxNet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nets of these programs in ONNX Runtime. */
class ElsewhereTest {

  private static NdArray run(byte[] model, NdArray x) throws OrtException {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    long[] dims = Arrays.stream(x.shape().toArray()).asLongStream().toArray();
    try (OrtSession session = environment.createSession(model);
        OnnxTensor in =
            OnnxTensor.createTensor(environment, FloatBuffer.wrap(x.toFloatArray()), dims);
        OrtSession.Result result = session.run(Map.of("input", in))) {
      OnnxTensor out = (OnnxTensor) result.get(0);
      float[] values = new float[out.getFloatBuffer().remaining()];
      out.getFloatBuffer().get(values);
      return NdArray.of(
          values, Arrays.stream(out.getInfo().getShape()).mapToInt(Math::toIntExact).toArray());
    }
  }

  private static NdArray allTestDigits() throws Exception {
    Dataset test = IdxDataset.ofResources(TrainDigits.class, "mnist10k", 10).test();
    Batch all = Batches.inOrder(test, test.size()).epoch(0).iterator().next();
    return all.inputs();
  }

  private static int largest(NdArray rows, int row) {
    int best = 0;
    for (int c = 1; c < rows.shape().dim(1); c++) {
      best = rows.get(row, c) > rows.get(row, best) ? c : best;
    }
    return best;
  }

  @Test
  void aLeNetThatWasTrainedHereClassifiesAlike(@TempDir Path folder) throws Exception {
    Layer net = TrainDigits.lenet(new SplittableRandom(1));
    try (var in = TrainDigits.class.getResourceAsStream("digits/lenet.safetensors")) {
      byte[] bytes = Objects.requireNonNull(in).readAllBytes();
      net.load(SafeTensors.read(bytes, "lenet").tensors());
    }
    NdArray digits = allTestDigits();
    assertEquals(Shape.of(1000, 1, 28, 28), digits.shape());
    NdArray here = net.predict(digits);
    Path file = folder.resolve("lenet.onnx");
    OnnxExport export = OnnxExport.of(net, 1, 1, 28, 28);
    export.save(file);
    for (NdArray there : List.of(run(export.bytes(), digits), OnnxNet.load(file).predict(digits))) {
      assertEquals(here.shape(), there.shape());
      for (int i = 0; i < 1000; i++) {
        assertEquals(largest(here, i), largest(there, i));
        for (int c = 0; c < 10; c++) {
          double allowed = 1e-5 * Math.max(1, Math.abs(here.get(i, c)));
          assertEquals(here.get(i, c), there.get(i, c), allowed);
        }
      }
    }
  }

  @Test
  void trainDigitsSavesWhatOthersRun(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("digits.onnx");
    Printed printed = new Printed();
    int code =
        new TrainDigits(printed.stream(), printed.stream())
            .run("--epochs=1", "--images=2000", "--net=norm", "--seed=3", "--save=" + file);
    assertEquals(0, code, printed::toString);
    OnnxNet net = OnnxNet.load(file);
    Map<String, String> texts = net.metadata().properties();
    assertEquals("3", texts.get("seed"));
    assertEquals("norm", texts.get("net"));
    assertTrue(Double.parseDouble(texts.get("accuracy")) > 0.5, texts::toString);
    NdArray digits = allTestDigits();
    NdArray here = net.predict(digits);
    NdArray there = run(java.nio.file.Files.readAllBytes(file), digits);
    for (int i = 0; i < here.size(); i++) {
      assertEquals(here.at(i), there.at(i), 1e-5 * Math.max(1, Math.abs(here.at(i))));
    }
    NdArray probabilities = DigitModel.load(file).apply(digits);
    double sum = 0;
    for (int c = 0; c < 10; c++) {
      sum += probabilities.get(0, c);
    }
    assertEquals(1, sum, 1e-5);
  }

  @Test
  void theUpscalerUpscalesAlike() throws Exception {
    Esrgan net = new Esrgan();
    try (var in = Esrgan.class.getResourceAsStream("esrgan/x4.safetensors")) {
      net.load(SafeTensors.read(Objects.requireNonNull(in).readAllBytes(), "x4").tensors());
    }
    SplittableRandom random = new SplittableRandom(1);
    NdArray image =
        NdArray.generate(DType.FLOAT32, Shape.of(2, 3, 20, 24), i -> random.nextInt(256));
    NdArray here = net.predict(image);
    NdArray there = run(OnnxExport.of(net, 1, 3, 20, 24).bytes(), image);
    assertEquals(Shape.of(2, 3, 80, 96), there.shape());
    for (int i = 0; i < here.size(); i++) {
      assertEquals(here.at(i), there.at(i), 1e-5 * 255);
    }
  }
}
