package org.gradus.autograd.testkit;

import java.util.Optional;

/** What is to be known of one thing to hold it to its contract, in one place. */
public interface Row {

  /** Stands in reports; what rows of one name have checked is counted together. */
  String name();

  /** The class of the thing; empty for a function, which has none that a gate can find. */
  Optional<? extends Class<?>> type();

  /** The contract of the thing. */
  Contract contract();
}
