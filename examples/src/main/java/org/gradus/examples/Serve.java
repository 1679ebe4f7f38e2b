package org.gradus.examples;

import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import org.gradus.autograd.array.NdArray;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Reads digits for others over HTTP, with nothing but the server of the JDK; {@link DigitServer}
 * says what it answers. Its page is to draw digits on. It stops by SIGTERM or Ctrl-C, once all that
 * was accepted is answered, or else after twice the timeout and a second.
 *
 * <pre>
 *   curl --data-binary @three.png http://127.0.0.1:8080/classify
 * </pre>
 *
 * <p>Exit codes: 1 if the model cannot be read or the port is taken, 2 if an option is wrong.
 */
@Command(
    name = "java -cp gradus-examples.jar org.gradus.examples.Serve",
    header = "Reads handwritten digits for others over HTTP, and has a page to draw them on.",
    showDefaultValues = true,
    sortOptions = false,
    usageHelpWidth = 100)
public final class Serve extends Program {
  private static final int MOST_BYTES = 1 << 22;

  @Option(
      names = "--model",
      paramLabel = "FILE",
      description = "What TrainDigits --save has written; an embedded LeNet if none is named.")
  private @Nullable Path model;

  @Option(
      names = "--bind",
      defaultValue = "127.0.0.1",
      paramLabel = "ADDRESS",
      description = "Where to listen; 0.0.0.0 for all of this machine's addresses.")
  private String bind = "";

  @Option(names = "--port", defaultValue = "8080", description = "0 for any that is free.")
  private int port;

  @Option(
      names = "--batch",
      defaultValue = "64",
      description = "The most images that the net is given at once.")
  private int batch;

  @Option(
      names = "--wait",
      defaultValue = "2",
      paramLabel = "MS",
      description = "How long images wait for others while the server is busy.")
  private int wait;

  @Option(names = "--queue", defaultValue = "256", description = "How many images may wait.")
  private int queue;

  @Option(
      names = "--timeout",
      defaultValue = "10000",
      paramLabel = "MS",
      description =
          "For reading a request; again for the model's answer, though decoding an image is not"
              + " interrupted; and again for writing the answer.")
  private int timeout;

  Serve(PrintStream out, PrintStream err) {
    super(out, err);
  }

  /** Serves until it is told to stop. */
  public static void main(String[] args) {
    System.exit(new Serve(System.out, System.err).run(args));
  }

  @Override
  public Integer call() throws InterruptedException {
    require(port >= 0 && port <= 65535, "--port", port, "0 to 65535");
    require(batch >= 1, "--batch", batch, "at least 1");
    require(wait >= 0, "--wait", wait, "at least 0");
    require(queue >= 1, "--queue", queue, "at least 1");
    require(timeout >= 1, "--timeout", timeout, "at least 1");
    limitConnections();
    try {
      Function<NdArray, NdArray> net =
          model == null ? DigitModel.embedded() : DigitModel.load(model);
      DigitServer server = DigitServer.start(settings(), net);
      Runtime.getRuntime().addShutdownHook(new Thread(server::close, "stop"));
      String host = server.address().getHostString();
      out.println(
          "http://%s:%s/"
              .formatted(host.contains(":") ? "[" + host + "]" : host, server.address().getPort()));
      new CountDownLatch(1).await(); // until the process is told to end
    } catch (UnknownHostException e) {
      err.println("--bind is %s: there is no such address".formatted(bind));
    } catch (SocketException e) {
      err.println("--bind is %s and --port is %s: %s".formatted(bind, port, e.getMessage()));
    } catch (IOException e) {
      err.println(message(e));
    }
    return CommandLine.ExitCode.SOFTWARE;
  }

  /**
   * What the server of the JDK is told by properties alone: to write answers at once, to drop
   * connections whose requests are not complete a second after the timeout, and to forget those
   * that were lost while an answer was made or written.
   */
  private void limitConnections() {
    long seconds = (timeout + 999L) / 1000;
    System.setProperty("sun.net.httpserver.nodelay", "true");
    System.setProperty("sun.net.httpserver.maxReqTime", String.valueOf(seconds + 1));
    System.setProperty("sun.net.httpserver.maxRspTime", String.valueOf(2 * seconds + 60));
  }

  private DigitServer.Settings settings() throws UnknownHostException {
    return new DigitServer.Settings(
        new InetSocketAddress(InetAddress.getByName(bind), port),
        batch,
        Duration.ofMillis(wait),
        queue,
        MOST_BYTES,
        Duration.ofMillis(timeout));
  }
}
