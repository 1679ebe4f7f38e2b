package org.gradus.layers.files;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.imageio.stream.ImageInputStream;

/**
 * The scans of a JPEG file, each of which costs its decoder a pass over the image, and which it
 * does not miss where a file ends between two of them.
 */
final class JpegScans {
  /** Progressive files have about 10. */
  private static final int MOST_SCANS = 100;

  private static final int COEFFICIENTS = 64;
  private static final int UNKNOWN = -1;
  private static final int FRAME_COUNT = 5;
  private static final int END = 0xd9;
  private static final int SCAN = 0xda;

  private final DataInputStream in;
  private final String name;

  /** The number of the last bits of each coefficient, by component, that are still to come. */
  private final Map<Integer, int[]> left = new LinkedHashMap<>();

  private boolean isProgressive;
  private int scans;

  private JpegScans(DataInputStream in, String name) {
    this.in = in;
    this.name = name;
  }

  /**
   * Refuses an image of too many scans, or of too few: those of a component that are not there, and
   * those that would have told the last bits of its coefficients.
   *
   * @param in a JPEG file
   */
  static void require(ImageInputStream in, String name) throws IOException {
    in.seek(0);
    InputStream bytes =
        new InputStream() {
          @Override
          public int read() throws IOException {
            return in.read();
          }

          @Override
          public int read(byte[] to, int from, int count) throws IOException {
            return in.read(to, from, count);
          }
        };
    try {
      new JpegScans(new DataInputStream(new BufferedInputStream(bytes, 1 << 16)), name).require();
    } catch (EOFException e) {
      return; // the decoder tells that the file ends too early
    }
  }

  private void require() throws IOException {
    for (int marker = nextMarker(); marker != END; marker = nextMarker()) {
      boolean isAlone = marker == 1 || (marker >= 0xd0 && marker <= 0xd8);
      if (!isAlone) {
        byte[] segment = new byte[Math.max(0, in.readUnsignedShort() - Short.BYTES)];
        in.readFully(segment);
        if (marker == SCAN) {
          addScan(segment);
        } else if (isFrame(marker)) {
          isProgressive = (marker & 3) == 2;
          addComponents(segment);
        }
      }
    }
    for (Map.Entry<Integer, int[]> component : left.entrySet()) {
      requireAll(component.getKey(), component.getValue());
    }
  }

  private static boolean isFrame(int marker) {
    return marker == 0xc0 || (marker > 0xc0 && marker <= 0xcf && marker % 4 != 0);
  }

  /** The next marker; what else lies before it, such as the data of a scan, is passed over. */
  private int nextMarker() throws IOException {
    int before = 0;
    while (true) {
      int found = in.readUnsignedByte();
      if (before == 0xff && found != 0 && found != 0xff) {
        return found;
      }
      before = found;
    }
  }

  private void addComponents(byte[] frame) {
    for (int i = 0; i < frame[FRAME_COUNT]; i++) {
      int[] bits = new int[COEFFICIENTS];
      Arrays.fill(bits, UNKNOWN);
      left.put((int) frame[FRAME_COUNT + 1 + 3 * i], bits);
    }
  }

  private void addScan(byte[] scan) throws IOException {
    scans++;
    if (scans > MOST_SCANS) {
      throw new FileFormatException(
          name, "an image of more than %s scans, expected at most as many".formatted(MOST_SCANS));
    }
    int end = 1 + 2 * scan[0];
    for (int i = 1; i < end; i += 2) {
      int[] bits = left.getOrDefault((int) scan[i], new int[COEFFICIENTS]);
      int from = isProgressive ? scan[end] : 0;
      int to = isProgressive ? scan[end + 1] : COEFFICIENTS - 1;
      Arrays.fill(bits, from, to + 1, isProgressive ? scan[end + 2] & 0xf : 0);
    }
  }

  /** Coefficients behind the first one may be left out, where all of them are 0. */
  private void requireAll(int component, int[] bits) throws FileFormatException {
    if (bits[0] == UNKNOWN || Arrays.stream(bits).anyMatch(last -> last > 0)) {
      throw new FileFormatException(
          name,
          "the %s scans do not give all bits of component %s".formatted(scans, component & 0xff));
    }
  }
}
