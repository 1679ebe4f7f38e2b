package org.gradus.examples;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.Locale;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A page in a browser without a window, which is told what to do over the DevTools protocol of
 * Chromium.
 *
 * @see <a href="https://chromedevtools.github.io/devtools-protocol/">Chrome DevTools Protocol</a>
 */
final class DevTools implements WebSocket.Listener {
  private static final Pattern LISTENING = Pattern.compile("DevTools listening on ws://([^/]+)/");
  private static final Pattern SOCKET =
      Pattern.compile("\"webSocketDebuggerUrl\": \"(ws://[^\"]+/page/[^\"]+)\"");
  private static final Pattern PICTURE = Pattern.compile("\"data\":\"([^\"]+)\"");
  private static final Pattern VALUE =
      Pattern.compile("\"result\":\\{\"result\":\\{\"type\":\"string\",\"value\":\"([^\"]*)\"");

  private static final Pattern ESCAPED = Pattern.compile("\\\\u([0-9a-f]{4})");

  private final Process browser;
  private final WebSocket socket;
  private final LinkedBlockingQueue<String> answers = new LinkedBlockingQueue<>();
  private final StringBuilder message = new StringBuilder();
  private int sent;

  /** The path of a browser, or an error that says which are looked for. */
  static String browser() {
    return Stream.of("chromium", "google-chrome", "chromium-browser")
        .flatMap(
            name ->
                Arrays.stream(System.getenv("PATH").split(File.pathSeparator, -1))
                    .map(folder -> Path.of(folder, name)))
        .filter(Files::isExecutable)
        .map(Path::toString)
        .findFirst()
        .orElseThrow(() -> new AssertionError("neither chromium nor google-chrome is on the PATH"));
  }

  /** Starts a browser. */
  DevTools(String program, Path profile) throws Exception {
    browser =
        new ProcessBuilder(
                program,
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--remote-debugging-port=0",
                "--user-data-dir=" + profile,
                "about:blank")
            .redirectErrorStream(true)
            .start();
    String host = host(browser.inputReader(StandardCharsets.UTF_8));
    HttpClient client = HttpClient.newHttpClient();
    URI list = URI.create("http://" + host + "/json/list");
    Matcher page = SOCKET.matcher("");
    while (!page.find()) { // it may not be there yet
      Thread.sleep(50);
      page.reset(client.send(HttpRequest.newBuilder(list).build(), BodyHandlers.ofString()).body());
    }
    socket = client.newWebSocketBuilder().buildAsync(URI.create(page.group(1)), this).join();
  }

  private static String host(BufferedReader out) throws IOException {
    StringBuilder all = new StringBuilder();
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      Matcher listening = LISTENING.matcher(line);
      if (listening.find()) {
        return listening.group(1);
      }
      all.append(line).append('\n');
    }
    throw new IOException("the browser has ended: " + all);
  }

  @Override
  public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean isLast) {
    message.append(part);
    if (isLast) {
      String text = message.toString();
      message.setLength(0);
      if (text.startsWith("{\"id\":")) { // and is no event
        answers.add(text);
      }
    }
    from.request(1);
    return null;
  }

  /** Does something, and returns what the browser answers. */
  String call(String method, String parameters) throws Exception {
    sent++;
    socket
        .sendText(
            "{\"id\":%s,\"method\":\"%s\",\"params\":%s}".formatted(sent, method, parameters), true)
        .join();
    String answer = answers.poll(30, TimeUnit.SECONDS);
    if (answer == null || !answer.startsWith("{\"id\":" + sent + ",\"result\"")) {
      throw new IOException(method + ": " + answer);
    }
    return answer;
  }

  /** The value of an expression in the page, as text; it has no double quotes. */
  String text(String expression) throws Exception {
    String answer =
        call("Runtime.evaluate", "{\"expression\":\"String(%s)\"}".formatted(expression));
    Matcher value = VALUE.matcher(answer);
    if (!value.find()) {
      throw new IOException(expression + ": " + answer);
    }
    return ESCAPED
        .matcher(value.group(1))
        .replaceAll(c -> Character.toString(Integer.parseInt(c.group(1), 16)))
        .replace("\\n", "\n");
  }

  /** A window of this size, in a theme: {@code light} or {@code dark}. */
  void window(int width, int height, String theme) throws Exception {
    call(
        "Emulation.setDeviceMetricsOverride",
        "{\"width\":%s,\"height\":%s,\"deviceScaleFactor\":1,\"mobile\":%s}"
            .formatted(width, height, width < 500));
    call(
        "Emulation.setEmulatedMedia",
        "{\"features\":[{\"name\":\"prefers-color-scheme\",\"value\":\"%s\"}]}".formatted(theme));
  }

  /** A key is pressed and released. */
  void key(String key) throws Exception {
    for (String type : new String[] {"keyDown", "keyUp"}) {
      call(
          "Input.dispatchKeyEvent",
          "{\"type\":\"%s\",\"key\":\"%s\"%s}"
              .formatted(
                  type, key, key.equals(" ") && type.equals("keyDown") ? ",\"text\":\" \"" : ""));
    }
  }

  /** Waits until an expression in the page has a value; fails with the last one it had. */
  void await(String expression, String expected) throws Exception {
    String found = "";
    for (int i = 0; i < 200 && !found.equals(expected); i++) {
      Thread.sleep(25);
      found = text(expression);
    }
    if (!found.equals(expected)) {
      throw new AssertionError(expression + " is '" + found + "', expected '" + expected + "'");
    }
  }

  /** The mouse does something at a place of the window. */
  void mouse(String what, double x, double y) throws Exception {
    call(
        "Input.dispatchMouseEvent",
        String.format(
            Locale.ROOT,
            "{\"type\":\"%s\",\"x\":%f,\"y\":%f,\"button\":\"left\",\"buttons\":1,\"clickCount\":1}",
            what,
            x,
            y));
  }

  /** A finger does something at a place of the window; it leaves without a place. */
  void touch(String what, double... place) throws Exception {
    String points =
        place.length == 0
            ? ""
            : String.format(Locale.ROOT, "{\"x\":%f,\"y\":%f}", place[0], place[1]);
    call(
        "Input.dispatchTouchEvent",
        "{\"type\":\"%s\",\"touchPoints\":[%s]}".formatted(what, points));
  }

  /** What the window shows, as a PNG. */
  byte[] picture() throws Exception {
    String answer = call("Page.captureScreenshot", "{\"format\":\"png\"}");
    Matcher data = PICTURE.matcher(answer);
    if (!data.find()) {
      throw new IOException("no picture: " + answer);
    }
    return Base64.getDecoder().decode(data.group(1));
  }

  /** Ends the browser. */
  void end() throws Exception {
    socket.abort();
    browser.destroy();
    browser.waitFor(30, TimeUnit.SECONDS);
    browser.destroyForcibly().waitFor();
  }
}
