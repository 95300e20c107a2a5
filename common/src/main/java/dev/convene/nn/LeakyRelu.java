package dev.convene.nn;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * z where positive, else z times a slope (Maas, Hannun, Ng 2013).
 *
 * @param slope in [0, 1); its derivative at 0, too, as in PyTorch
 */
public record LeakyRelu(double slope) implements Activation {
  /** PyTorch's default, and the lecture's. */
  static final double STANDARD_SLOPE = 0.01;

  private static final String NAME = "leaky-relu";
  private static final Pattern WITH_SLOPE = Pattern.compile(NAME + "\\((.+)\\)");

  /**
   * @throws IllegalArgumentException if the slope is out of range
   */
  public LeakyRelu {
    if (!(slope >= 0 && slope < 1)) {
      throw new IllegalArgumentException("leaky-relu has a slope in [0, 1), and not " + slope);
    }
  }

  /**
   * The one of a description with a slope; empty if it is of another activation.
   *
   * @throws IllegalArgumentException if there is no such slope
   */
  static Optional<Activation> parse(String description) {
    Matcher parts = WITH_SLOPE.matcher(description);
    return parts.matches()
        ? Optional.of(new LeakyRelu(Double.parseDouble(parts.group(1))))
        : Optional.empty();
  }

  @Override
  public String description() {
    return slope == STANDARD_SLOPE ? NAME : NAME + "(" + slope + ")";
  }

  @Override
  public double squaredGain() {
    return Relu.SQUARED_GAIN / (1 + slope * slope);
  }

  @Override
  public void apply(float[] values, int n) {
    float below = (float) slope;
    for (int i = 0; i < n; i++) {
      values[i] = Math.max(values[i], below * values[i]);
    }
  }

  @Override
  public void applyInTraining(float[] values, float[] derivatives, float[] factors, int n) {
    float below = (float) slope;
    for (int i = 0; i < n; i++) {
      float z = values[i];
      float derivative = below + (1 - below) * Relu.indicator(Math.max(z, 0f));
      derivatives[i] = derivative * factors[i];
      values[i] = Math.max(z, below * z) * factors[i];
    }
  }
}
