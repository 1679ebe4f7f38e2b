package org.gradus.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxTensorLike;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;

/** Runs models in ONNX Runtime, the judge of what a file means. */
final class OnnxRuntime {
  private OnnxRuntime() {}

  /** The floating-point outputs of a model, by name, in its order. */
  static Map<String, NdArray> run(byte[] model, Map<String, NdArray> inputs) {
    try (OrtSession.SessionOptions options = options();
        OrtSession session = session(model, options)) {
      return run(session, inputs);
    } catch (OrtException e) {
      throw new AssertionError(e);
    }
  }

  /**
   * Computes by definition where the runtime's optimiser makes a graph that it then refuses: it
   * joins a Pad to the padding of a pooling behind it, which may become as wide as the window.
   */
  private static OrtSession session(byte[] model, OrtSession.SessionOptions options)
      throws OrtException {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try {
      return environment.createSession(model, options);
    } catch (OrtException e) {
      if (!String.valueOf(e.getMessage()).contains("Pad should be smaller than kernel")) {
        throw e;
      }
      options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.NO_OPT);
      return environment.createSession(model, options);
    }
  }

  private static OrtSession.SessionOptions options() throws OrtException {
    OrtSession.SessionOptions options = new OrtSession.SessionOptions();
    options.setIntraOpNumThreads(1);
    options.setSessionLogLevel(ai.onnxruntime.OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR);
    return options;
  }

  private static Map<String, NdArray> run(OrtSession session, Map<String, NdArray> inputs)
      throws OrtException {
    Map<String, OnnxTensorLike> given = new LinkedHashMap<>();
    try {
      for (Map.Entry<String, NdArray> input : inputs.entrySet()) {
        given.put(input.getKey(), tensor(input.getValue()));
      }
      Map<String, NdArray> outputs = new LinkedHashMap<>();
      try (OrtSession.Result result = session.run(given)) {
        for (Map.Entry<String, ai.onnxruntime.OnnxValue> output : result) {
          outputs.put(output.getKey(), array((OnnxTensor) output.getValue()));
        }
      }
      return outputs;
    } finally {
      given.values().forEach(OnnxTensorLike::close);
    }
  }

  private static OnnxTensor tensor(NdArray x) throws OrtException {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    long[] dims = Arrays.stream(x.shape().toArray()).asLongStream().toArray();
    return x.dtype() == DType.FLOAT32
        ? OnnxTensor.createTensor(environment, FloatBuffer.wrap(x.toFloatArray()), dims)
        : OnnxTensor.createTensor(environment, DoubleBuffer.wrap(x.toDoubleArray()), dims);
  }

  private static NdArray array(OnnxTensor tensor) {
    int[] dims = Arrays.stream(tensor.getInfo().getShape()).mapToInt(Math::toIntExact).toArray();
    switch (tensor.getInfo().type) {
      case FLOAT -> {
        FloatBuffer from = tensor.getFloatBuffer();
        float[] values = new float[from.remaining()];
        from.get(values);
        return NdArray.of(values, dims);
      }
      case DOUBLE -> {
        DoubleBuffer from = tensor.getDoubleBuffer();
        double[] values = new double[from.remaining()];
        from.get(values);
        return NdArray.of(values, dims);
      }
      case INT64 -> {
        LongBuffer from = tensor.getLongBuffer();
        double[] values = new double[from.remaining()];
        for (int i = 0; i < values.length; i++) {
          values[i] = from.get(i);
        }
        return NdArray.of(values, dims);
      }
      case BOOL -> {
        java.nio.ByteBuffer from = tensor.getByteBuffer();
        double[] values = new double[Shape.of(dims).size()];
        for (int i = 0; i < values.length; i++) {
          values[i] = from.get(i);
        }
        return NdArray.of(values, dims);
      }
      default -> throw new AssertionError("output of type " + tensor.getInfo());
    }
  }
}
