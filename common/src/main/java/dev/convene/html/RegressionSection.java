package dev.convene.html;

import dev.convene.report.EvaluatedRow;
import dev.convene.report.RegressionMetrics;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** How far a regression's predictions are from the labels. */
final class RegressionSection {
  private static final int BINS = 30;
  private static final int MOST_OUTPUTS = 6;

  private RegressionSection() {}

  /**
   * The section.
   *
   * @param names of all outputs
   * @param sample random test rows
   */
  static Element of(
      Page page, RegressionMetrics metrics, List<String> names, List<EvaluatedRow> sample) {
    Element section = Tables.section("Predictions");
    List<List<String>> rows = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      RegressionMetrics.Output output = metrics.byOutput().get(i);
      rows.add(line(names.get(i), output.rmse(), output.mae(), output.r2()));
    }
    if (names.size() > 1) {
      rows.add(line("all", metrics.rmse(), metrics.mae(), metrics.r2()));
    }
    section.add(Tables.of(List.of("label", "RMSE", "mean absolute error", "R²"), rows));
    if (sample.isEmpty()) {
      return section;
    }
    section.add(
        Element.of(
            "h3",
            sample.size() < metrics.rows()
                ? "Of %s random test rows".formatted(Figures.grouped(sample.size()))
                : "Of all test rows"));
    Element charts = Element.classed("div", "charts");
    for (int output = 0; output < Math.min(names.size(), MOST_OUTPUTS); output++) {
      charts
          .add(page.chart(predicted(names.get(output), sample, output)))
          .add(page.chart(residuals(names.get(output), sample, output)));
    }
    return section.add(charts);
  }

  private static List<String> line(String name, double rmse, double mae, double r2) {
    return List.of(
        name, Figures.significant(rmse), Figures.significant(mae), Figures.significant(r2));
  }

  private static Chart predicted(String name, List<EvaluatedRow> sample, int output) {
    List<EvaluatedRow> ascending =
        sample.stream().sorted(Comparator.comparingDouble(row -> row.label(output))).toList();
    double[] labels = ascending.stream().mapToDouble(row -> row.label(output)).toArray();
    return new Chart(Chart.Kind.POINTS, name + ": predicted over true", "true", labels)
        .series("predicted", ascending.stream().mapToDouble(row -> row.output(output)).toArray())
        .reference("perfect", labels);
  }

  private static Chart residuals(String name, List<EvaluatedRow> sample, int output) {
    double[] errors =
        sample.stream().mapToDouble(row -> row.output(output) - row.label(output)).toArray();
    Histogram histogram = Histogram.of(errors, BINS);
    return new Chart(Chart.Kind.BARS, name + ": residuals", "predicted - true", histogram.centers())
        .series("rows", histogram.counts());
  }
}
