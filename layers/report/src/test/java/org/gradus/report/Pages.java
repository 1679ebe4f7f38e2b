package org.gradus.report;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.ImageArrays;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.ops.ConvOptions;
import org.gradus.layers.Conv2d;
import org.gradus.layers.Flatten;
import org.gradus.layers.GlobalAvgPool2d;
import org.gradus.layers.Layer;
import org.gradus.layers.Linear;
import org.gradus.layers.Relu;
import org.gradus.layers.Sequential;
import org.gradus.layers.train.Epoch;
import org.gradus.layers.train.History;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

/** Reports to look at, and pages as trees of elements. */
final class Pages {
  private Pages() {}

  /** A report whose date stands still, and whose clock goes on by a microsecond. */
  static Report report(String title, Layer net) {
    AtomicLong time = new AtomicLong();
    LongSupplier nanos = () -> time.addAndGet(1000);
    return new Report(
        title, net, Clock.fixed(Instant.parse("2024-05-06T07:08:09Z"), ZoneOffset.UTC), nanos);
  }

  /** A net from images of some channels to three classes. */
  static Layer net(int channels) {
    SplittableRandom random = new SplittableRandom(1);
    return new Sequential(
        new Conv2d(channels, 4, 3, ConvOptions.same(), random),
        new Relu(),
        new GlobalAvgPool2d(),
        new Flatten(),
        new Linear(4, 3, random));
  }

  /** Random images from 0 to 1. */
  static NdArray images(int... dims) {
    return NdArray.rand(DType.FLOAT32, Shape.of(dims), new SplittableRandom(2));
  }

  /** Epochs with these losses, and some of their values below the name {@code val_loss}. */
  static History history(double... losses) {
    List<Epoch> epochs = new ArrayList<>();
    for (double loss : losses) {
      Map<String, Double> values = new LinkedHashMap<>();
      values.put("loss", loss);
      values.put("accuracy", 0.5);
      values.put("val_loss", 2 * loss);
      epochs.add(new Epoch(epochs.size() + 1, 10L * epochs.size() + 10, 0.01, values, 1.5));
    }
    return new History(epochs);
  }

  /** The tree of a page; a page that is no XML fails. */
  static Document parsed(String html) {
    try {
      DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
      factory.setFeature("http://apache.org/xml/features/nonvalidating/load-external-dtd", false);
      DocumentBuilder builder = factory.newDocumentBuilder();
      builder.setErrorHandler(null);
      return builder.parse(new InputSource(new StringReader(html)));
    } catch (ParserConfigurationException | SAXException | IOException e) {
      throw new AssertionError(e.getMessage() + "\n" + html, e);
    }
  }

  static List<Element> elements(Document page, String tag) {
    NodeList nodes = page.getElementsByTagName(tag);
    List<Element> elements = new ArrayList<>();
    for (int i = 0; i < nodes.getLength(); i++) {
      elements.add((Element) nodes.item(i));
    }
    return elements;
  }

  /** The titles of the sections, in order. */
  static List<String> sections(Document page) {
    return elements(page, "h2").stream().map(Element::getTextContent).toList();
  }

  /** The text of a section, each white space one blank. */
  static String section(Document page, String title) {
    return elements(page, "section").stream()
        .map(section -> section.getTextContent().replaceAll("\\s+", " ").strip())
        .filter(text -> text.startsWith(title))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no section " + title));
  }

  /** The pixels of an image in a page, [channels, height, width] from 0 to 1. */
  static NdArray pixels(String uri) {
    String start = "data:image/png;base64,";
    if (!uri.startsWith(start)) {
      throw new AssertionError(uri);
    }
    byte[] png = Base64.getDecoder().decode(uri.substring(start.length()));
    try (var in = new ByteArrayInputStream(png)) {
      return ImageArrays.toArray(DType.FLOAT64, ImageIO.read(in));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
