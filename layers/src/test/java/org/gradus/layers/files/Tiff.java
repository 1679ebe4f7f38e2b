package org.gradus.layers.files;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/** A TIFF file of one strip, field by field. */
final class Tiff {
  static final int BITS = 258;
  static final int COMPRESSION = 259;
  static final int PHOTOMETRIC = 262;
  static final int SAMPLES = 277;
  static final int ROWS = 278;
  static final int STRIP_BYTES = 279;
  static final int PLANES = 284;
  static final int EXTRA_SAMPLES = 338;
  static final int SAMPLE_FORMAT = 339;

  private static final int STRIP = 273;
  private static final int SHORT = 3;
  private static final int LONG = 4;

  private final Map<Integer, int[]> fields = new TreeMap<>();
  private byte[] data = new byte[0];
  private boolean isShared;

  /** An image of grey, 8 bits for each sample, whose data are as they are. */
  static Tiff grey(int height, int width) {
    return new Tiff()
        .with(256, width)
        .with(257, height)
        .with(BITS, 8)
        .with(COMPRESSION, 1)
        .with(PHOTOMETRIC, 1)
        .with(SAMPLES, 1)
        .with(ROWS, height);
  }

  Tiff with(int field, int... numbers) {
    fields.put(field, numbers);
    return this;
  }

  /** Samples of other numbers and bits; of three and more, the first three are colours. */
  Tiff samples(int count, int bits) {
    int[] each = new int[count];
    Arrays.fill(each, bits);
    return with(SAMPLES, count).with(BITS, each).with(PHOTOMETRIC, count > 2 ? 2 : 1);
  }

  Tiff data(int... bytes) {
    data = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      data[i] = (byte) bytes[i];
    }
    return data(data);
  }

  Tiff data(byte[] bytes) {
    data = bytes;
    return with(STRIP_BYTES, bytes.length);
  }

  /** All strips lie at one place. */
  Tiff shared() {
    isShared = true;
    return this;
  }

  /** The file; its strips follow each other. */
  byte[] bytes() {
    int[] sizes = fields.getOrDefault(STRIP_BYTES, new int[1]);
    int[] places = new int[sizes.length];
    fields.put(STRIP, places);
    int more = 8 + 2 + 12 * fields.size() + 4;
    places[0] = more + fields.values().stream().mapToInt(n -> 4 * n.length).sum();
    for (int i = 1; i < places.length; i++) {
      places[i] = isShared ? places[0] : places[i - 1] + sizes[i - 1];
    }
    ByteBuffer file = ByteBuffer.allocate(places[0] + data.length).order(ByteOrder.LITTLE_ENDIAN);
    file.put((byte) 'I').put((byte) 'I').putShort((short) 42).putInt(8);
    file.putShort((short) fields.size());
    for (Map.Entry<Integer, int[]> field : fields.entrySet()) {
      int[] numbers = field.getValue();
      boolean isLong = field.getKey() == STRIP || field.getKey() == STRIP_BYTES;
      int each = isLong ? Integer.BYTES : Short.BYTES;
      file.putShort((short) (int) field.getKey()).putShort((short) (isLong ? LONG : SHORT));
      file.putInt(numbers.length);
      int place = each * numbers.length > Integer.BYTES ? more : file.position();
      file.putInt(more);
      for (int i = 0; i < numbers.length; i++) {
        if (isLong) {
          file.putInt(place + each * i, numbers[i]);
        } else {
          file.putShort(place + each * i, (short) numbers[i]);
        }
      }
      more += 4 * numbers.length;
    }
    return file.position(places[0]).put(data).array();
  }

  /** A file of any writer, of whose first strip half the data are there. */
  static byte[] halved(byte[] bytes) {
    ByteBuffer file = ByteBuffer.wrap(bytes.clone());
    file.order(bytes[0] == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    int field = file.getInt(4) + 2;
    while (file.getShort(field) != STRIP_BYTES) {
      field += 12;
    }
    int place = file.getInt(field + 4) == 1 ? field + 8 : file.getInt(field + 8);
    file.putInt(place, file.getInt(place) / 2);
    return file.array();
  }
}
