package org.gradus.layers.files;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Nulls;

/**
 * A short text that tells whether two nets have the same bits, as after two runs that are to be the
 * same:
 *
 * <pre>{@code
 * System.out.println(StateHash.of(net.state()));   // such as a474b92d47e9883c
 * }</pre>
 */
public final class StateHash {
  private static final int BYTES = 8;

  private StateHash() {}

  /**
   * The first 8 bytes of SHA-256 over the names, the element types, the shapes, and the numbers as
   * doubles, in order. Two hashes that differ are of states that do; that two of different states
   * are equal is as good as impossible.
   *
   * @param state of a net or an optimiser, or any arrays by name
   * @return 16 hexadecimal digits
   */
  public static String of(Map<String, NdArray> state) {
    Nulls.refuse("stateHash: state", state);
    MessageDigest digest = sha256();
    state.forEach(
        (name, array) -> {
          Nulls.refuse("stateHash: name, array", name, array);
          String head = "%s %s %s\n".formatted(name, array.dtype(), array.shape());
          digest.update(head.getBytes(StandardCharsets.UTF_8));
          ByteBuffer chunk = ByteBuffer.allocate(1024 * Double.BYTES);
          for (int i = 0; i < array.size(); i++) {
            chunk.putDouble(array.at(i));
            if (!chunk.hasRemaining() || i == array.size() - 1) {
              digest.update(chunk.flip());
              chunk.clear();
            }
          }
        });
    return HexFormat.of().formatHex(digest.digest(), 0, BYTES);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every JDK has it
    }
  }
}
