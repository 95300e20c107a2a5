package dev.convene.html;

import dev.convene.train.EpochRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.stream.IntStream;

/** How a training went, epoch by epoch. */
final class CurvesSection {
  /** Of more, no tick would be seen. */
  private static final int MOST_TICKS = 500;

  private final Page page;
  private final List<EpochRecord> history;
  private final OptionalInt kept;
  private final double[] epochs;

  private CurvesSection(Page page, List<EpochRecord> history, OptionalInt kept) {
    this.page = page;
    this.history = history;
    this.kept = kept;
    this.epochs = history.stream().mapToDouble(EpochRecord::epoch).toArray();
  }

  /**
   * The section.
   *
   * @param history not empty
   * @param kept the epoch whose parameters are the model, if epochs were compared
   * @param workers 0 if that is not known
   */
  static Element of(Page page, List<EpochRecord> history, OptionalInt kept, int workers) {
    return new CurvesSection(page, history, kept).section(workers);
  }

  private Element section(int workers) {
    Element charts = Element.classed("div", "charts").add(page.chart(loss()));
    if (history.get(0).trainAccuracy() != null) {
      charts.add(page.chart(accuracy()));
    }
    charts.add(
        page.chart(
            over("Learning rate")
                .series("learning rate", values(EpochRecord::learningRate))
                .yRange(0, 0)));
    charts.add(
        page.chart(
            over("Seconds an epoch, without validation")
                .series("seconds", values(EpochRecord::seconds))
                .yRange(0, 0)));
    return Tables.section("Learning curves")
        .add(Element.classed("p", "soft").text(averages(workers)))
        .add(charts)
        .add(table());
  }

  private Chart loss() {
    Chart chart = marked(over("Loss").series("training", values(EpochRecord::trainLoss)));
    return isValidated() ? chart.series("validation", values(EpochRecord::validationLoss)) : chart;
  }

  private Chart accuracy() {
    Chart chart = marked(over("Accuracy").series("training", values(EpochRecord::trainAccuracy)));
    return isValidated()
        ? chart.series("validation", values(EpochRecord::validationAccuracy))
        : chart;
  }

  private boolean isValidated() {
    return history.get(0).validationLoss() != null;
  }

  private Chart over(String title) {
    return new Chart(Chart.Kind.LINES, title, "epoch", epochs)
        .lastInLegend()
        .xRange(Math.min(epochs[0] - 1, 0), Math.max(1, epochs[epochs.length - 1]));
  }

  private Chart marked(Chart chart) {
    kept.ifPresent(epoch -> chart.mark(epoch, "kept: epoch " + epoch));
    return chart.ticks(averagePlaces());
  }

  /** On the axis of epochs; none if there are too many to see. */
  private double[] averagePlaces() {
    int all = history.stream().mapToInt(EpochRecord::rounds).sum();
    return all > MOST_TICKS
        ? new double[0]
        : history.stream()
            .flatMapToDouble(
                epoch ->
                    IntStream.rangeClosed(1, epoch.rounds())
                        .mapToDouble(round -> epoch.epoch() - 1 + (double) round / epoch.rounds()))
            .toArray();
  }

  private String averages(int workers) {
    if (workers == 1) {
      return "One worker: nothing is averaged. A point is an epoch's mean over its rows, so it stands for"
          + " parameters of half an epoch before.";
    }
    int rounds = history.get(history.size() - 1).rounds();
    String often =
        rounds == 1 ? "once an epoch" : Figures.grouped(rounds) + " times in the last epoch";
    return "%s were averaged %s, %s times in all%s."
        .formatted(
            workers == 0 ? "Workers" : workers + " workers",
            often,
            Figures.grouped(history.stream().mapToLong(EpochRecord::rounds).sum()),
            averagePlaces().length > 0 ? ": the ticks below the curves" : "");
  }

  private Element table() {
    List<List<String>> rows = new ArrayList<>();
    for (EpochRecord epoch : history) {
      rows.add(
          List.of(
              Integer.toString(epoch.epoch()),
              Figures.grouped(epoch.rounds()),
              Figures.grouped(epoch.examples()),
              Figures.fixed(epoch.trainLoss()),
              fixed(epoch.trainAccuracy()),
              fixed(epoch.validationLoss()),
              fixed(epoch.validationAccuracy()),
              Figures.significant(epoch.learningRate()),
              Figures.duration(epoch.seconds())));
    }
    return Element.of("details")
        .add(Element.of("summary", "All epochs as a table"))
        .add(
            Tables.of(
                List.of(
                    "epoch",
                    "averages",
                    "rows",
                    "training loss",
                    "accuracy",
                    "validation loss",
                    "accuracy",
                    "learning rate",
                    "time"),
                rows));
  }

  private static String fixed(Double value) {
    return value == null ? "–" : Figures.fixed(value);
  }

  private double[] values(Function<EpochRecord, Double> of) {
    return history.stream()
        .mapToDouble(
            epoch -> {
              Double value = of.apply(epoch);
              return value == null ? Double.NaN : value;
            })
        .toArray();
  }
}
