package dev.convene.nn;

import dev.ludovic.netlib.blas.BLAS;
import java.util.Arrays;

/**
 * What the layers of one thread's training share: BLAS, and arrays that stay in the cache because
 * all use the same. They grow to what is asked for.
 */
final class Workspace {
  private final BLAS blas;
  private float[] ones = {};
  private float[] scratch = {};

  Workspace(BLAS blas) {
    this.blas = blas;
  }

  BLAS blas() {
    return blas;
  }

  /** At least n times 1, which nobody changes. */
  float[] ones(int n) {
    if (ones.length < n) {
      ones = new float[n];
      Arrays.fill(ones, 1);
    }
    return ones;
  }

  /** Room for n numbers, of which anybody else may make use after the call. */
  float[] scratch(int n) {
    if (scratch.length < n) {
      scratch = new float[n];
    }
    return scratch;
  }
}
