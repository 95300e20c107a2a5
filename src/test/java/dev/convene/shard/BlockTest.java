package dev.convene.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.convene.nn.RowBuffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.util.Arrays;
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
    assertRestores(x, FEATURES, 2);
  }

  /** Of wide rows and narrow ones, and gaps that take one byte, two and three. */
  @ParameterizedTest
  @ValueSource(ints = {1, 127, 128, 129, 16_384, 16_385, 20_000})
  void givesBackEveryBitOfSparseRows(int features) {
    float[] x = new float[ROWS * features];
    for (int row = 1; row < ROWS; row++) {
      int at = row * features;
      x[at + (row * 7919) % features] = row + 0.1f;
      x[at + features - 1] = -row;
    }
    assertRestores(x, features, 1);
  }

  @Test
  void tellsNegativeZeroFromZero() {
    float[] x = new float[ROWS * FEATURES];
    x[1] = -0f;
    x[2] = Float.MIN_VALUE;
    x[3] = Float.MAX_VALUE;
    x[ROWS * FEATURES - 1] = -0f;
    assertRestores(x, FEATURES, 1);
  }

  @Test
  void takesAByteAValueUpTo256DifferentOnes() throws IOException {
    int n = ROWS * FEATURES;
    assertThat(serializedBytes(differentValues(256), FEATURES)).isBetween(n, 2 * n);
    assertThat(serializedBytes(differentValues(257), FEATURES)).isBetween(4 * n, 5 * n);
  }

  @Test
  void takesAFewBytesForEachValueButZeroIfThatIsLess() throws IOException {
    int features = 1000;
    float[] x = new float[ROWS * features];
    for (int i = 0; i < ROWS * 14; i++) {
      // Every 71st: 14 of a row, all different.
      x[i * 71] = i;
    }
    int bytes = ROWS * 14 * 5 + ROWS * 8;
    assertThat(serializedBytes(x, features)).isBetween(bytes, bytes + 1000);
  }

  @Test
  void carriesWeightsOnlyIfThereAreAny() throws IOException {
    float[] x = differentValues(10);
    RowBuffer weighted = RowBuffer.of(ROWS, FEATURES, 1);
    System.arraycopy(x, 0, weighted.x(), 0, x.length);
    int without = serializedBytes(Block.of(ROWS, FEATURES, 1, weighted));
    weighted.weights()[3] = 0.25f;
    Block block = Block.of(ROWS, FEATURES, 1, weighted);

    assertThat(serializedBytes(block) - without).isBetween(4 * ROWS, 5 * ROWS);
    assertThat(block.weight(3)).isEqualTo(0.25f);
    assertThat(block.weight(4)).isEqualTo(1);
  }

  @Test
  void keepsNothingOfTheBuffer() {
    for (int differentValues : new int[] {1, 200, 3000}) {
      RowBuffer buffer = RowBuffer.of(ROWS, FEATURES, 1);
      float[] x = differentValues(differentValues);
      System.arraycopy(x, 0, buffer.x(), 0, x.length);
      Arrays.fill(buffer.targets(), 2);
      Arrays.fill(buffer.weights(), 3);
      Block block = Block.of(ROWS, FEATURES, 1, buffer);
      Arrays.fill(buffer.x(), 9);
      Arrays.fill(buffer.targets(), 9);
      Arrays.fill(buffer.weights(), 9);

      block.copyRow(7, 0, buffer);

      assertThat(Arrays.copyOf(buffer.x(), FEATURES))
          .isEqualTo(Arrays.copyOfRange(x, 7 * FEATURES, 8 * FEATURES));
      assertThat(buffer.targets()[0]).isEqualTo(2);
      assertThat(buffer.weights()[0]).isEqualTo(3);
    }
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

  private static float[] differentValues(int number) {
    float[] x = new float[ROWS * FEATURES];
    for (int i = 0; i < x.length; i++) {
      x[i] = i % number;
    }
    return x;
  }

  private static int serializedBytes(float[] x, int features) throws IOException {
    RowBuffer rows = new RowBuffer(x, new float[ROWS], RowBuffer.of(ROWS, 0, 0).weights());
    return serializedBytes(Block.of(ROWS, features, 1, rows));
  }

  private static int serializedBytes(Block block) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(block);
    }
    return bytes.size();
  }

  /** Copies the rows backwards to other places. */
  private static void assertRestores(float[] x, int features, int targetsPerRow) {
    RowBuffer rows = RowBuffer.of(ROWS, features, targetsPerRow);
    System.arraycopy(x, 0, rows.x(), 0, x.length);
    for (int i = 0; i < ROWS * targetsPerRow; i++) {
      rows.targets()[i] = i / 4f;
    }
    for (int row = 0; row < ROWS; row++) {
      rows.weights()[row] = row / 8f;
    }
    Block block = Block.of(ROWS, features, targetsPerRow, rows);
    RowBuffer found = RowBuffer.of(ROWS, features, targetsPerRow);
    Arrays.fill(found.x(), Float.NaN);
    for (int row = ROWS - 1; row >= 0; row--) {
      block.copyRow(row, ROWS - 1 - row, found);
    }
    assertThat(block.rows()).isEqualTo(ROWS);
    for (int row = 0; row < ROWS; row++) {
      int place = ROWS - 1 - row;
      for (int i = 0; i < features; i++) {
        int bits = Float.floatToRawIntBits(found.x()[place * features + i]);
        if (bits != Float.floatToRawIntBits(x[row * features + i])) {
          fail("row %s, feature %s: %s", row, i, Float.intBitsToFloat(bits));
        }
      }
      for (int i = 0; i < targetsPerRow; i++) {
        assertThat(found.targets()[place * targetsPerRow + i])
            .isEqualTo(rows.targets()[row * targetsPerRow + i]);
      }
      assertThat(found.weights()[place]).isEqualTo(row / 8f);
    }
  }
}
