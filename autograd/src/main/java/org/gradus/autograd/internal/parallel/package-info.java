/**
 * Threads and memory for kernels: {@link org.gradus.autograd.internal.parallel.Parallel} cuts a
 * loop into parts for a {@link org.gradus.autograd.internal.parallel.Team} of threads, and a {@link
 * org.gradus.autograd.internal.parallel.Pool} keeps arrays to be used again. Not part of the public
 * API.
 *
 * <p>A kernel asks {@code Parallel} for a loop over independent parts of its result. How many parts
 * there are depends on sizes alone, never on the number of threads, so that results have the same
 * bits on any number of threads. Who does a part is left open, but a thread begins where it began
 * in the loop before ({@code Shares}), since two cores may share no cache. The memory that a thread
 * works in is mostly a {@code DoubleMemory}: arrays from the pool, which hold anything at first,
 * and which go back when the thread has done its share.
 */
@NullMarked
package org.gradus.autograd.internal.parallel;

import org.jspecify.annotations.NullMarked;
