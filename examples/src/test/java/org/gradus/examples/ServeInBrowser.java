package org.gradus.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * The page of {@link Serve} in Chromium, drawn on by events of a mouse and of a finger. Not of each
 * build, since it needs the browser: {@code CONTRIBUTING.md} says how to run it.
 */
@Timeout(120)
class ServeInBrowser {
  @TempDir(cleanup = CleanupMode.NEVER) // the browser may still write when it is told to end
  private Path profile;

  private DigitServer server;
  private DevTools page;
  private double left;
  private double top;
  private double side;

  @BeforeEach
  void open() throws Exception {
    server =
        DigitServer.start(
            new DigitServer.Settings(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                64,
                Duration.ofMillis(2),
                256,
                1 << 20,
                Duration.ofSeconds(10)),
            DigitModel.embedded());
    page = new DevTools(DevTools.browser(), profile);
  }

  @AfterEach
  void close() throws Exception {
    page.end();
    server.close();
  }

  /** Opens the page in a window of this size. */
  private void show(int width, int height) throws Exception {
    page.window(width, height, "light");
    page.call(
        "Page.navigate",
        "{\"url\":\"http://127.0.0.1:%s/\"}".formatted(server.address().getPort()));
    page.await("document.readyState + (typeof clear)", "completefunction");
    String[] box =
        page.text("(b => [b.left, b.top, b.width].join())(paper.getBoundingClientRect())")
            .split(",", -1);
    left = Double.parseDouble(box[0]);
    top = Double.parseDouble(box[1]);
    side = Double.parseDouble(box[2]);
    assertTrue(left >= 0 && left + side <= width, "the paper is not in the window");
    assertEquals("true", page.text("document.documentElement.scrollWidth <= innerWidth"));
  }

  private double x(double share) {
    return left + share * side;
  }

  private double y(double share) {
    return top + share * side;
  }

  @Test
  void aLineByTheMouseIsAOne() throws Exception {
    show(1000, 800);
    assertEquals("", page.text("result.textContent"));
    page.mouse("mousePressed", x(0.52), y(0.15));
    for (int i = 1; i <= 20; i++) {
      page.mouse("mouseMoved", x(0.52 - 0.004 * i), y(0.15 + 0.035 * i));
    }
    page.mouse("mouseReleased", x(0.44), y(0.85));
    page.await("result.textContent", "1");
    double share = Double.parseDouble(page.text("parseFloat(rows[1].share.textContent)"));
    assertTrue(share > 50, share + " %");
    String width = page.text("rows[1].bar.style.width");
    assertEquals(share, Double.parseDouble(width.replace("%", "")), 0.06);
    page.text("document.getElementById('clear').click()");
    assertEquals("", page.text("result.textContent"));
    page.mouse("mousePressed", x(0.5), y(0.5)); // a blank and a dot
    page.mouse("mouseReleased", x(0.5), y(0.5));
    page.await("result.textContent.length", "1");
  }

  @Test
  void aCircleByAFingerIsANoughtOnAPhone() throws Exception {
    page.call("Emulation.setTouchEmulationEnabled", "{\"enabled\":true}");
    show(360, 640);
    page.touch("touchStart", x(0.5), y(0.2));
    for (int i = 1; i <= 40; i++) {
      double angle = 2 * Math.PI * i / 40;
      page.touch("touchMove", x(0.5 + 0.2 * Math.sin(angle)), y(0.5 - 0.3 * Math.cos(angle)));
    }
    page.touch("touchEnd");
    page.await("result.textContent", "0");
  }

  @Test
  void aServerThatIsGoneIsTold() throws Exception {
    show(1000, 800);
    server.close();
    page.mouse("mousePressed", x(0.5), y(0.2));
    page.mouse("mouseMoved", x(0.5), y(0.8));
    page.mouse("mouseReleased", x(0.5), y(0.8));
    page.await("result.textContent", "The server does not answer.");
  }
}
