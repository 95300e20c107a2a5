package dev.convene.blas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.ludovic.netlib.blas.BLAS;
import java.util.Random;

/** Compares a BLAS's sgemm with the definition, C = alpha op(A) op(B) + beta C, column-major. */
final class Sgemm {
  private static final int[] SIZES = {1, 2, 3, 7, 16, 17, 33, 100, 129};

  private Sgemm() {}

  static void check(BLAS blas) {
    Random random = new Random(1);
    for (int m : SIZES) {
      for (int k : SIZES) {
        int n = SIZES[random.nextInt(SIZES.length)];
        check(blas, "N", "N", m, n, k, 1, 0, random);
        check(blas, "N", "T", m, n, k, 1, 1, random);
        check(blas, "T", "N", m, n, k, -0.5f, 0, random);
        check(blas, "T", "T", m, n, k, 2, 0.5f, random);
      }
    }
  }

  private static void check(
      BLAS blas,
      String transposeA,
      String transposeB,
      int m,
      int n,
      int k,
      float alpha,
      float beta,
      Random random) {
    // Offsets and leading dimensions above the least: parts of larger arrays are multiplied too.
    int offset = random.nextInt(3);
    int rowsA = (transposeA.equals("N") ? m : k) + 1;
    int rowsB = (transposeB.equals("N") ? k : n) + 2;
    float[] a = uniform(offset + rowsA * (transposeA.equals("N") ? k : m), random);
    float[] b = uniform(offset + rowsB * (transposeB.equals("N") ? n : k), random);
    float[] c = uniform(offset + m * n, random);
    double[] expected = new double[c.length];
    for (int i = 0; i < c.length; i++) {
      expected[i] = i < offset ? c[i] : beta * c[i];
    }
    for (int row = 0; row < m; row++) {
      for (int column = 0; column < n; column++) {
        for (int i = 0; i < k; i++) {
          float left = a[offset + (transposeA.equals("N") ? row + i * rowsA : i + row * rowsA)];
          float right =
              b[offset + (transposeB.equals("N") ? i + column * rowsB : column + i * rowsB)];
          expected[offset + row + column * m] += (double) alpha * left * right;
        }
      }
    }

    blas.sgemm(
        transposeA,
        transposeB,
        m,
        n,
        k,
        alpha,
        a,
        offset,
        rowsA,
        b,
        offset,
        rowsB,
        beta,
        c,
        offset,
        m);

    for (int i = 0; i < c.length; i++) {
      assertThat((double) c[i])
          .as("%s%s %dx%dx%d element %d", transposeA, transposeB, m, n, k, i)
          .isCloseTo(expected[i], within(1e-5 * (k + 1)));
    }
  }

  private static float[] uniform(int length, Random random) {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = random.nextFloat() - 0.5f;
    }
    return values;
  }
}
