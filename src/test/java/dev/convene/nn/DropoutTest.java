package dev.convene.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.convene.nn.RandomStream.Purpose;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DropoutTest {
  private static final RandomStream STREAM = RandomStream.of(1, Purpose.DROPOUT, 1, 0, 0);

  @ParameterizedTest
  @ValueSource(floats = {0.1f, 0.3f, 0.5f, 0.9f})
  void dropsItsShareAndScalesTheRest(float p) {
    for (int width : new int[] {1, 2, 511, 512}) {
      int rows = 40_000 / width;
      float[] kept = factors(p, STREAM, 0, 0, rows, width);

      int n = rows * width;
      int dropped = 0;
      for (float factor : kept) {
        if (factor == 0) {
          dropped++;
        } else {
          assertThat(factor).isEqualTo(1 / (1 - p));
        }
      }
      // Five standard deviations of a share of n independent draws.
      assertThat(dropped / (double) n).isCloseTo(p, within(5 * Math.sqrt(p * (1 - p) / n)));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5, 8})
  void dependsOnTheRowsPlaceInTheMinibatchAlone(int width) {
    float[] whole = factors(0.4f, STREAM, 1, 0, 50, width);
    float[] part = factors(0.4f, STREAM, 1, 20, 30, width);

    assertThat(part).isEqualTo(Arrays.copyOfRange(whole, 20 * width, 50 * width));
  }

  @Test
  void differsFromRowToRowLayerToLayerAndStreamToStream() {
    float[] twoRows = factors(0.5f, STREAM, 0, 0, 2, 64);
    assertThat(Arrays.copyOf(twoRows, 64)).isNotEqualTo(Arrays.copyOfRange(twoRows, 64, 128));
    assertThat(factors(0.5f, STREAM, 1, 0, 2, 64)).isNotEqualTo(twoRows);
    RandomStream nextMinibatch = RandomStream.of(1, Purpose.DROPOUT, 1, 0, 1);
    assertThat(factors(0.5f, nextMinibatch, 0, 0, 2, 64)).isNotEqualTo(twoRows);
  }

  private static float[] factors(
      float p, RandomStream stream, int layer, int firstRow, int rows, int width) {
    float[] factors = new float[rows * width];
    new Dropout(p).draw(stream, layer, firstRow, rows, width, factors);
    return factors;
  }
}
