package dev.convene.html;

import dev.convene.config.Settings;
import dev.convene.data.image.ImageShape;
import dev.convene.ml.NeuralNetworkModel;
import dev.convene.nn.LayerSummary;
import dev.convene.nn.Network;
import dev.convene.report.ClassificationMetrics;
import dev.convene.report.EvaluationSample;
import dev.convene.report.Metrics;
import dev.convene.report.Phase;
import dev.convene.report.RegressionMetrics;
import dev.convene.train.TrainingEnd;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A training or an evaluation as one HTML file, below 1 MB whatever the model and the rows.
 *
 * @param title of the page
 * @param settings secrets in them are hidden as {@link Settings#describe} hides them
 * @param labels the names of classes or outputs; empty if they have none
 * @param end of the training, if it is this run's
 * @param phases where the run's time went; at least one
 * @param test empty if there are no test rows
 */
public record RunReport(
    String title,
    Settings settings,
    NeuralNetworkModel model,
    List<String> labels,
    Optional<TrainingEnd> end,
    List<Phase> phases,
    Optional<TestRows> test) {

  public RunReport {
    labels = List.copyOf(labels);
    phases = List.copyOf(phases);
  }

  /** The file's text. */
  public String html() {
    Page page = new Page(title);
    page.add(Element.of("header").add(Element.of("h1", title)).add(subtitle()));
    page.add(tiles());
    if (!model.history().isEmpty()) {
      page.add(CurvesSection.of(page, model.history(), kept(), model.trainingWorkers()));
    }
    test.ifPresent(rows -> addTest(page, rows));
    page.add(TimesSection.of(phases));
    page.add(SettingsSection.of(settings));
    page.add(
        Element.of("footer")
            .text("Written by Convene. docs/report.md says what is shown. Charts: uPlot (MIT)."));
    return page.html();
  }

  private Element subtitle() {
    Network network = model.network();
    String shapes =
        network.summary().stream().map(LayerSummary::shape).collect(Collectors.joining(", "));
    return Element.classed("p", "soft")
        .text(
            "%s, %s parameters".formatted(shapes, Figures.grouped(network.parameterCount()))
                + test.map(rows -> "; test rows: " + rows.name()).orElse("; no test rows"));
  }

  private Element tiles() {
    Element tiles = Element.classed("div", "tiles");
    test.ifPresent(
        rows -> {
          Metrics metrics = rows.evaluated().metrics();
          if (metrics instanceof ClassificationMetrics classification) {
            tile(tiles, Figures.fixed(classification.accuracy()), "test accuracy");
            tile(tiles, Figures.fixed(metrics.loss()), "test loss");
          } else if (metrics instanceof RegressionMetrics regression) {
            tile(tiles, Figures.significant(regression.rmse()), "test RMSE");
            tile(tiles, Figures.significant(regression.r2()), "test R²");
          }
          tile(tiles, Figures.grouped(metrics.rows()), "test rows");
        });
    if (!model.history().isEmpty()) {
      tile(tiles, Integer.toString(model.history().size()), "epochs");
      end.filter(how -> how.best() != null)
          .ifPresent(how -> tile(tiles, Integer.toString(how.epoch()), "epoch kept"));
      tile(tiles, Integer.toString(model.trainingWorkers()), "workers");
    }
    double seconds = phases.stream().mapToDouble(Phase::seconds).sum();
    return tile(tiles, Figures.duration(seconds), "in all");
  }

  private static Element tile(Element tiles, String value, String name) {
    return tiles.add(
        Element.classed("div", "tile").add(Element.of("b", value)).add(Element.of("span", name)));
  }

  private OptionalInt kept() {
    return end.filter(how -> how.best() != null)
        .map(how -> OptionalInt.of(how.epoch()))
        .orElse(OptionalInt.empty());
  }

  private void addTest(Page page, TestRows rows) {
    Metrics metrics = rows.evaluated().metrics();
    EvaluationSample sample = rows.evaluated().sample();
    List<String> names = names(model.network().outputs());
    boolean hasImages = rows.images().isPresent() && !sample.random().isEmpty();
    if (metrics instanceof ClassificationMetrics classification) {
      if (hasImages) {
        page.add(ImagesSection.ofClasses(sample, names));
      }
      page.add(ClassesSection.of(classification, names));
      page.add(ScoresSection.of(page, classification, sample.scores(), names));
    } else if (metrics instanceof RegressionMetrics regression) {
      page.add(RegressionSection.of(page, regression, names, sample.random()));
      if (hasImages) {
        page.add(ImagesSection.ofNumbers(sample));
      }
    }
    if (rows.images().filter(this::isOneLayerOf).isPresent()) {
      page.add(ImagesSection.ofWeights(model.parameters(), rows.images().orElseThrow(), names));
    }
    if (rows.images().isEmpty() && !rows.columns().isEmpty() && !sample.random().isEmpty()) {
      page.add(FeaturesSection.of(page, sample.random(), rows.columns(), rows.importances()));
    }
  }

  /** Whether the parameters begin with a weight for each class and pixel. */
  private boolean isOneLayerOf(ImageShape images) {
    Network network = model.network();
    return network.summary().size() == 1
        && network.inputs() == images.values()
        && network.parameterCount() == network.outputs() * (network.inputs() + 1);
  }

  private List<String> names(int count) {
    return labels.isEmpty()
        ? new ArrayList<>(IntStream.range(0, count).mapToObj(Integer::toString).toList())
        : labels;
  }
}
