/** Gradus beside an engine with native code, in one process. */
@NullMarked
package org.gradus.benchmarks.peer;

import org.jspecify.annotations.NullMarked;
