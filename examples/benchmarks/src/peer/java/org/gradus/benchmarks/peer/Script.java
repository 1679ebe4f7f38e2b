package org.gradus.benchmarks.peer;

import ai.djl.ndarray.NDList;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * A function in TorchScript, PyTorch's own language. All of PyTorch's ops can be called from it,
 * also those that DJL has no method for, and its gradients; and the call from Java is one, whatever
 * is computed. It is handed over as the archive that PyTorch saves modules in: the text, and a
 * pickled object of a class without parameters.
 */
final class Script implements AutoCloseable {
  private static final String CLASS =
      """
      class M(Module):
        __parameters__ = []
        __buffers__ = []
        training : bool
        def forward(self: __torch__.M, %s) -> %s:
      %s
      """;

  private final PtSymbolBlock block;
  private final boolean gradients;

  /**
   * A function.
   *
   * @param parameters such as {@code x: Tensor, w: List[Tensor]}
   * @param result the type, such as {@code Tensor}
   * @param gradients whether the engine records what gradients need
   * @param lines of the body
   */
  Script(
      PtNDManager manager, String parameters, String result, boolean gradients, String... lines) {
    this.gradients = gradients;
    String body = "    " + String.join("\n    ", lines);
    byte[] archive = archive(CLASS.formatted(parameters, result, body));
    try {
      this.block =
          JniUtils.loadModule(
              manager,
              new ByteArrayInputStream(archive),
              /* mapLocation= */ false,
              /* hasSize= */ false);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The results for some arguments. An array whose name ends with [] is part of a list. */
  NDList call(NDList arguments) {
    return IValueUtils.forward(block, arguments, gradients);
  }

  @Override
  public void close() {
    block.close();
  }

  private static byte[] archive(String text) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      zip.setMethod(ZipOutputStream.STORED);
      put(zip, "data.pkl", "\u0080\u0002c__torch__\nM\n)\u0081}(X\u0008\0\0\0training\u0089ub.");
      put(zip, "code/__torch__.py", text);
      put(zip, "constants.pkl", "\u0080\u0002).");
      put(zip, "version", "3\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static void put(ZipOutputStream zip, String name, String content) throws IOException {
    byte[] bytes = content.getBytes(StandardCharsets.ISO_8859_1);
    CRC32 sum = new CRC32();
    sum.update(bytes);
    ZipEntry entry = new ZipEntry("m/" + name);
    entry.setSize(bytes.length);
    entry.setCompressedSize(bytes.length);
    entry.setCrc(sum.getValue());
    zip.putNextEntry(entry);
    zip.write(bytes);
    zip.closeEntry();
  }
}
