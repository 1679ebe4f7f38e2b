/** Layers, losses, optimisers, data and training, on top of {@link org.gradus.autograd}. */
module org.gradus.layers {
  requires static org.jspecify;
  requires transitive org.gradus.autograd;

  exports org.gradus.layers;
  exports org.gradus.layers.data;
  exports org.gradus.layers.init;
  exports org.gradus.layers.optim;
  exports org.gradus.layers.train;
}
