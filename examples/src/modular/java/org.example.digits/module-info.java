/** A program of a user: it needs Gradus, and nothing else. */
module org.example.digits {
  requires transitive org.gradus.layers;

  exports org.example.digits;
}
