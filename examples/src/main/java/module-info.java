/** Programs to run; each of them shows one thing that Gradus does. */
module org.gradus.examples {
  requires com.fasterxml.jackson.core;
  requires info.picocli;
  requires java.desktop; // writes images
  requires jdk.httpserver;
  requires org.gradus.onnx;
  requires org.gradus.report;
  requires static org.jspecify;
  requires transitive org.gradus.layers;

  exports org.gradus.examples;

  opens org.gradus.examples to
      info.picocli;
  opens org.gradus.examples.mnist10k to
      org.gradus.layers;
}
