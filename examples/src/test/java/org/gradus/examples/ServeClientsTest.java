package org.gradus.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import javax.imageio.ImageIO;
import org.gradus.autograd.array.NdArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Clients that send nonsense or halves, or do not read: they keep nobody waiting but themselves.
 */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ServeClientsTest {
  private static final int LONG = 600_000;

  /** More than the threads that once served all. */
  private static final int MANY = 70;

  private static final String PAGE = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

  /** A request of which only this much is sent. */
  private static final String HALF_A_LINE = "GET / HT";

  private static final String WITHOUT_ITS_BODY =
      "POST /classify HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n";
  private static final String REFUSED_WITHOUT_ITS_BODY =
      "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n";

  private static DigitServer server(Function<NdArray, NdArray> model, int millis)
      throws IOException {
    return ServeTest.server(model, 256, 1 << 20, millis);
  }

  private static Socket sent(DigitServer server, String text) throws IOException {
    Socket socket = new Socket(server.address().getAddress(), server.address().getPort());
    socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    return socket;
  }

  /** An answer up to the end of its JSON. */
  private static String refusal(Socket socket) throws IOException {
    InputStream in = socket.getInputStream();
    ByteArrayOutputStream answer = new ByteArrayOutputStream();
    for (int next = in.read(); next >= 0; next = next == '}' ? -1 : in.read()) {
      answer.write(next);
    }
    return answer.toString(StandardCharsets.US_ASCII);
  }

  private static void refuses(int status, String error, Socket socket) throws IOException {
    String answer = refusal(socket);
    assertTrue(answer.startsWith("HTTP/1.1 %s ".formatted(status)), answer);
    assertTrue(answer.endsWith("\r\n\r\n{\"error\": \"%s\"}".formatted(error)), answer);
  }

  private static void answersOthers(DigitServer server) throws IOException {
    try (Socket socket = sent(server, PAGE)) {
      assertEquals("HTTP/1.1 200", read(socket, 12));
    }
  }

  private static String read(Socket socket, int bytes) throws IOException {
    return new String(socket.getInputStream().readNBytes(bytes), StandardCharsets.US_ASCII);
  }

  // ---- nonsense --------------------------------------------------------------------------------

  @Test
  void aBodyThatCannotBeReadIsToldAndNotWaitedFor() throws Exception {
    String chunked = "POST /classify HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
    String error = "the body ends too early, or a chunk of it is malformed";
    DigitServer server = server(DigitModel.embedded(), LONG);
    for (String chunk : List.of("fffffffff\r\nabc", "ZZ\r\nabc", "3\r\nabcd")) {
      try (Socket socket = sent(server, chunked + chunk)) {
        refuses(400, error, socket);
        assertEquals(-1, socket.getInputStream().read());
      }
    }
    try (Socket socket = sent(server, WITHOUT_ITS_BODY + "abc")) {
      socket.shutdownOutput();
      refuses(400, error, socket);
    }
    answersOthers(server);
    server.close();
  }

  // ---- halves ----------------------------------------------------------------------------------

  @Test
  void aRequestThatComesTooSlowlyIsTold() throws Exception {
    try (DigitServer server = server(DigitModel.embedded(), 2000);
        Socket socket = sent(server, WITHOUT_ITS_BODY + "abc")) {
      refuses(408, "the request is not complete after 2000 ms", socket);
      assertEquals(-1, socket.getInputStream().read());
      for (int i = 0; i < 3; i++) { // nobody else is interrupted
        answersOthers(server);
      }
    }
  }

  @Test
  void halvesOfRequestsKeepNobodyWaiting() throws Exception {
    DigitServer server = server(DigitModel.embedded(), LONG);
    List<Socket> halves = new ArrayList<>();
    List<Socket> bodies = new ArrayList<>();
    for (int i = 0; i < MANY; i++) {
      halves.add(sent(server, HALF_A_LINE));
      halves.add(sent(server, REFUSED_WITHOUT_ITS_BODY));
      bodies.add(sent(server, WITHOUT_ITS_BODY));
    }
    answersOthers(server);
    for (int i = 1; i < halves.size(); i += 2) {
      refuses(405, "POST, expected GET or HEAD", halves.get(i));
    }
    for (Socket socket : bodies) { // these would still be read, and then answered
      socket.close();
    }
    server.close(); // the others are not waited for
    for (Socket socket : halves) {
      socket.close();
    }
  }

  @Test
  void largeImagesAreReadWhereThereIsMemoryForThem() throws Exception {
    int most = 1 << 30;
    long places = Math.max(1, Runtime.getRuntime().maxMemory() / (8L * most));
    List<Socket> sockets = new ArrayList<>();
    List<Callable<String>> answers = new ArrayList<>();
    ExecutorService pool = Executors.newCachedThreadPool();
    try (DigitServer server = ServeTest.server(DigitModel.embedded(), 256, most, LONG)) {
      for (int i = 0; i < places + 1; i++) { // one more than there is room for
        Socket socket = sent(server, WITHOUT_ITS_BODY.replace("100", "100000"));
        sockets.add(socket);
        answers.add(() -> refusal(socket));
      }
      String refused = pool.invokeAny(answers);
      assertTrue(refused.startsWith("HTTP/1.1 503 "), refused);
      assertTrue(refused.endsWith("too many large images are being read\"}"), refused);
      answersOthers(server);
      String small = WITHOUT_ITS_BODY + "x".repeat(100);
      refuses(400, "the body: is no image of a known format", sent(server, small));
      for (Socket socket : sockets) {
        socket.close();
      }
    } finally {
      pool.shutdownNow();
    }
  }

  // ---- clients that do not read ----------------------------------------------------------------

  /** Asks for the page again and again, and does not read it, until no more can be sent. */
  private static SocketChannel deaf(DigitServer server) throws IOException {
    SocketChannel channel = SocketChannel.open(server.address());
    channel.configureBlocking(false);
    ByteBuffer pages = ByteBuffer.wrap(PAGE.repeat(1000).getBytes(StandardCharsets.US_ASCII));
    while (channel.write(pages) > 0) {
      if (!pages.hasRemaining()) {
        pages.rewind();
      }
    }
    return channel;
  }

  /** The bytes of an image with ink. */
  private static byte[] image() throws IOException {
    BufferedImage image = new BufferedImage(28, 28, BufferedImage.TYPE_BYTE_GRAY);
    image.setRGB(14, 14, 0xffffff);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ImageIO.write(image, "png", out);
    return out.toByteArray();
  }

  @Test
  void aStopEndsWhateverClientsAndTheModelDo() throws Exception {
    ServeTest.Slow model = new ServeTest.Slow(); // answers none before the server has stopped
    DigitServer server = server(model, 1000);
    try (SocketChannel deaf = deaf(server);
        Socket half = sent(server, WITHOUT_ITS_BODY);
        Socket asking = sent(server, WITHOUT_ITS_BODY.replace("100", "" + image().length))) {
      asking.getOutputStream().write(image());
      model.begun.await();
      answersOthers(server);
      server.close();
      refuses(503, "there is no answer after 1000 ms", asking);
      assertTrue(deaf.isOpen() && half.isConnected());
    } finally {
      model.goOn.countDown();
    }
  }
}
