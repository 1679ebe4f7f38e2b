package org.gradus.benchmarks.peer;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Map;
import org.gradus.onnx.OnnxExport;

/** A prediction by ONNX Runtime, of a network that Gradus exported. */
final class OnnxSide implements Side {
  private final OrtSession session;
  private final Map<String, OnnxTensor> inputs;

  OnnxSide(Net kind, int batch) {
    Examples examples = Examples.drawn(kind, batch, 1);
    int[] shape = new int[examples.shape().rank()];
    long[] dims = new long[shape.length];
    for (int axis = 0; axis < shape.length; axis++) {
      shape[axis] = examples.shape().dim(axis);
      dims[axis] = shape[axis];
    }
    byte[] model = OnnxExport.of(kind.gradus().net(), shape).bytes();
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(Threads.count());
      options.setInterOpNumThreads(1);
      this.session = environment.createSession(model, options);
      FloatBuffer numbers =
          ByteBuffer.allocateDirect(Float.BYTES * examples.inputs().length)
              .order(ByteOrder.nativeOrder())
              .asFloatBuffer()
              .put(examples.inputs())
              .rewind();
      this.inputs =
          Map.of(
              session.getInputNames().iterator().next(),
              OnnxTensor.createTensor(environment, numbers, dims));
    } catch (OrtException e) {
      throw failed(e);
    }
  }

  private static IllegalStateException failed(OrtException cause) {
    return new IllegalStateException("ONNX Runtime failed", cause);
  }

  @Override
  public void run() {
    try (OrtSession.Result result = session.run(inputs)) {
      requireOne(result);
    } catch (OrtException e) {
      throw failed(e);
    }
  }

  private static OnnxTensor requireOne(OrtSession.Result result) {
    if (result.size() != 1) {
      throw new IllegalStateException("%s outputs, expected one".formatted(result.size()));
    }
    return (OnnxTensor) result.get(0);
  }

  @Override
  public List<float[]> check() {
    try (OrtSession.Result result = session.run(inputs)) {
      FloatBuffer numbers = requireOne(result).getFloatBuffer();
      float[] values = new float[numbers.remaining()];
      numbers.get(values);
      return List.of(values);
    } catch (OrtException e) {
      throw failed(e);
    }
  }

  @Override
  public void close() {
    inputs.values().forEach(OnnxTensor::close);
    try {
      session.close();
    } catch (OrtException e) {
      throw failed(e);
    }
  }
}
