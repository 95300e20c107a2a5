package dev.convene.html;

import dev.convene.report.CalibrationBin;
import dev.convene.report.ClassificationMetrics;
import dev.convene.report.ScoreHistogram;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** What a classifier's probabilities are worth: calibration, ROC and precision-recall curves. */
final class ScoresSection {
  private static final int MOST_CURVES = 10;
  private static final int STEPS = 200;
  private static final double[] SHARES =
      IntStream.rangeClosed(0, STEPS).mapToDouble(i -> (double) i / STEPS).toArray();

  private ScoresSection() {}

  /** A class's curves, at the shares of {@link #SHARES}. */
  private static final class Curves {
    private final int ofClass;
    private final double[] truePositives;
    private final double[] precision;

    private Curves(int ofClass, double[] truePositives, double[] precision) {
      this.ofClass = ofClass;
      this.truePositives = truePositives;
      this.precision = precision;
    }

    int ofClass() {
      return ofClass;
    }

    double[] truePositives() {
      return truePositives;
    }

    double[] precision() {
      return precision;
    }

    static Curves of(ScoreHistogram scores, int ranked) {
      List<ScoreHistogram.Point> points = scores.curve(ranked);
      ScoreHistogram.Point none =
          new ScoreHistogram.Point(0, 0, points.isEmpty() ? Double.NaN : points.get(0).precision());
      return new Curves(
          scores.ofClass(ranked),
          along(
              none,
              points,
              ScoreHistogram.Point::falsePositiveRate,
              ScoreHistogram.Point::truePositiveRate),
          along(
              none,
              points,
              ScoreHistogram.Point::truePositiveRate,
              ScoreHistogram.Point::precision));
    }

    /** Straight between points; of several at one place the last. */
    private static double[] along(
        ScoreHistogram.Point first,
        List<ScoreHistogram.Point> points,
        ToDoubleFunction<ScoreHistogram.Point> x,
        ToDoubleFunction<ScoreHistogram.Point> y) {
      double[] values = new double[SHARES.length];
      ScoreHistogram.Point before = first;
      int next = 0;
      for (int i = 0; i < values.length; i++) {
        while (next < points.size() && x.applyAsDouble(points.get(next)) <= SHARES[i]) {
          before = points.get(next++);
        }
        if (next == points.size()) {
          values[i] = points.isEmpty() ? Double.NaN : y.applyAsDouble(before);
        } else {
          double from = x.applyAsDouble(before);
          double share = (SHARES[i] - from) / (x.applyAsDouble(points.get(next)) - from);
          values[i] =
              y.applyAsDouble(before)
                  + share * (y.applyAsDouble(points.get(next)) - y.applyAsDouble(before));
        }
      }
      return values;
    }

    double meanTruePositives() {
      return IntStream.range(0, SHARES.length)
          .mapToDouble(i -> truePositives[i])
          .average()
          .orElse(0);
    }
  }

  static Element of(
      Page page,
      ClassificationMetrics metrics,
      Optional<ScoreHistogram> scores,
      List<String> names) {
    Element charts = Element.classed("div", "charts three").add(page.chart(calibration(metrics)));
    Element section = Tables.section("Probabilities");
    StringBuilder text =
        new StringBuilder("Expected calibration error ")
            .append(Figures.fixed(metrics.expectedCalibrationError()));
    metrics
        .areasUnderCurves()
        .ifPresent(
            areas ->
                text.append(", area under ROC ")
                    .append(Figures.fixed(areas.roc()))
                    .append(", under precision-recall ")
                    .append(Figures.fixed(areas.precisionRecall())));
    scores.ifPresent(
        histogram -> {
          List<Curves> curves =
              IntStream.range(0, histogram.ranked())
                  .mapToObj(ranked -> Curves.of(histogram, ranked))
                  .filter(one -> Double.isFinite(one.meanTruePositives()))
                  .sorted(Comparator.comparingDouble(Curves::meanTruePositives))
                  .limit(MOST_CURVES)
                  .sorted(Comparator.comparingInt(Curves::ofClass))
                  .toList();
          if (histogram.ranked() > MOST_CURVES) {
            text.append("; the curves are those of the ")
                .append(curves.size())
                .append(" classes that are hardest to tell");
          }
          Chart roc =
              new Chart(
                  Chart.Kind.LINES,
                  "ROC, each class against the others",
                  "false positive rate",
                  SHARES);
          Chart recall = new Chart(Chart.Kind.LINES, "Precision over recall", "recall", SHARES);
          for (Curves one : curves) {
            roc.series(names.get(one.ofClass()), one.truePositives());
            recall.series(names.get(one.ofClass()), one.precision());
          }
          if (!curves.isEmpty()) {
            charts
                .add(page.chart(roc.reference("by chance", SHARES).xRange(0, 1).yRange(0, 1)))
                .add(page.chart(recall.xRange(0, 1).yRange(0, 1)));
          }
        });
    return section
        .add(Element.classed("p", "soft").text(text.append('.').toString()))
        .add(charts)
        .add(bins(metrics.calibration()));
  }

  private static Chart calibration(ClassificationMetrics metrics) {
    List<CalibrationBin> bins =
        metrics.calibration().stream().filter(bin -> bin.rows() > 0).toList();
    double[] means = bins.stream().mapToDouble(CalibrationBin::meanProbability).toArray();
    return new Chart(
            Chart.Kind.LINES,
            "Calibration: how often a prediction is right",
            "its probability",
            means)
        .series("share right", bins.stream().mapToDouble(CalibrationBin::shareRight).toArray())
        .reference("calibrated", means)
        .xRange(0, 1)
        .yRange(0, 1);
  }

  private static Element bins(List<CalibrationBin> bins) {
    return Element.of("details")
        .add(Element.of("summary", "Calibration as a table"))
        .add(
            Tables.of(
                List.of("probability", "rows", "mean probability", "share right"),
                IntStream.range(0, bins.size())
                    .mapToObj(
                        i ->
                            List.of(
                                "%s to %s".formatted(i / 10.0, (i + 1) / 10.0),
                                Figures.grouped(bins.get(i).rows()),
                                Figures.fixed(bins.get(i).meanProbability()),
                                Figures.fixed(bins.get(i).shareRight())))
                    .toList()));
  }
}
