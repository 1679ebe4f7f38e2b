/** The contract of an op, for the built-in ops and for those of other modules. */
module org.gradus.autograd.testkit {
  requires jdk.management; // counts what is allocated
  requires static org.jspecify;
  requires transitive net.jqwik.api;
  requires transitive org.gradus.autograd;
  requires transitive org.junit.jupiter.api;

  exports org.gradus.autograd.testkit;

  // A gate's tests are methods of the kit that no one but their engine should call.
  opens org.gradus.autograd.testkit;

  provides net.jqwik.api.providers.ArbitraryProvider with
      org.gradus.autograd.testkit.DrawnParameters;
}
