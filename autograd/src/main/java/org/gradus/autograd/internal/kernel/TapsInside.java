package org.gradus.autograd.internal.kernel;

/**
 * Which taps of the windows along one axis lie inside the plane. Those of window o are {@code
 * count[o]} elements, a step apart from {@code first[o]} on, which is relative to where the plane
 * begins. With it, no loop over windows has to look for them; see {@link Axis#inside}.
 */
@SuppressWarnings("ArrayRecordComponent") // a parameter object, which is never compared
public record TapsInside(int[] first, int[] count, int step) {}
