package dev.convene.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BlockTest {
  private static final int ROWS = 100;
  private static final int FEATURES = 30;

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 255, 256, 257, 3000})
  void givesBackEveryBit(int differentValues) {
    float[] x = new float[ROWS * FEATURES];
    for (int i = 0; i < x.length; i++) {
      x[i] = 0.1f * (i * 7919 % differentValues) - 3;
    }
    assertRestores(x, Block.of(ROWS, x.clone(), targets(2)), 2);
  }

  @Test
  void tellsNegativeZeroFromZero() {
    float[] x = new float[ROWS * FEATURES];
    x[1] = -0f;
    x[2] = Float.MIN_VALUE;
    x[3] = Float.MAX_VALUE;
    x[ROWS * FEATURES - 1] = -0f;
    assertRestores(x, Block.of(ROWS, x.clone(), targets(1)), 1);
  }

  @Test
  void takesAByteAValueUpTo256DifferentOnes() throws IOException {
    int n = ROWS * FEATURES;
    assertThat(serializedBytes(256)).isBetween(n, 2 * n);
    assertThat(serializedBytes(257)).isBetween(4 * n, 5 * n);
  }

  @Test
  void staysBelow16Megabytes() {
    for (int features : new int[] {1, 3, 784, 100_000, 4_000_000}) {
      int rows = Block.capacity(features, 1);
      assertThat(4L * rows * (features + 1)).isLessThanOrEqualTo(16 << 20);
      assertThat(4L * (rows + 1) * (features + 1)).isGreaterThan(16 << 20);
    }
    assertThat(Block.capacity(10_000_000, 1)).isEqualTo(1);
  }

  private static int serializedBytes(int differentValues) throws IOException {
    float[] x = new float[ROWS * FEATURES];
    for (int i = 0; i < x.length; i++) {
      x[i] = i % differentValues;
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(Block.of(ROWS, x, targets(1)));
    }
    return bytes.size();
  }

  private static float[] targets(int perRow) {
    float[] targets = new float[ROWS * perRow];
    for (int i = 0; i < targets.length; i++) {
      targets[i] = i / 4f;
    }
    return targets;
  }

  /** Copies the rows backwards to other places. */
  private static void assertRestores(float[] x, Block block, int targetsPerRow) {
    float[] foundX = new float[x.length];
    float[] foundY = new float[ROWS * targetsPerRow];
    for (int row = ROWS - 1; row >= 0; row--) {
      block.copyRow(row, ROWS - 1 - row, foundX, foundY);
    }
    assertThat(block.rows()).isEqualTo(ROWS);
    float[] y = targets(targetsPerRow);
    for (int row = 0; row < ROWS; row++) {
      for (int i = 0; i < FEATURES; i++) {
        assertThat(Float.floatToRawIntBits(foundX[(ROWS - 1 - row) * FEATURES + i]))
            .isEqualTo(Float.floatToRawIntBits(x[row * FEATURES + i]));
      }
      for (int i = 0; i < targetsPerRow; i++) {
        assertThat(foundY[(ROWS - 1 - row) * targetsPerRow + i])
            .isEqualTo(y[row * targetsPerRow + i]);
      }
    }
  }
}
