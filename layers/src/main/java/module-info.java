/**
 * Layers, losses, optimisers, data and training, on top of {@link org.gradus.autograd}. For files,
 * FastCSV finds the cells of tables, and {@code java.desktop} has the decoders of images.
 */
module org.gradus.layers {
  requires com.fasterxml.jackson.core;
  requires de.siegmar.fastcsv;
  requires static java.desktop;
  requires static org.jspecify;
  requires transitive org.gradus.autograd;

  exports org.gradus.layers;
  exports org.gradus.layers.data;
  exports org.gradus.layers.files;
  exports org.gradus.layers.init;
  exports org.gradus.layers.optim;
  exports org.gradus.layers.serve;
  exports org.gradus.layers.train;
}
