package dev.convene.html;

import dev.convene.report.ClassificationMetrics;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** How a classifier does by class: its confusion matrix and the figures of each class. */
final class ClassesSection {
  /** A matrix of more would be no picture any more. */
  private static final int MOST_OF_MATRIX = 50;

  private static final int MOST_CONFUSIONS = 30;

  private final ClassificationMetrics metrics;
  private final List<String> names;
  private final long[][] matrix;

  private ClassesSection(ClassificationMetrics metrics, List<String> names) {
    this.metrics = metrics;
    this.names = names;
    this.matrix = metrics.confusionMatrix();
  }

  /**
   * The section.
   *
   * @param names of all classes
   */
  static Element of(ClassificationMetrics metrics, List<String> names) {
    ClassesSection classes = new ClassesSection(metrics, names);
    Element section = Tables.section("Classes");
    if (names.size() <= MOST_OF_MATRIX) {
      classes.addMatrix(section);
    } else {
      classes.addConfusions(section);
    }
    return section.add(Element.of("h3", "By class")).add(classes.byClass());
  }

  private void addMatrix(Element section) {
    section.add(
        Element.classed("p", "soft")
            .text(
                "A line for each label, a column for each prediction. The colour is the share of the label's rows; of"
                    + " mistakes its root, so that few are seen, too."));
    Element table =
        Element.classed("table", "matrix").add(Element.of("caption", "Confusion matrix"));
    List<String> header = new ArrayList<>(List.of("label"));
    header.addAll(names);
    table.add(Tables.head(header));
    Element body = Element.of("tbody");
    for (int label = 0; label < matrix.length; label++) {
      long rows = LongStream.of(matrix[label]).sum();
      Element line =
          Element.of("tr").add(Tables.rowHeader(names.get(label)).with("title", names.get(label)));
      for (int prediction = 0; prediction < matrix.length; prediction++) {
        line.add(cell(label, prediction, rows));
      }
      body.add(line);
    }
    section
        .add(Tables.scrolling(table.add(body)))
        .add(
            Element.classed("p", "cell soft")
                .with("aria-live", "polite")
                .text("Point at a cell, or walk through the matrix with the arrow keys."));
  }

  private Element cell(int label, int prediction, long rows) {
    long count = matrix[label][prediction];
    double share = rows == 0 ? 0 : (double) count / rows;
    boolean isRight = label == prediction;
    double shade = isRight ? share : Math.sqrt(share);
    String classes = (isRight ? "right" : "wrong") + (shade > 0.55 ? " strong" : "");
    String meaning =
        "%s rows of %s predicted as %s, %s of the label's %s"
            .formatted(
                Figures.grouped(count),
                names.get(label),
                names.get(prediction),
                Figures.percent(share),
                Figures.grouped(rows));
    return Element.classed("td", classes)
        .with("style", String.format(Locale.ROOT, "--v:%.3f", shade))
        .with("title", meaning)
        .with("tabindex", label == 0 && prediction == 0 ? 0 : -1)
        .text(Long.toString(count));
  }

  /** Where there are too many classes for a matrix. */
  private void addConfusions(Element section) {
    record Confusion(int label, int prediction, long rows) {}
    List<Confusion> confusions = new ArrayList<>();
    for (int label = 0; label < matrix.length; label++) {
      for (int prediction = 0; prediction < matrix.length; prediction++) {
        if (label != prediction && matrix[label][prediction] > 0) {
          confusions.add(new Confusion(label, prediction, matrix[label][prediction]));
        }
      }
    }
    confusions.sort(Comparator.comparingLong(Confusion::rows).reversed());
    section
        .add(
            Element.classed("p", "soft")
                .text(
                    "%d classes are too many for a matrix: these are the most frequent mistakes of %s. metrics.json has"
                            .formatted(matrix.length, Figures.grouped(confusions.size()))
                        + " them all."))
        .add(
            Tables.of(
                List.of("label", "predicted as", "rows"),
                confusions.stream()
                    .limit(MOST_CONFUSIONS)
                    .map(
                        one ->
                            List.of(
                                names.get(one.label),
                                names.get(one.prediction),
                                Figures.grouped(one.rows)))
                    .toList()));
  }

  private Element byClass() {
    double[] precision = metrics.precision();
    double[] recall = metrics.recall();
    double[] f1 = metrics.f1();
    List<List<String>> rows = new ArrayList<>();
    IntStream.range(0, Math.min(names.size(), 1000))
        .forEach(
            k ->
                rows.add(
                    List.of(
                        names.get(k),
                        Figures.grouped(Arrays.stream(matrix[k]).sum()),
                        Figures.fixed(precision[k]),
                        Figures.fixed(recall[k]),
                        Figures.fixed(f1[k]))));
    rows.add(
        List.of(
            "mean of classes",
            Figures.grouped(metrics.rows()),
            Figures.fixed(metrics.macroPrecision()),
            Figures.fixed(metrics.macroRecall()),
            Figures.fixed(metrics.macroF1())));
    return Tables.of(List.of("class", "rows", "precision", "recall", "F1"), rows);
  }
}
