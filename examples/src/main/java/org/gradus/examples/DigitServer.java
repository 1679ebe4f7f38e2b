package org.gradus.examples;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Phaser;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.ops.Ops;
import org.gradus.layers.files.Images;
import org.jspecify.annotations.Nullable;

/**
 * A model of digits behind HTTP: {@code POST /classify} with the bytes of an image is answered by
 * {@code {"class": 3, "probabilities": [...]}}, and {@code GET /} by a page to draw on.
 *
 * <p>Threads of a pool read requests, decode images and write answers; a {@link Batcher} asks the
 * model. No thread waits for an answer, so a few of them serve many clients.
 *
 * <p>What goes wrong is told as {@code {"error": "..."}}: 400 for what is no image, 404, 405, 408
 * for a request that comes too slowly, 413 for one that is too large, 415 for a form, 500 if the
 * model fails, 503 if too many wait, the answer takes too long, or the server is stopping.
 */
final class DigitServer implements AutoCloseable {
  private static final String JSON = "application/json";
  private static final String PAGE = "serve/index.html";
  private static final int THREADS = 64;

  /** The most pixels of an image: it is decoded into some ten bytes for each. */
  private static final long MOST_PIXELS = 1L << 22;

  /** How many bytes more than the limit are read, so that a client hears what was wrong. */
  private static final int DRAINED = 1 << 24;

  private final Settings settings;
  private final HttpServer http;
  private final Batcher<NdArray, float[]> batcher;
  private final ExecutorService pool = Executors.newFixedThreadPool(THREADS);
  private final ScheduledExecutorService clock = Executors.newScheduledThreadPool(1);
  private final Semaphore decoders = new Semaphore(Runtime.getRuntime().availableProcessors());
  private final Phaser requests = new Phaser(1);
  private final AtomicBoolean isClosing = new AtomicBoolean();
  private final byte[] page;

  /**
   * What can be set.
   *
   * @param address to listen at; port 0 for any
   * @param batch the most images that the model is given at once
   * @param patience how long a batch that is not full may wait for more
   * @param queue how many images may wait
   * @param mostBytes of a request
   * @param timeout for reading a request, and again for its answer
   */
  record Settings(
      InetSocketAddress address,
      int batch,
      Duration patience,
      int queue,
      int mostBytes,
      Duration timeout) {}

  /** A refusal, with its status. */
  private static final class Refusal extends Exception {
    private static final long serialVersionUID = 1L;
    private final int status;

    Refusal(int status, String message) {
      super(message);
      this.status = status;
    }
  }

  private DigitServer(Settings settings, Function<NdArray, NdArray> model) throws IOException {
    this.settings = settings;
    page = page();
    http = HttpServer.create(settings.address(), /* backlog= */ 0);
    batcher =
        new Batcher<>(
            digits -> answers(model, digits),
            settings.batch(),
            settings.patience(),
            settings.queue());
    http.setExecutor(pool);
    http.createContext("/", this::handle);
  }

  /**
   * Starts a server.
   *
   * @param model from images [N, 1, 28, 28] to probabilities [N, 10]
   * @throws IOException if it cannot listen at the address
   */
  static DigitServer start(Settings settings, Function<NdArray, NdArray> model) throws IOException {
    DigitServer server = new DigitServer(settings, model);
    server.http.start();
    return server;
  }

  /** Where it listens. */
  InetSocketAddress address() {
    return http.getAddress();
  }

  /** Answers what was accepted, refuses what comes meanwhile, and stops. */
  @Override
  public void close() {
    if (isClosing.getAndSet(true)) {
      requests.awaitAdvance(0);
      return;
    }
    requests.arriveAndAwaitAdvance();
    batcher.close();
    http.stop(0);
    pool.shutdown();
    clock.shutdown();
  }

  private static byte[] page() throws IOException {
    try (InputStream in = DigitServer.class.getResourceAsStream(PAGE)) {
      return Objects.requireNonNull(in, PAGE).readAllBytes();
    }
  }

  private static List<float[]> answers(Function<NdArray, NdArray> model, List<NdArray> digits) {
    Tensor[] images = digits.stream().map(Tensor::constant).toArray(Tensor[]::new);
    NdArray probabilities = model.apply(Ops.stack(0, images).value());
    int classes = probabilities.shape().dim(1);
    List<float[]> answers = new ArrayList<>();
    for (int i = 0; i < images.length; i++) {
      float[] row = new float[classes];
      for (int c = 0; c < classes; c++) {
        row[c] = (float) probabilities.get(i, c);
      }
      answers.add(row);
    }
    return answers;
  }

  // ---- requests --------------------------------------------------------------------------------

  /** Answers now, or leaves the answer to whoever completes the future. */
  private void handle(HttpExchange exchange) {
    if (requests.register() < 0) { // it has stopped
      exchange.close();
      return;
    }
    try {
      if (isClosing.get()) {
        throw new Refusal(503, "the server is stopping");
      }
      switch (exchange.getRequestURI().getPath()) {
        case "/" -> {
          requireMethod(exchange, "GET");
          respond(exchange, 200, "text/html; charset=utf-8", page);
        }
        case "/classify" -> {
          requireMethod(exchange, "POST");
          classify(exchange);
        }
        default -> throw new Refusal(404, "there are / to draw, and /classify to post an image to");
      }
    } catch (Refusal e) {
      refuse(exchange, e);
    } catch (IOException e) { // the client is gone, or was told that it is too slow
      end(exchange);
    } catch (RuntimeException | Error e) {
      refuse(exchange, new Refusal(500, "the server failed: " + e));
    }
  }

  private static void requireMethod(HttpExchange exchange, String method) throws Refusal {
    String found = exchange.getRequestMethod();
    if (!found.equals(method)) {
      exchange.getResponseHeaders().set("Allow", method);
      throw new Refusal(405, "%s, expected %s".formatted(found, method));
    }
  }

  private void classify(HttpExchange exchange) throws IOException, Refusal {
    NdArray digit = digit(body(exchange));
    CompletableFuture<float[]> answer;
    try {
      answer = batcher.submit(digit);
    } catch (RejectedExecutionException e) {
      throw new Refusal(503, String.valueOf(e.getMessage()));
    }
    var unused =
        answer
            .orTimeout(settings.timeout().toMillis(), TimeUnit.MILLISECONDS)
            .whenCompleteAsync((row, failure) -> answer(exchange, row, failure), pool);
  }

  private void answer(HttpExchange exchange, float[] row, @Nullable Throwable failure) {
    if (failure == null) {
      respond(exchange, 200, JSON, json(row).getBytes(StandardCharsets.UTF_8));
    } else if (failure instanceof TimeoutException) {
      long millis = settings.timeout().toMillis();
      refuse(exchange, new Refusal(503, "there is no answer after %s ms".formatted(millis)));
    } else {
      refuse(exchange, new Refusal(500, "the model failed: " + failure));
    }
  }

  // ---- what is asked ---------------------------------------------------------------------------

  /** All bytes of a request, within the limits. */
  private byte[] body(HttpExchange exchange) throws IOException, Refusal {
    Headers headers = exchange.getRequestHeaders();
    String type = Objects.requireNonNullElse(headers.getFirst("Content-Type"), "");
    if (type.toLowerCase(Locale.ROOT).startsWith("multipart/")) {
      throw new Refusal(415, "a form, expected the bytes of an image and nothing around them");
    }
    Thread reader = Thread.currentThread();
    AtomicBoolean isOver = new AtomicBoolean();
    Future<?> watch =
        clock.schedule(
            () -> tellTooSlow(exchange, reader, isOver),
            settings.timeout().toMillis(),
            TimeUnit.MILLISECONDS);
    try {
      InputStream in = exchange.getRequestBody();
      byte[] bytes = in.readNBytes(settings.mostBytes() + 1);
      if (bytes.length > settings.mostBytes()) {
        long more = 0;
        byte[] ignored = new byte[1 << 13];
        for (int n = in.read(ignored); n > 0 && more < DRAINED; n = in.read(ignored)) {
          more += n;
        }
      }
      if (isOver.getAndSet(true)) {
        awaitInterrupt(watch);
        throw new IOException("too slow");
      }
      if (bytes.length > settings.mostBytes()) {
        throw new Refusal(
            413, "the request has more than %s bytes".formatted(settings.mostBytes()));
      }
      return bytes;
    } finally {
      watch.cancel(false);
    }
  }

  /** So that this thread is interrupted now, and not with its next request. */
  private static void awaitInterrupt(Future<?> watch) {
    try {
      watch.get();
    } catch (InterruptedException | ExecutionException e) {
      // That was it.
    }
  }

  /**
   * Answers a request while its reader waits for more of it, and then interrupts the reader, which
   * closes the connection.
   */
  private void tellTooSlow(HttpExchange exchange, Thread reader, AtomicBoolean isOver) {
    if (isOver.getAndSet(true)) {
      return;
    }
    long millis = settings.timeout().toMillis();
    byte[] text = error("the request is not complete after %s ms".formatted(millis));
    try {
      exchange.getResponseHeaders().set("Content-Type", JSON);
      exchange.getResponseHeaders().set("Connection", "close");
      exchange.sendResponseHeaders(408, text.length);
      exchange.getResponseBody().write(text);
      exchange.getResponseBody().flush(); // to close it would wait for the rest of the request
    } catch (IOException e) {
      // The client is gone.
    } finally {
      reader.interrupt();
    }
  }

  private NdArray digit(byte[] body) throws Refusal {
    boolean isMine = false;
    try {
      isMine = decoders.tryAcquire(settings.timeout().toMillis(), TimeUnit.MILLISECONDS);
      if (!isMine) {
        throw new Refusal(503, "too many images are being decoded");
      }
      return DigitImage.of(Images.read(body, "the body", 1, MOST_PIXELS), "the body");
    } catch (IOException e) {
      throw new Refusal(400, String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      throw new Refusal(503, "the server is stopping");
    } finally {
      if (isMine) {
        decoders.release();
      }
    }
  }

  // ---- what is answered ------------------------------------------------------------------------

  private static String json(float[] probabilities) {
    int best = 0;
    StringBuilder list = new StringBuilder();
    for (int c = 0; c < probabilities.length; c++) {
      best = probabilities[c] > probabilities[best] ? c : best;
      list.append(c == 0 ? "" : ", ").append(probabilities[c]);
    }
    return "{\"class\": %s, \"probabilities\": [%s]}".formatted(best, list);
  }

  private static byte[] error(String message) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < message.length(); i++) {
      char sign = message.charAt(i);
      boolean isPlain = sign >= ' ' && sign != '"' && sign != '\\';
      text.append(isPlain ? String.valueOf(sign) : "\\u%04x".formatted((int) sign));
    }
    return "{\"error\": \"%s\"}".formatted(text).getBytes(StandardCharsets.UTF_8);
  }

  private void refuse(HttpExchange exchange, Refusal refusal) {
    if (refusal.status == 503) {
      exchange.getResponseHeaders().set("Retry-After", "1");
    }
    respond(exchange, refusal.status, JSON, error(String.valueOf(refusal.getMessage())));
  }

  private void respond(HttpExchange exchange, int status, String type, byte[] content) {
    try {
      Headers headers = exchange.getResponseHeaders();
      headers.set("Content-Type", type);
      headers.set("Cache-Control", "no-store");
      headers.set("X-Content-Type-Options", "nosniff");
      headers.set(
          "Content-Security-Policy",
          "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline';"
              + " connect-src 'self'; img-src data:");
      if (isClosing.get()) {
        headers.set("Connection", "close");
      }
      boolean isHead = exchange.getRequestMethod().equals("HEAD"); // refused, without a body
      exchange.sendResponseHeaders(status, isHead ? -1 : content.length);
      if (!isHead) {
        exchange.getResponseBody().write(content);
      }
    } catch (IOException e) {
      // The client is gone; nobody can be told.
    } finally {
      end(exchange);
    }
  }

  /** Each request ends here, once. */
  private void end(HttpExchange exchange) {
    exchange.close();
    requests.arriveAndDeregister();
  }
}
