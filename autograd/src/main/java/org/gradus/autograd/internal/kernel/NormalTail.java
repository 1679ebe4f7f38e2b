package org.gradus.autograd.internal.kernel;

/**
 * What the tail of a normal distribution is beside its density, as two polynomials in single
 * precision: one in |x| below 1, the other in 1 / (|x| + 2) from there on. Each is about a centre
 * where its value, the first coefficient, is a float to ten bits more than that has: so no digit is
 * lost where it is added last. Q(x) = e^(x^2 / 2) (1 - Phi(x)), Phi the standard normal
 * distribution function.
 */
public final class NormalTail {
  /** Near Q, and from the edge on x Q. */
  public static final NormalTail GELU =
      new NormalTail(
          0.3777832f,
          new float[] {
            0.37889138f,
            -0.2558035f,
            0.1411266f,
            -0.06749538f,
            0.028904466f,
            -0.011322094f,
            0.004138205f,
            -0.0013935907f,
            0.0003263889f
          },
          0.26191163f,
          new float[] {
            0.32773325f,
            -0.7405407f,
            -2.4917688f,
            -1.8706194f,
            4.8231897f,
            2.4015152f,
            -17.203907f,
            16.590803f,
            81.5186f
          });

  /** Both (Q - x / (2 pi)^(1/2)) / (a - x), where a is the zero of the numerator. */
  public static final NormalTail SLOPE =
      new NormalTail(
          0.48959962f,
          new float[] {
            0.59742814f,
            -0.10730903f,
            0.05032761f,
            -0.021154711f,
            0.008133958f,
            -0.0028981857f,
            0.00096903037f,
            -0.000321474f,
            9.542306e-05f
          },
          0.24846436f,
          new float[] {
            0.50370646f,
            0.5480459f,
            0.47614798f,
            -0.32650077f,
            -0.60629153f,
            1.0789464f,
            0.4261784f,
            -4.743022f,
            -2.7729456f
          });

  /** Where one polynomial ends and the other begins. */
  public static final float EDGE = 1;

  /** Added to what is from there on, before it divides 1. */
  public static final float SHIFT = 2;

  /** The degree of both. */
  public static final int DEGREE = 8;

  /** The centre of the polynomial below the edge. */
  public final float nearCentre;

  /** The centre of the other. */
  public final float farCentre;

  private final float[] near;
  private final float[] far;

  private NormalTail(float nearCentre, float[] near, float farCentre, float[] far) {
    this.nearCentre = nearCentre;
    this.near = near;
    this.farCentre = farCentre;
    this.far = far;
  }

  /** The coefficient of a power of the distance from the centre, below the edge. */
  public float near(int power) {
    return near[power];
  }

  /** What the bits of one coefficient change in those of the other. */
  public int change(int power) {
    return Float.floatToRawIntBits(near[power]) ^ Float.floatToRawIntBits(far[power]);
  }

  /** Likewise from the edge on. */
  public float far(int power) {
    return far[power];
  }
}
