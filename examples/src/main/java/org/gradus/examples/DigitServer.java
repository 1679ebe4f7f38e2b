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
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.ops.Ops;
import org.gradus.layers.files.FileFormatException;
import org.gradus.layers.files.Images;

/**
 * A model of digits behind HTTP: {@code POST /classify} with the bytes of an image is answered by
 * {@code {"class": 3, "probabilities": [...]}}, and {@code GET /} by a page to draw on.
 *
 * <p>Each request has a thread, from its first line to its answer; a {@link Batcher} asks the
 * model. What waits for the client, which is to read a body and to write an answer, is done by
 * another thread, and is given up after the timeout: to interrupt that thread closes the
 * connection. There are more threads than images may wait, and if clients hold them all, further
 * connections are closed. How long a client may take for the first lines of a request, only the
 * server of the JDK can limit, by its property {@code sun.net.httpserver.maxReqTime}, which {@link
 * Serve} sets.
 *
 * <p>What goes wrong is told as {@code {"error": "..."}}: 400 for what is no image, 404, 405, 408
 * for a request that comes too slowly, 413 for one that is too large, 415 for a form, 500 if the
 * model fails, 503 if too many wait, memory is short, the answer takes too long, or the server is
 * stopping. First lines that are no HTTP are refused by the server of the JDK, in HTML.
 */
final class DigitServer implements AutoCloseable {
  private static final String JSON = "application/json";
  private static final String PAGE = "serve/index.html";

  /** Threads beyond those whose images wait for the model: for what is being read or written. */
  private static final int SPARE_THREADS = 256;

  private static final int MOST_THREADS = 1 << 14;

  /** The most bytes of an image that is small: any number of these are in memory at once. */
  private static final long SMALL = 1 << 16;

  /** The part of the memory that the bytes of others may fill. */
  private static final double LARGE_SHARE = 0.25;

  /** The most pixels of an image: it is decoded into some ten bytes for each. */
  private static final long MOST_PIXELS = 1L << 22;

  /** How many bytes more than the limit are read, so that a client hears what was wrong. */
  private static final int DRAINED = 1 << 24;

  private final Settings settings;
  private final HttpServer http;
  private final Batcher<NdArray, float[]> batcher;
  private final ExecutorService requests;
  private final ExecutorService transfers = Executors.newCachedThreadPool();
  private final Semaphore largeImages;
  private final Semaphore decoders = new Semaphore(Runtime.getRuntime().availableProcessors());
  private final Set<HttpExchange> unanswered = new HashSet<>();
  private final String page;
  private volatile boolean isClosing;

  /**
   * What can be set.
   *
   * @param address to listen at; port 0 for any
   * @param batch the most images that the model is given at once
   * @param patience how long a batch that is not full may wait for more
   * @param queue how many images may wait
   * @param mostBytes of a request
   * @param timeout for reading the body of a request; again until the model has answered, though
   *     nothing interrupts its decoding; and again for writing the answer
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

  /** What a request is answered. */
  private record Answer(int status, String type, String content) {}

  /** The end of a time. */
  private record Deadline(long nanos) {
    static Deadline in(Duration time) {
      return new Deadline(System.nanoTime() + time.toNanos());
    }

    /** The nanoseconds until then, or less than 1. */
    long left() {
      return nanos - System.nanoTime();
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
    requests =
        new ThreadPoolExecutor(
            0,
            (int)
                Math.min(MOST_THREADS, (long) settings.queue() + settings.batch() + SPARE_THREADS),
            30,
            TimeUnit.SECONDS,
            new SynchronousQueue<>());
    // What is read is copied once.
    double places = LARGE_SHARE * Runtime.getRuntime().maxMemory() / (2.0 * settings.mostBytes());
    largeImages = new Semaphore((int) Math.max(1, places));
    http.setExecutor(requests);
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

  /**
   * Refuses what comes, and stops once all that came before is answered, or else after twice the
   * timeout and a second, whatever clients do.
   */
  @Override
  public synchronized void close() {
    if (isClosing) {
      return;
    }
    isClosing = true;
    Duration most = settings.timeout().multipliedBy(2).plusSeconds(1);
    awaitAnswers(Deadline.in(most));
    http.stop(0); // closes all connections, which ends whatever is read or written
    batcher.refuse();
    requests.shutdown();
    transfers.shutdown();
  }

  private void awaitAnswers(Deadline deadline) {
    boolean wasInterrupted = false;
    synchronized (unanswered) {
      while (!unanswered.isEmpty() && deadline.left() > 0) {
        try {
          TimeUnit.NANOSECONDS.timedWait(unanswered, deadline.left());
        } catch (InterruptedException e) {
          wasInterrupted = true; // what was accepted is answered first
        }
      }
    }
    if (wasInterrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static String page() throws IOException {
    try (InputStream in = DigitServer.class.getResourceAsStream(PAGE)) {
      return new String(Objects.requireNonNull(in, PAGE).readAllBytes(), StandardCharsets.UTF_8);
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

  private void handle(HttpExchange exchange) throws IOException {
    synchronized (unanswered) {
      if (!isClosing) { // a stop does not wait for those that come meanwhile
        unanswered.add(exchange);
      }
    }
    try {
      respond(exchange, answer(exchange));
    } finally {
      end(exchange);
    }
  }

  /** A request that has its answer, or cannot get one; once more does nothing. */
  private void end(HttpExchange exchange) {
    synchronized (unanswered) {
      unanswered.remove(exchange);
      unanswered.notifyAll();
    }
  }

  /**
   * What a request is answered.
   *
   * @throws IOException if the client was told already, since the request cannot be read
   */
  private Answer answer(HttpExchange exchange) throws IOException {
    try {
      if (isClosing) {
        throw new Refusal(503, "the server is stopping");
      }
      switch (exchange.getRequestURI().getPath()) {
        case "/" -> {
          requireMethod(exchange, "GET", "HEAD");
          return new Answer(200, "text/html; charset=utf-8", page);
        }
        case "/classify" -> {
          requireMethod(exchange, "POST");
          return new Answer(200, JSON, json(probabilities(digit(exchange))));
        }
        default -> throw new Refusal(404, "there are / to draw, and /classify to post an image to");
      }
    } catch (Refusal e) {
      return refusal(exchange, e.status, String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      return refusal(exchange, 503, "the server is stopping");
    } catch (OutOfMemoryError e) { // what did not fit is gone
      return refusal(exchange, 503, "the server has too little memory left");
    } catch (RuntimeException | Error e) {
      return refusal(exchange, 500, "the server failed: " + e);
    }
  }

  private static void requireMethod(HttpExchange exchange, String... methods) throws Refusal {
    String found = exchange.getRequestMethod();
    if (!List.of(methods).contains(found)) {
      exchange.getResponseHeaders().set("Allow", String.join(", ", methods));
      throw new Refusal(405, "%s, expected %s".formatted(found, String.join(" or ", methods)));
    }
  }

  // ---- what is asked ---------------------------------------------------------------------------

  /** A digit that was read, and until when it is to be answered. */
  private record Asked(NdArray digit, Deadline deadline) {}

  /** The digit of a request, whose bytes are not needed any more. */
  private Asked digit(HttpExchange exchange) throws IOException, Refusal, InterruptedException {
    Headers headers = exchange.getRequestHeaders();
    String type = Objects.requireNonNullElse(headers.getFirst("Content-Type"), "");
    if (type.toLowerCase(Locale.ROOT).startsWith("multipart/")) {
      throw new Refusal(415, "a form, expected the bytes of an image and nothing around them");
    }
    String length = headers.getFirst("Content-Length");
    if (length != null && Long.parseLong(length) <= SMALL) {
      return digit(body(exchange));
    }
    if (!largeImages.tryAcquire()) {
      throw new Refusal(503, "too many large images are being read");
    }
    try {
      return digit(body(exchange));
    } finally {
      largeImages.release();
    }
  }

  /** All bytes of a request, within the limits. */
  private byte[] body(HttpExchange exchange) throws IOException, Refusal, InterruptedException {
    long millis = settings.timeout().toMillis();
    Future<byte[]> reading = transfers.submit(() -> read(exchange.getRequestBody()));
    byte[] bytes;
    try {
      bytes = reading.get(millis, TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      String text = "the request is not complete after %s ms".formatted(millis);
      throw told(exchange, refusal(exchange, 408, text), e);
    } catch (ExecutionException e) { // the JDK tells wrong chunks by exceptions of several kinds
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      String text = "the body ends too early, or a chunk of it is malformed";
      throw told(exchange, refusal(exchange, 400, text), e);
    } finally {
      reading.cancel(true);
    }
    if (bytes.length > settings.mostBytes()) {
      throw new Refusal(413, "the request has more than %s bytes".formatted(settings.mostBytes()));
    }
    return bytes;
  }

  /** The bytes of a request up to its end, or one more than the limit. */
  private byte[] read(InputStream in) throws IOException {
    byte[] bytes = in.readNBytes(settings.mostBytes() + 1);
    if (bytes.length > settings.mostBytes()) {
      long more = 0;
      byte[] ignored = new byte[1 << 13];
      for (int n = in.read(ignored); n > 0 && more < DRAINED; n = in.read(ignored)) {
        more += n;
      }
    }
    return bytes;
  }

  /** Answers a request that cannot be read. The exception makes the JDK close its connection. */
  private IOException told(HttpExchange exchange, Answer answer, Exception why) throws IOException {
    exchange.getResponseHeaders().set("Connection", "close");
    inTime(() -> write(exchange, answer));
    return new IOException(answer.content(), why);
  }

  private Asked digit(byte[] body) throws Refusal, InterruptedException {
    Deadline deadline = Deadline.in(settings.timeout());
    if (!decoders.tryAcquire(deadline.left(), TimeUnit.NANOSECONDS)) {
      throw new Refusal(503, "too many images are being decoded");
    }
    try {
      NdArray grey = Images.read(body, "the body", 1, MOST_PIXELS);
      return new Asked(DigitImage.of(grey, "the body"), deadline);
    } catch (FileFormatException e) {
      throw new Refusal(400, String.valueOf(e.getMessage()));
    } catch (IOException e) { // bytes that are there already lack nothing but memory
      throw new Refusal(503, String.valueOf(e.getMessage()));
    } finally {
      decoders.release();
    }
  }

  private float[] probabilities(Asked asked) throws Refusal, InterruptedException {
    Future<float[]> answer;
    try {
      answer = batcher.submit(asked.digit());
    } catch (RejectedExecutionException e) {
      throw new Refusal(503, String.valueOf(e.getMessage()));
    }
    try {
      return answer.get(asked.deadline().left(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      answer.cancel(false); // is not computed any more, unless it has begun
      long millis = settings.timeout().toMillis();
      throw new Refusal(503, "there is no answer after %s ms".formatted(millis));
    } catch (ExecutionException e) {
      throw new Refusal(500, "the model failed: " + e.getCause());
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

  private static String error(String message) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < message.length(); i++) {
      char sign = message.charAt(i);
      boolean isPlain = sign >= ' ' && sign != '"' && sign != '\\';
      text.append(isPlain ? String.valueOf(sign) : "\\u%04x".formatted((int) sign));
    }
    return "{\"error\": \"%s\"}".formatted(text);
  }

  private static Answer refusal(HttpExchange exchange, int status, String message) {
    if (status == 503) {
      exchange.getResponseHeaders().set("Retry-After", "1");
    }
    return new Answer(status, JSON, error(message));
  }

  /**
   * Writes an answer, and ends the exchange. A stop does not wait for that end: the JDK first reads
   * what is left of the request, such as the body of one that was refused by its first lines.
   */
  private void respond(HttpExchange exchange, Answer answer) throws IOException {
    inTime(
        () -> {
          write(exchange, answer);
          end(exchange);
          exchange.close();
        });
  }

  /** What is written. */
  private interface Transfer {
    void run() throws IOException;
  }

  /** Waits until something is written, and gives it up if that takes too long. */
  private void inTime(Transfer transfer) throws IOException {
    Future<Boolean> running =
        transfers.submit(
            () -> {
              transfer.run();
              return true;
            });
    try {
      running.get(settings.timeout().toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException | InterruptedException e) {
      throw new IOException("the client is gone, or does not read", e); // nobody can be told
    } finally {
      running.cancel(true);
    }
  }

  private void write(HttpExchange exchange, Answer answer) throws IOException {
    Headers headers = exchange.getResponseHeaders();
    headers.set("Content-Type", answer.type());
    headers.set("Cache-Control", "no-store");
    headers.set("X-Content-Type-Options", "nosniff");
    headers.set(
        "Content-Security-Policy",
        "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline';"
            + " connect-src 'self'; img-src data:");
    if (isClosing) {
      headers.set("Connection", "close");
    }
    byte[] content = answer.content().getBytes(StandardCharsets.UTF_8);
    if (exchange.getRequestMethod().equals("HEAD")) {
      headers.set("Content-Length", String.valueOf(content.length));
      exchange.sendResponseHeaders(answer.status(), -1);
    } else {
      exchange.sendResponseHeaders(answer.status(), content.length);
      exchange.getResponseBody().write(content);
      exchange.getResponseBody().flush();
    }
  }
}
