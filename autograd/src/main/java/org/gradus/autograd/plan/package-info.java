/**
 * Functions worked out ahead for inputs of one shape. {@link org.gradus.autograd.plan.Planner}
 * records what a function computes, and makes a {@link org.gradus.autograd.plan.Plan}:
 *
 * <pre>
 *   Recording    the ops that are called
 *   Draft        the calls of kernels that they are made of, as steps between values
 *   PixelSteps   if digits may differ: the same with channels side by side, each convolution and
 *                product with what follows it (Chains)
 *   MemoryPlan   where the values lie
 *   Workspace    the memory of one run
 * </pre>
 */
@NullMarked
package org.gradus.autograd.plan;

import org.jspecify.annotations.NullMarked;
