package dev.convene.html;

import dev.convene.train.EpochRecord;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Runs side by side: their metrics with the best marked, the settings that differ, and their curves
 * over each other.
 *
 * @param runs at least two
 */
public record Comparison(List<ComparedRun> runs) {
  /** Of these the least is the best; of all others the most, but for counts. */
  private static final Set<String> LESS_IS_BETTER =
      Set.of("loss", "rmse", "mae", "expectedCalibrationError", "validationLoss", "seconds");

  /** They say what a run was, not how good it is. */
  private static final Set<String> COUNTS = Set.of("rows", "epochs", "workers", "trainLoss");

  public Comparison {
    runs = List.copyOf(runs);
  }

  /**
   * A table of texts.
   *
   * @param header the runs' names after a first cell
   * @param lines each with a name as its first cell
   */
  public record Table(List<String> header, List<Line> lines) {}

  /**
   * A line of a table.
   *
   * @param best by run whether its value is the best; none if all are equal
   */
  public record Line(String name, List<String> values, List<Boolean> best) {}

  /** The metrics that any run has. */
  public Table metrics() {
    Set<String> names = new LinkedHashSet<>();
    for (String name :
        List.of("accuracy", "loss", "macroF1", "areaUnderRoc", "areaUnderPrecisionRecall")) {
      if (runs.stream().anyMatch(run -> run.metrics().containsKey(name))) {
        names.add(name);
      }
    }
    runs.forEach(run -> names.addAll(new TreeSet<>(run.metrics().keySet())));
    return table("metric", names, this::metric);
  }

  private Line metric(String name) {
    double[] values =
        runs.stream().mapToDouble(run -> run.metrics().getOrDefault(name, Double.NaN)).toArray();
    double[] known = Arrays.stream(values).filter(Double::isFinite).toArray();
    double least = Arrays.stream(known).min().orElse(0);
    double most = Arrays.stream(known).max().orElse(0);
    boolean isJudged = known.length > 1 && least < most && !COUNTS.contains(name);
    double best = LESS_IS_BETTER.contains(name) ? least : most;
    return new Line(
        name,
        IntStream.range(0, values.length).mapToObj(i -> Figures.significant(values[i])).toList(),
        IntStream.range(0, values.length).mapToObj(i -> isJudged && values[i] == best).toList());
  }

  /** The settings that differ; a dash for the default. */
  public Table settings() {
    Set<String> keys = new TreeSet<>();
    runs.forEach(run -> keys.addAll(run.settings().keySet()));
    return table(
        "setting",
        keys,
        key ->
            new Line(
                key,
                runs.stream().map(run -> run.settings().getOrDefault(key, "–")).toList(),
                runs.stream().map(run -> false).toList()));
  }

  private Table table(String first, Set<String> names, Function<String, Line> line) {
    return new Table(
        Stream.concat(Stream.of(first), runs.stream().map(ComparedRun::name)).toList(),
        names.stream().map(line).toList());
  }

  /** The page's text. */
  public String html() {
    Page page = new Page("Runs side by side");
    page.add(
        Element.of("header")
            .add(Element.of("h1", "Runs side by side"))
            .add(
                Element.classed("p", "soft")
                    .text(String.join(", ", runs.stream().map(ComparedRun::name).toList()))));
    page.add(
        Tables.section("Metrics")
            .add(Element.classed("p", "soft").text("The best of a line is green."))
            .add(element(metrics())));
    page.add(curves(page));
    Table settings = settings();
    page.add(
        settings.lines().isEmpty()
            ? Tables.section("Settings")
                .add(Element.of("p", "All runs were given the same settings."))
            : Tables.section("Settings that differ").add(element(settings)));
    page.add(Element.of("footer").text("Written by Convene. Charts: uPlot (MIT)."));
    return page.html();
  }

  private static Element element(Table table) {
    Element body = Element.of("tbody");
    for (Line line : table.lines()) {
      Element row = Element.of("tr").add(Tables.rowHeader(line.name()));
      for (int i = 0; i < line.values().size(); i++) {
        row.add(
            line.best().get(i)
                ? Element.classed("td", "best").with("title", "the best").text(line.values().get(i))
                : Element.of("td", line.values().get(i)));
      }
      body.add(row);
    }
    return Tables.scrolling(Element.of("table").add(Tables.head(table.header())).add(body));
  }

  private Element curves(Page page) {
    double[] epochs =
        runs.stream()
            .flatMap(run -> run.history().stream())
            .mapToDouble(EpochRecord::epoch)
            .distinct()
            .sorted()
            .toArray();
    Element charts = Element.classed("div", "charts");
    addChart(charts, page, epochs, "Training loss", EpochRecord::trainLoss);
    addChart(charts, page, epochs, "Validation loss", EpochRecord::validationLoss);
    addChart(charts, page, epochs, "Training accuracy", EpochRecord::trainAccuracy);
    addChart(charts, page, epochs, "Validation accuracy", EpochRecord::validationAccuracy);
    addChart(charts, page, epochs, "Learning rate", EpochRecord::learningRate);
    addChart(charts, page, epochs, "Seconds an epoch, without validation", EpochRecord::seconds);
    return Tables.section("Learning curves").add(charts);
  }

  private void addChart(
      Element charts, Page page, double[] epochs, String title, Function<EpochRecord, Double> of) {
    Chart chart = new Chart(Chart.Kind.LINES, title, "epoch", epochs).lastInLegend();
    List<double[]> all = new ArrayList<>();
    for (ComparedRun run : runs) {
      double[] values = new double[epochs.length];
      for (int i = 0; i < epochs.length; i++) {
        double epoch = epochs[i];
        values[i] =
            run.history().stream()
                .filter(record -> record.epoch() == epoch)
                .findFirst()
                .map(of)
                .orElse(Double.NaN);
      }
      all.add(values);
      chart.series(run.name(), values);
    }
    if (all.stream().flatMapToDouble(Arrays::stream).anyMatch(Double::isFinite)) {
      charts.add(page.chart(chart));
    }
  }
}
