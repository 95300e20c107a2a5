package dev.convene.report;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * Errors and goodness of fit of a regression with one or more outputs.
 *
 * @param rows at least 1
 * @param byOutput at least one
 */
public record RegressionMetrics(long rows, List<Output> byOutput) implements Metrics {
  /**
   * One output's.
   *
   * @param meanSquaredError over rows
   * @param mae the mean absolute error over rows, in the label's unit
   * @param r2 1 - (sum of squared errors) / (sum of squared deviations of the labels from their
   *     mean); NaN, that is undefined, if the labels are all equal
   */
  public record Output(double meanSquaredError, double mae, double r2) {
    /** The root of the mean squared error, in the label's unit. */
    public double rmse() {
      return Math.sqrt(meanSquaredError);
    }
  }

  public RegressionMetrics {
    byOutput = List.copyOf(byOutput);
  }

  @Override
  public double loss() {
    return mean(Output::meanSquaredError);
  }

  /** The root of the mean squared error over rows and outputs. */
  public double rmse() {
    return Math.sqrt(loss());
  }

  /** The mean absolute error over rows and outputs. */
  public double mae() {
    return mean(Output::mae);
  }

  /** The mean of r2 over outputs; NaN if one is. */
  public double r2() {
    return mean(Output::r2);
  }

  @Override
  public String summary() {
    return String.format(
        Locale.ROOT,
        "rmse %s on %d test rows, r2 %s",
        threeSignificantDigits(rmse()),
        rows,
        threeDecimals(r2()));
  }

  @Override
  public String report(List<String> labels) {
    List<String> names = TextTable.namesOrNumbers(labels, byOutput.size());
    List<List<String>> lines = new ArrayList<>();
    lines.add(List.of("label", "rmse", "mae", "r2"));
    for (int i = 0; i < byOutput.size(); i++) {
      Output output = byOutput.get(i);
      lines.add(line(names.get(i), output.rmse(), output.mae(), output.r2()));
    }
    if (byOutput.size() > 1) {
      lines.add(line("all", rmse(), mae(), r2()));
    }
    return TextTable.of(lines);
  }

  private static List<String> line(String name, double rmse, double mae, double r2) {
    return List.of(
        name, threeSignificantDigits(rmse), threeSignificantDigits(mae), threeDecimals(r2));
  }

  private double mean(ToDoubleFunction<Output> figure) {
    return byOutput.stream().mapToDouble(figure).sum() / byOutput.size();
  }

  private static String threeDecimals(double r2) {
    return Double.isNaN(r2) ? "undefined" : String.format(Locale.ROOT, "%.3f", r2);
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
