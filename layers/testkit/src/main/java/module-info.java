/** The contract of a layer, for the built-in layers and for those of other modules. */
module org.gradus.layers.testkit {
  requires static org.jspecify;
  requires transitive org.gradus.autograd.testkit;
  requires transitive org.gradus.layers;

  exports org.gradus.layers.testkit;

  // A gate's tests are methods of the kit that no one but their engine should call.
  opens org.gradus.layers.testkit;
}
