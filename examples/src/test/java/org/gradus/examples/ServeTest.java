package org.gradus.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Transparency;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.WritableRaster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.layers.data.Batch;
import org.gradus.layers.files.IdxDataset;
import org.gradus.layers.files.Images;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ServeTest {
  private static final Pattern ANSWER =
      Pattern.compile("\\{\"class\": (\\d), \"probabilities\": \\[([^\\]]+)\\]\\}");

  private static Batch digits;

  private final HttpClient client = HttpClient.newHttpClient();

  @BeforeAll
  static void readDigits() throws IOException {
    digits = IdxDataset.ofResources(TrainDigits.class, "mnist10k", 10).test().first(64).all();
    // The first time takes longest, and here nobody waits.
    assertEquals(Shape.of(64, 10), DigitModel.embedded().apply(digits.inputs()).shape());
  }

  /** The bytes of a PNG file of a digit. */
  private static byte[] png(int number) throws IOException {
    BufferedImage image = new BufferedImage(28, 28, BufferedImage.TYPE_BYTE_GRAY);
    for (int i = 0; i < 784; i++) {
      image
          .getRaster()
          .setSample(
              i % 28, i / 28, 0, (int) Math.round(255 * digits.inputs().at(number * 784 + i)));
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ImageIO.write(image, "png", out);
    return out.toByteArray();
  }

  static DigitServer server(Function<NdArray, NdArray> model, int queue, int mostBytes, int millis)
      throws IOException {
    return DigitServer.start(
        new DigitServer.Settings(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            16,
            Duration.ofMillis(2),
            queue,
            mostBytes,
            Duration.ofMillis(millis)),
        model);
  }

  private static DigitServer server(Function<NdArray, NdArray> model) throws IOException {
    return server(model, 256, 1 << 20, 30_000);
  }

  private static HttpRequest.Builder to(DigitServer server, String path) {
    return HttpRequest.newBuilder(
        URI.create("http://127.0.0.1:%s%s".formatted(server.address().getPort(), path)));
  }

  private static HttpRequest image(DigitServer server, byte[] bytes) {
    return to(server, "/classify").POST(BodyPublishers.ofByteArray(bytes)).build();
  }

  private HttpResponse<String> send(HttpRequest request) throws Exception {
    return client.send(request, BodyHandlers.ofString());
  }

  private void answers(HttpRequest request) throws Exception {
    HttpResponse<String> answer = send(request);
    assertEquals(200, answer.statusCode(), answer::body);
  }

  private static double[] probabilities(String answer) {
    Matcher matcher = ANSWER.matcher(answer);
    assertTrue(matcher.matches(), answer);
    double[] found =
        Arrays.stream(matcher.group(2).split(", ")).mapToDouble(Double::parseDouble).toArray();
    int best = IntStream.range(0, 10).reduce(0, (a, b) -> found[b] > found[a] ? b : a);
    assertEquals(Integer.parseInt(matcher.group(1)), best);
    return found;
  }

  // ---- answers ---------------------------------------------------------------------------------

  @Test
  void manyClientsGetWhatTheModelSaysOfEachImageAlone() throws Exception {
    Function<NdArray, NdArray> model = DigitModel.embedded();
    try (DigitServer server = server(model)) {
      List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
      for (int i = 0; i < digits.size(); i++) {
        answers.add(client.sendAsync(image(server, png(i)), BodyHandlers.ofString()));
      }
      int right = 0;
      for (int i = 0; i < digits.size(); i++) {
        HttpResponse<String> answer = answers.get(i).get();
        assertEquals(200, answer.statusCode(), answer::body);
        assertEquals("application/json", answer.headers().firstValue("Content-Type").orElse(""));
        double[] found = probabilities(answer.body());
        NdArray grey = Images.read(png(i), "digit", 1, 784);
        NdArray alone = model.apply(DigitImage.of(grey, "digit").reshape(1, 1, 28, 28));
        for (int c = 0; c < 10; c++) {
          assertEquals(alone.at(c), found[c], 1e-6, "image " + i);
        }
        right += answer.body().startsWith("{\"class\": " + digits.labels()[i]) ? 1 : 0;
      }
      assertTrue(right >= 60, right + " of 64");
    }
  }

  @Test
  void thePagePostsToWhereTheServerReads() throws Exception {
    try (DigitServer server = server(DigitModel.embedded())) {
      HttpResponse<String> page = send(to(server, "/").build());
      assertEquals(200, page.statusCode());
      assertEquals(
          "text/html; charset=utf-8", page.headers().firstValue("Content-Type").orElse(""));
      Matcher post =
          Pattern.compile("fetch\\('([^']+)',\\s*\\{method: '(\\w+)', .*'Content-Type': '([^']+)'")
              .matcher(page.body());
      assertTrue(post.find(), "the page posts nothing");
      HttpResponse<String> answer =
          send(
              to(server, post.group(1))
                  .header("Content-Type", post.group(3))
                  .method(post.group(2), BodyPublishers.ofByteArray(png(0)))
                  .build());
      for (String field : List.of("class", "probabilities")) {
        assertTrue(page.body().contains("answer." + field), field);
        assertTrue(answer.body().contains("\"" + field + "\": "), answer::body);
      }
      String refused = send(image(server, new byte[3])).body();
      assertTrue(page.body().contains("answer.error"), "the page shows no errors");
      assertTrue(refused.contains("\"error\": "), refused);
      assertFalse(page.body().matches("(?s).*(https?:)?//\\w.*\\.(js|css|com|org).*"), "a link");
    }
  }

  // ---- refusals --------------------------------------------------------------------------------

  private void refuses(int status, String error, HttpRequest request) throws Exception {
    HttpResponse<String> answer = send(request);
    assertEquals("{\"error\": \"%s\"}".formatted(error), answer.body());
    assertEquals(status, answer.statusCode());
  }

  @Test
  void whatIsWrongIsToldWithItsStatus() throws Exception {
    try (DigitServer server = server(DigitModel.embedded(), 256, 5000, 30_000)) {
      String unknown = "the body: is no image of a known format";
      refuses(400, unknown, image(server, "a \"text\"".getBytes(StandardCharsets.UTF_8)));
      refuses(400, unknown, image(server, new byte[0]));
      ByteArrayOutputStream huge = new ByteArrayOutputStream();
      ImageIO.write(new BufferedImage(2049, 2048, BufferedImage.TYPE_BYTE_BINARY), "png", huge);
      refuses(
          400,
          "the body: an image of 2048 x 2049, 4196352 pixels, expected at least 1 and at most"
              + " 4194304",
          image(server, huge.toByteArray()));
      ByteArrayOutputStream blank = new ByteArrayOutputStream();
      ImageIO.write(new BufferedImage(9, 9, BufferedImage.TYPE_INT_RGB), "png", blank);
      refuses(
          400,
          "the body: has no ink: all pixels are about as bright as those at its border",
          image(server, blank.toByteArray()));
      refuses(
          404,
          "there are / to draw, and /classify to post an image to",
          to(server, "/none").build());
      refuses(405, "GET, expected POST", to(server, "/classify").build());
      refuses(405, "DELETE, expected GET or HEAD", to(server, "/").DELETE().build());
      assertEquals(
          "GET, HEAD",
          send(to(server, "/").DELETE().build()).headers().firstValue("Allow").orElse(""));
      assertEquals(
          "POST", send(to(server, "/classify").build()).headers().firstValue("Allow").orElse(""));
      refuses(
          415,
          "a form, expected the bytes of an image and nothing around them",
          to(server, "/classify")
              .header("Content-Type", "multipart/form-data; boundary=x")
              .POST(BodyPublishers.noBody())
              .build());
      refuses(413, "the request has more than 5000 bytes", image(server, new byte[5001]));
      refuses(413, "the request has more than 5000 bytes", image(server, new byte[1 << 20]));
      answers(image(server, png(0)));
    }
  }

  @Test
  void whatIsAskedForByHeadIsThePageWithoutItsBody() throws Exception {
    try (DigitServer server = server(DigitModel.embedded())) {
      HttpResponse<String> page = send(to(server, "/").build());
      HttpResponse<String> head = send(head(server, "/"));
      assertEquals(200, head.statusCode());
      assertEquals("", head.body());
      for (String name : List.of("Content-Length", "Content-Type", "Cache-Control")) {
        assertEquals(page.headers().firstValue(name), head.headers().firstValue(name));
      }
      assertEquals(405, send(head(server, "/classify")).statusCode());
    }
  }

  @Test
  void anyNumberOfImagesMayWait() throws Exception {
    try (DigitServer server =
        server(DigitModel.embedded(), Integer.MAX_VALUE, 1 << 20, Integer.MAX_VALUE)) {
      answers(image(server, png(0)));
    }
  }

  private static HttpRequest head(DigitServer server, String path) {
    return to(server, path).method("HEAD", BodyPublishers.noBody()).build();
  }

  @Test
  void aModelThatFailsIsToldAndTheNextRequestIsAnswered() throws Exception {
    Function<NdArray, NdArray> good = DigitModel.embedded();
    boolean[] fails = {true};
    try (DigitServer server =
        server(
            images -> {
              if (fails[0]) {
                throw new IllegalStateException("a \\ and\na line");
              }
              return good.apply(images);
            })) {
      refuses(
          500,
          "the model failed: java.lang.IllegalStateException: a \\u005c and\\u000aa line",
          image(server, png(0)));
      fails[0] = false;
      answers(image(server, png(0)));
    }
  }

  /** A model that answers once it may. */
  static final class Slow implements Function<NdArray, NdArray> {
    final CountDownLatch begun = new CountDownLatch(1);
    final CountDownLatch goOn = new CountDownLatch(1);

    @Override
    public NdArray apply(NdArray images) {
      begun.countDown();
      try {
        goOn.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      return NdArray.full(DType.FLOAT32, Shape.of(images.shape().dim(0), 10), 0.1);
    }
  }

  @Test
  void whoWaitsTooLongAndWhoFindsNoPlaceIsTold() throws Exception {
    Slow model = new Slow();
    try (DigitServer server = server(model, 1, 1 << 20, 3000)) {
      byte[] bytes = png(0);
      var first = client.sendAsync(image(server, bytes), BodyHandlers.ofString());
      model.begun.await();
      List<CompletableFuture<HttpResponse<String>>> others = new ArrayList<>();
      for (int i = 0; i < 4; i++) { // one finds a place
        others.add(client.sendAsync(image(server, bytes), BodyHandlers.ofString()));
      }
      int full = 0;
      for (var other : others) {
        HttpResponse<String> answer = other.get();
        assertEquals(503, answer.statusCode(), answer::body);
        assertEquals("1", answer.headers().firstValue("Retry-After").orElse(""));
        full += answer.body().contains("1 requests are waiting already") ? 1 : 0;
      }
      assertEquals(3, full);
      assertEquals(503, first.get().statusCode());
      assertEquals("{\"error\": \"there is no answer after 3000 ms\"}", first.get().body());
      model.goOn.countDown();
      answers(image(server, bytes));
    }
  }

  // ---- the end ---------------------------------------------------------------------------------

  @Test
  void whatWasAcceptedIsAnsweredBeforeItStops() throws Exception {
    Slow model = new Slow();
    DigitServer server = server(model);
    var first = client.sendAsync(image(server, png(0)), BodyHandlers.ofString());
    model.begun.await();
    Thread closing = new Thread(server::close);
    closing.start();
    while (closing.getState() != Thread.State.TIMED_WAITING) {
      Thread.onSpinWait();
    }
    Thread closingToo = new Thread(server::close);
    closingToo.start();
    refuses(503, "the server is stopping", image(server, png(0)));
    assertFalse(first.isDone());
    model.goOn.countDown();
    assertEquals(200, first.get().statusCode());
    closingToo.join(); // which one that came later returns from no earlier
    assertThrows(IOException.class, () -> send(image(server, png(0))));
    closing.join();
    server.close(); // once more does nothing
  }

  /** A server in a process of its own. */
  private static Process program(String memory, String... options) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                memory,
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                "org.gradus.examples.Serve",
                "--port",
                "0"));
    command.addAll(List.of(options));
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
  }

  /** 16 bits for each colour: 25 MB once it is decoded. */
  private static byte[] huge() throws IOException {
    ComponentColorModel colours =
        new ComponentColorModel(
            ColorSpace.getInstance(ColorSpace.CS_sRGB),
            false,
            false,
            Transparency.OPAQUE,
            DataBuffer.TYPE_USHORT);
    WritableRaster raster = colours.createCompatibleWritableRaster(2048, 2048);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ImageIO.write(new BufferedImage(colours, raster, false, null), "png", out);
    return out.toByteArray();
  }

  @Test
  void tooLittleMemoryIsTheServersFaultAndHalfOfALineIsNotWaitedForLong() throws Exception {
    Process process = program("-Xmx32m", "--timeout", "2000");
    try (var out = process.inputReader(StandardCharsets.UTF_8)) {
      URI address = URI.create(String.valueOf(out.readLine()));
      try (Socket socket = new Socket(address.getHost(), address.getPort())) {
        socket.getOutputStream().write("GET / HT".getBytes(StandardCharsets.US_ASCII));
        HttpResponse<String> answer =
            send(
                HttpRequest.newBuilder(address.resolve("classify"))
                    .POST(BodyPublishers.ofByteArray(huge()))
                    .build());
        assertEquals(503, answer.statusCode(), answer::body);
        assertTrue(answer.body().contains("memory"), answer::body);
        assertEquals(-1, socket.getInputStream().read());
      }
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void theProgramServesUntilItIsToldToEnd() throws Exception {
    Process process = program("-Xmx1g");
    try (var out = process.inputReader(StandardCharsets.UTF_8)) {
      String address = out.readLine();
      assertTrue(address != null && address.matches("http://127\\.0\\.0\\.1:\\d+/"), address);
      HttpResponse<String> answer =
          send(
              HttpRequest.newBuilder(URI.create(address + "classify"))
                  .POST(BodyPublishers.ofByteArray(png(0)))
                  .build());
      assertEquals(200, answer.statusCode(), answer::body);
      process.destroy(); // SIGTERM
      assertTrue(process.waitFor(30, TimeUnit.SECONDS), "it does not end");
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void wrongOptionsAreRefusedInWords() {
    refuses(2, "--port is 65536, expected 0 to 65535", "--port", "65536");
    refuses(2, "--batch is 0, expected at least 1", "--batch", "0");
    refuses(2, "--wait is -1, expected at least 0", "--wait", "-1");
    refuses(2, "--queue is 0, expected at least 1", "--queue", "0");
    refuses(2, "--timeout is 0, expected at least 1", "--timeout", "0");
    refuses(1, "none.safetensors: there is no such file", "--model", "none.safetensors");
  }

  @Test
  void anAddressThatCannotBeListenedAtIsToldByItsOptions() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String port = String.valueOf(taken.getLocalPort());
      String text = "--bind is 127.0.0.1 and --port is %s: Address already in use";
      refuses(1, text.formatted(port), "--port", port);
    }
  }

  private static void refuses(int code, String text, String... arguments) {
    Printed said = new Printed();
    assertEquals(code, new Serve(said.stream(), said.stream()).run(arguments), said::toString);
    assertTrue(said.toString().startsWith(text + "\n"), said::toString);
  }
}
