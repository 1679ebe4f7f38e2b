/** What is measured in turn: times of two sides, and what their ratios say together. */
@NullMarked
package org.gradus.benchmarks.turns;

import org.jspecify.annotations.NullMarked;
