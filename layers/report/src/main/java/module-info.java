/** A training run as one page for a browser; XChart draws its curves. */
@SuppressWarnings("requires-automatic") // XChart has no module descriptor, but names its module
module org.gradus.report {
  requires java.desktop;
  requires org.knowm.xchart;
  requires static org.jspecify;
  requires transitive org.gradus.layers;

  exports org.gradus.report;
}
