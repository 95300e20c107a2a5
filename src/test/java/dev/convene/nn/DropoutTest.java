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

  @Test
  void dropsValuesAndDerivativesAlike() {
    float[] values = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
    float[] derivatives = {10, 9, 8, 7, 6, 5, 4, 3, 2, 1};
    float[] factors = factors(0.5f, STREAM, 2, 0, 2, 5);
    assertThat(factors).contains(0f).contains(2f);

    Dropout.apply(0.5f, STREAM, 2, 0, 2, 5, values, derivatives);

    for (int i = 0; i < 10; i++) {
      assertThat(values[i]).isEqualTo((i + 1) * factors[i]);
      assertThat(derivatives[i]).isEqualTo((10 - i) * factors[i]);
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
    float[] values = new float[rows * width];
    Arrays.fill(values, 1);
    Dropout.apply(p, stream, layer, firstRow, rows, width, values, new float[rows * width]);
    return values;
  }
}
