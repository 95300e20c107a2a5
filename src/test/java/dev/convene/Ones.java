package dev.convene;

import java.util.Arrays;

/** The weights of rows that all count alike. */
public final class Ones {
  private Ones() {}

  public static float[] ones(int n) {
    float[] ones = new float[n];
    Arrays.fill(ones, 1);
    return ones;
  }
}
