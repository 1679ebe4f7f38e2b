/** Tests of the program in a module of their own, which is open to the engine that runs them. */
open module org.example.digits.tests {
  requires org.example.digits;
  requires org.gradus.autograd.testkit;
  requires org.gradus.layers.testkit;
}
