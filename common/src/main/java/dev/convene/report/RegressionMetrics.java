package dev.convene.report;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Locale;

/**
 * Error and goodness of fit of a regression with one or more outputs.
 *
 * @param rows at least 1
 * @param loss the mean squared error over rows and outputs
 * @param r2 1 - (sum of squared errors) / (sum of squared deviations of the labels from their
 *     mean), the mean over outputs; NaN, that is undefined, if an output's labels are all equal
 */
public record RegressionMetrics(long rows, double loss, double r2) implements Metrics {
  /** The root of the mean squared error, in the labels' unit. */
  public double rmse() {
    return Math.sqrt(loss);
  }

  @Override
  public String summary() {
    return String.format(
        Locale.ROOT,
        "rmse %s on %d test rows, r2 %s",
        threeSignificantDigits(rmse()),
        rows,
        Double.isNaN(r2) ? "undefined" : String.format(Locale.ROOT, "%.3f", r2));
  }

  /** Three digits, more only before the decimal point: 1.27, 0.0127, 45232. */
  private static String threeSignificantDigits(double value) {
    if (!Double.isFinite(value)) {
      return Double.toString(value);
    }
    BigDecimal exact = new BigDecimal(value);
    BigDecimal rounded = exact.round(new MathContext(3));
    return (rounded.scale() < 0 ? exact.setScale(0, RoundingMode.HALF_UP) : rounded).toString();
  }
}
