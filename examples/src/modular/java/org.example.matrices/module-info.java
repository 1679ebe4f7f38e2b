/** A program that gives EJML's matrices to Gradus, and so requires EJML too. */
module org.example.matrices {
  requires ejml.core;
  requires org.gradus.autograd;
}
