/** Measurements of Gradus by the Java Microbenchmark Harness. */
@NullMarked
package org.gradus.benchmarks;

import org.jspecify.annotations.NullMarked;
