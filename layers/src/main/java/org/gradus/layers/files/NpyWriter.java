package org.gradus.layers.files;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.stream.IntStream;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;

/** Writes an array as a .npy file: the header, then the elements. */
final class NpyWriter {
  private static final int CHUNK = 1 << 16;

  private NpyWriter() {}

  static void write(OutputStream out, NdArray array, NpyFormat format) throws IOException {
    boolean isFortran = format.isFortranOrder() && differs(array.shape());
    NpyElements elements = NpyElements.of(array.dtype(), format.isBigEndian());
    NpyHeader header = new NpyHeader(elements, isFortran, array.shape());
    out.write(header.written(format.version()));
    int each = array.dtype() == DType.FLOAT32 ? Float.BYTES : Double.BYTES;
    int most = Math.min(CHUNK / each, Math.max(1, array.size()));
    ByteBuffer buffer = ByteBuffer.allocate(most * each).order(format.order());
    Columns columns = new Columns(array.shape());
    for (int done = 0; done < array.size(); done += most) {
      int some = Math.min(most, array.size() - done);
      if (isFortran) {
        putColumns(array.storage(), columns, some, buffer);
      } else {
        putRows(array.storage(), done, some, buffer);
      }
      out.write(buffer.array(), 0, some * each);
    }
  }

  /** Whether Fortran order is another one than C order: two axes have more than one index. */
  private static boolean differs(Shape shape) {
    return shape.size() > 0 && IntStream.of(shape.toArray()).filter(dim -> dim > 1).count() > 1;
  }

  private static void putRows(Object numbers, int from, int count, ByteBuffer buffer) {
    if (numbers instanceof float[] floats) {
      buffer.asFloatBuffer().put(floats, from, count);
    } else {
      buffer.asDoubleBuffer().put((double[]) numbers, from, count);
    }
  }

  private static void putColumns(Object numbers, Columns columns, int count, ByteBuffer buffer) {
    for (int i = 0; i < count; i++) {
      if (numbers instanceof float[] floats) {
        buffer.putFloat(i * Float.BYTES, floats[columns.next()]);
      } else {
        buffer.putDouble(i * Double.BYTES, ((double[]) numbers)[columns.next()]);
      }
    }
  }

  /** The places of elements in C order, as they follow each other in Fortran order. */
  static final class Columns {
    private final int[] dims;
    private final int[] steps;
    private final int[] indices;
    private int place;

    Columns(Shape shape) {
      this.dims = shape.toArray();
      this.steps = new int[dims.length];
      this.indices = new int[dims.length];
      int step = 1;
      for (int axis = dims.length - 1; axis >= 0; axis--) {
        steps[axis] = step;
        step *= dims[axis];
      }
    }

    int next() {
      int now = place;
      for (int axis = 0; axis < dims.length; axis++) {
        place += steps[axis];
        if (++indices[axis] < dims[axis]) {
          break;
        }
        place -= steps[axis] * dims[axis];
        indices[axis] = 0;
      }
      return now;
    }
  }
}
