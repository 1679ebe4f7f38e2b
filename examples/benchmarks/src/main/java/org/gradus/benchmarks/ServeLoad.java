package org.gradus.benchmarks;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.imageio.ImageIO;

/**
 * Measures a running {@code org.gradus.examples.Serve}: clients that each send the next image once
 * they have the answer to the last, for some seconds, after as long a time that is not counted.
 */
final class ServeLoad {
  private static final int SECONDS = 5;

  private ServeLoad() {}

  /** Prints a table for the server of this address, such as {@code http://127.0.0.1:8080/}. */
  public static void main(String[] args) throws Exception {
    measure(URI.create(args[0]).resolve("/classify"), SECONDS, System.out);
    System.exit(0); // the threads of the client go on for a while
  }

  static void measure(URI address, int seconds, PrintStream out) throws Exception {
    List<byte[]> images = images(100);
    out.println("clients  requests/s  median ms  p99 ms");
    for (int clients : new int[] {1, 8, 64}) {
      latencies(address, images, clients, seconds);
      double[] nanos = latencies(address, images, clients, seconds);
      out.println(
          String.format(
              Locale.ROOT,
              "%7d  %10.0f  %9.2f  %6.2f",
              clients,
              nanos.length / (double) seconds,
              nanos[nanos.length / 2] / 1e6,
              nanos[(int) (nanos.length * 0.99)] / 1e6));
    }
  }

  /** How long each request took, in order of length. */
  private static double[] latencies(URI address, List<byte[]> images, int clients, int seconds)
      throws Exception {
    HttpClient client = HttpClient.newHttpClient();
    long end = System.nanoTime() + seconds * 1_000_000_000L;
    List<Callable<List<Long>>> tasks = new ArrayList<>();
    for (int c = 0; c < clients; c++) {
      int first = c;
      tasks.add(
          () -> {
            List<Long> nanos = new ArrayList<>();
            for (int i = first; System.nanoTime() < end; i++) {
              long start = System.nanoTime();
              HttpResponse<String> answer =
                  client.send(
                      HttpRequest.newBuilder(address)
                          .POST(BodyPublishers.ofByteArray(images.get(i % images.size())))
                          .build(),
                      BodyHandlers.ofString());
              nanos.add(System.nanoTime() - start);
              if (answer.statusCode() != 200) {
                throw new IOException(answer.statusCode() + ": " + answer.body());
              }
            }
            return nanos;
          });
    }
    ExecutorService pool = Executors.newFixedThreadPool(clients);
    try {
      List<Long> all = new ArrayList<>();
      for (Future<List<Long>> nanos : pool.invokeAll(tasks)) {
        all.addAll(nanos.get());
      }
      double[] sorted = all.stream().mapToDouble(Long::doubleValue).toArray();
      Arrays.sort(sorted);
      return sorted;
    } finally {
      pool.shutdown();
    }
  }

  /** PNG files of ovals of different sizes, black on white, as drawn on a page. */
  private static List<byte[]> images(int count) throws IOException {
    List<byte[]> files = new ArrayList<>();
    for (int n = 0; n < count; n++) {
      BufferedImage image = new BufferedImage(280, 280, BufferedImage.TYPE_INT_RGB);
      Graphics2D pen = image.createGraphics();
      pen.setColor(Color.WHITE);
      pen.fillRect(0, 0, 280, 280);
      pen.setColor(Color.BLACK);
      pen.setStroke(new BasicStroke(22));
      pen.drawOval(60, 40, 20 + n, 200 - n);
      pen.dispose();
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      ImageIO.write(image, "png", out);
      files.add(out.toByteArray());
    }
    return files;
  }
}
