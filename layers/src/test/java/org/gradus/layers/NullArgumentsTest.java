package org.gradus.layers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.gradus.autograd.Gradients;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Nulls;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.ops.ConvOptions;
import org.gradus.autograd.ops.CrossEntropyOptions;
import org.gradus.autograd.ops.Ops;
import org.gradus.autograd.ops.PoolOptions;
import org.gradus.autograd.testkit.NullContract;
import org.gradus.autograd.update.Adam;
import org.gradus.autograd.update.UpdateMethod;
import org.gradus.layers.data.Augmentation;
import org.gradus.layers.data.Batch;
import org.gradus.layers.data.Batches;
import org.gradus.layers.data.Dataset;
import org.gradus.layers.data.Mixing;
import org.gradus.layers.data.Normalization;
import org.gradus.layers.data.Ragged;
import org.gradus.layers.files.Csv;
import org.gradus.layers.files.CsvOptions;
import org.gradus.layers.files.ImageFolder;
import org.gradus.layers.files.LoadOptions;
import org.gradus.layers.files.SafeFile;
import org.gradus.layers.files.SafeTensors;
import org.gradus.layers.files.SafeTensorsFile;
import org.gradus.layers.files.Table;
import org.gradus.layers.files.Unsealed;
import org.gradus.layers.init.Initializer;
import org.gradus.layers.optim.Optimizer;
import org.gradus.layers.optim.ParameterGradients;
import org.gradus.layers.optim.Plateau;
import org.gradus.layers.optim.RateCurve;
import org.gradus.layers.optim.Schedule;
import org.gradus.layers.optim.TreeSum;
import org.gradus.layers.optim.WeightAverage;
import org.gradus.layers.serve.Predictor;
import org.gradus.layers.train.Epoch;
import org.gradus.layers.train.Listener;
import org.gradus.layers.train.Loss;
import org.gradus.layers.train.Measures;
import org.gradus.layers.train.Metric;
import org.gradus.layers.train.MicroBatches;
import org.gradus.layers.train.Progress;
import org.gradus.layers.train.RunFolder;
import org.gradus.layers.train.Step;
import org.gradus.layers.train.Steps;
import org.gradus.layers.train.Trainer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Null is refused in words by every public function, wherever it stands. */
class NullArgumentsTest {
  @TempDir private static Path folder;

  private static Map<Class<?>, Object> samples() throws IOException {
    Random random = new Random(1);
    NdArray one = NdArray.full(DType.FLOAT32, Shape.of(1, 1, 1, 1), 1);
    Tensor tensor = Tensor.variable(one);
    Linear linear = new Linear(1, 1, random);
    Optimizer optimizer = new Optimizer(linear.parameters(), new Adam(0.1));
    Tensor loss =
        Ops.sum(linear.forward(Tensor.constant(NdArray.zeros(DType.FLOAT32, Shape.of(1)))));
    Map<Class<?>, Object> samples = new HashMap<>();
    samples.put(Tensor.class, tensor);
    samples.put(NdArray.class, one);
    samples.put(Shape.class, Shape.of(1));
    samples.put(Gradients.class, Gradients.backward(tensor));
    samples.put(RandomGenerator.class, random);
    samples.put(List.class, List.of());
    samples.put(String.class, "name");
    samples.put(Path.class, Path.of("nothing"));
    samples.put(InputStream.class, InputStream.nullInputStream());
    samples.put(Class.class, NullArgumentsTest.class);
    samples.put(Parameter.class, linear.weight());
    samples.put(Layer.class, linear);
    samples.put(AbstractLayer.class, linear);
    samples.put(Pass.class, Pass.training(1, 1));
    samples.put(Map.class, Map.of());
    samples.put(Linear.class, linear);
    samples.put(Conv2d.class, new Conv2d(1, 1, 1, random));
    samples.put(Sequential.class, new Sequential());
    samples.put(ConvOptions.class, ConvOptions.valid());
    samples.put(ConvTranspose2d.class, new ConvTranspose2d(1, 1, 1, ConvOptions.valid(), random));
    samples.put(Unflatten.class, new Unflatten(1));
    samples.put(PoolOptions.class, PoolOptions.window(1));
    samples.put(CrossEntropyOptions.class, CrossEntropyOptions.mean());
    samples.put(Initializer.class, Initializer.heNormal());
    samples.put(Optimizer.class, optimizer);
    samples.put(UpdateMethod.class, new Adam(0.1));
    samples.put(ParameterGradients.class, ParameterGradients.of(loss, linear.parameters()));
    samples.put(Schedule.class, Schedule.constant());
    samples.put(Plateau.class, new Plateau());
    samples.put(RateCurve.class, new RateCurve(List.of()));
    samples.put(WeightAverage.class, WeightAverage.of(List.of()));
    samples.put(Map.class, Map.of());
    samples.put(Supplier.class, (Supplier<Object>) () -> loss);
    samples.put(UnaryOperator.class, UnaryOperator.identity());
    samples.put(BiFunction.class, (BiFunction<Object, Object, Object>) (a, b) -> b);
    samples.put(Batch.class, new Batch(one, 0));
    samples.put(CsvOptions.class, CsvOptions.standard());
    samples.put(Table.class, table());
    samples.put(LoadOptions.class, LoadOptions.exact());
    samples.put(SafeTensorsFile.class, safeTensorsFile());
    samples.put(ImageFolder.class, imageFolder());
    samples.put(Dataset.class, Dataset.of(one, 0));
    samples.put(Augmentation.class, (Augmentation) NullArgumentsTest::unchanged);
    MicroBatches.Objective objective = NullArgumentsTest::loss;
    samples.put(MicroBatches.Objective.class, objective);
    samples.put(MicroBatches.class, new MicroBatches(linear.parameters(), objective));
    samples.put(Steps.class, none());
    samples.put(TreeSum.class, new TreeSum<Object>((a, b) -> b));
    samples.put(Loss.class, Loss.mse());
    samples.put(Metric.class, Metric.mae());
    samples.put(Measures.class, new Measures(List.of()));
    samples.put(Trace.class, Trace.of(new Relu(), one));
    samples.put(Predictor.class, Predictor.of(new Relu(), 1));
    samples.put(Trainer.class, new Trainer(linear, optimizer, Loss.mse()));
    samples.put(Listener.class, new Listener() {});
    samples.put(Progress.class, new Progress(System.err, false));
    samples.put(RunFolder.class, new RunFolder(Path.of("run")));
    samples.put(Step.class, new Step(1, 1, 1, 1, 1, 1, 1, new Measures(List.of())));
    samples.put(Epoch.class, new Epoch(1, 1, 1, Map.of(), 1));
    samples.put(Batches.class, Batches.shuffled(Dataset.of(one, 0), 1, 1));
    samples.put(Mixing.class, Mixing.mixup(1, 1));
    samples.put(Normalization.class, new Normalization(List.of(0.0), List.of(1.0)));
    samples.put(Ragged.class, Ragged.of(List.of(one), 0));
    samples.put(Consumer.class, (Consumer<Object>) told -> {});
    samples.put(IntFunction.class, (IntFunction<Batch>) i -> new Batch(one, 0));
    samples.put(byte[].class, new byte[0]);
    samples.put(Optional.class, Optional.empty());
    samples.put(JsonProcessingException.class, new JsonParseException("not JSON"));
    SafeFile.Content content = out -> Nulls.refuse("writeTo: out", out);
    samples.put(SafeFile.Content.class, content);
    return samples;
  }

  private static Steps none() {
    return new Steps() {
      @Override
      public int count() {
        return 0;
      }

      @Override
      public Iterable<Computation> epoch(long number, int first) {
        return List.of();
      }
    };
  }

  private static Tensor loss(Batch part, Pass pass) {
    Nulls.refuse("loss: part, pass", part, pass);
    return Tensor.constant(NdArray.scalar(DType.FLOAT32, 1));
  }

  private static NdArray unchanged(NdArray input, RandomGenerator random) {
    Nulls.refuse("apply: input, random", input, random);
    return input;
  }

  private static Table table() throws IOException {
    byte[] text = "a\n1\n".getBytes(StandardCharsets.UTF_8);
    return Csv.read(new ByteArrayInputStream(text), "a.csv", CsvOptions.standard());
  }

  private static SafeTensorsFile safeTensorsFile() throws IOException {
    Path file = folder.resolve("empty.safetensors");
    SafeTensors.of(Map.of()).write(file);
    return SafeTensorsFile.open(file);
  }

  private static ImageFolder imageFolder() throws IOException {
    Files.createFile(Files.createDirectory(folder.resolve("class")).resolve("unread.png"));
    return ImageFolder.of(folder, 1, 1);
  }

  @Test
  void nullIsRefusedInWords() throws IOException {
    NullContract contract = new NullContract(samples(), Set.of());
    List<String> faults =
        contract.faults("org.gradus.layers", Nets.class.getName(), Unsealed.class.getName());
    assertEquals("", String.join("\n", faults));
    assertTrue(contract.calls() > 50, () -> contract.calls() + " calls");
  }
}
