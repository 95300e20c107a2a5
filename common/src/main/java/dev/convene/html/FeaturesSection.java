package dev.convene.html;

import dev.convene.ml.FeatureImportance;
import dev.convene.report.EvaluatedRow;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** A table's columns: how much the model needs each, and which values it has. */
final class FeaturesSection {
  private static final int MOST_IMPORTANCES = 30;
  private static final int MOST_DISTRIBUTIONS = 24;
  private static final int MOST_CATEGORIES = 5;
  private static final int BINS = 24;

  private FeaturesSection() {}

  /**
   * The section.
   *
   * @param names of the sampled columns
   * @param importances of them, the largest first; empty if they were not found
   */
  static Element of(
      Page page,
      List<EvaluatedRow> sample,
      List<String> names,
      List<FeatureImportance> importances) {
    Element section = Tables.section("Features");
    if (!importances.isEmpty()) {
      section
          .add(Element.of("h3", "Permutation importance"))
          .add(
              Element.classed("p", "soft")
                  .text(
                      "How much larger the loss on %s random test rows gets when a column's values are permuted among"
                              .formatted(Figures.grouped(sample.size()))
                          + " them: mean and standard deviation of three permutations. Of columns that say the same each"
                          + " can seem unimportant."))
          .add(bars(importances));
    }
    Map<String, Integer> places = new LinkedHashMap<>();
    importances.forEach(one -> places.put(one.name(), names.indexOf(one.name())));
    for (int i = 0; i < names.size(); i++) {
      places.putIfAbsent(names.get(i), i);
    }
    Element charts = Element.classed("div", "charts many");
    places.entrySet().stream()
        .limit(MOST_DISTRIBUTIONS)
        .forEach(
            column -> charts.add(distribution(page, column.getKey(), sample, column.getValue())));
    return section
        .add(
            Element.of(
                "h3",
                names.size() > MOST_DISTRIBUTIONS
                    ? "Values of %d columns in %s random test rows"
                        .formatted(MOST_DISTRIBUTIONS, Figures.grouped(sample.size()))
                    : "Values in %s random test rows".formatted(Figures.grouped(sample.size()))))
        .add(charts);
  }

  private static Element bars(List<FeatureImportance> importances) {
    boolean classifies = Double.isFinite(importances.get(0).meanAccuracyDrop());
    Element table =
        Element.classed("table", "bars")
            .add(
                Tables.head(
                    classifies
                        ? List.of("column", "", "loss increase", "±", "accuracy lost")
                        : List.of("column", "", "loss increase", "±")));
    Element body = Element.of("tbody");
    double largest =
        importances.stream().mapToDouble(one -> Math.abs(one.meanLossIncrease())).max().orElse(1);
    for (FeatureImportance one : importances.stream().limit(MOST_IMPORTANCES).toList()) {
      double share = largest == 0 ? 0 : Math.abs(one.meanLossIncrease()) / largest;
      Element line =
          Element.of("tr")
              .add(Tables.rowHeader(one.name()))
              .add(barCell(one.meanLossIncrease() < 0 ? "below" : "above", share))
              .add(Element.of("td", Figures.significant(one.meanLossIncrease())))
              .add(Element.of("td", Figures.significant(one.standardDeviation())));
      if (classifies) {
        line.add(Element.of("td", Figures.percent(one.meanAccuracyDrop())));
      }
      body.add(line);
    }
    return Tables.scrolling(table.add(body));
  }

  private static Element distribution(
      Page page, String name, List<EvaluatedRow> sample, int column) {
    List<Object> present =
        sample.stream().map(row -> row.source(column)).filter(Objects::nonNull).toList();
    int missing = sample.size() - present.size();
    String title = missing == 0 ? name : "%s (%d missing)".formatted(name, missing);
    boolean isNumeric = present.stream().allMatch(Number.class::isInstance);
    return isNumeric ? page.chart(ofNumbers(title, present)) : ofCategories(title, present);
  }

  private static Chart ofNumbers(String title, List<Object> values) {
    Histogram histogram =
        Histogram.of(
            values.stream().mapToDouble(value -> ((Number) value).doubleValue()).toArray(), BINS);
    return new Chart(Chart.Kind.BARS, title, "", histogram.centers())
        .series("rows", histogram.counts())
        .small();
  }

  private static Element ofCategories(String title, List<Object> values) {
    Map<String, Integer> counts = new HashMap<>();
    values.forEach(value -> counts.merge(String.valueOf(value), 1, Integer::sum));
    List<Map.Entry<String, Integer>> mostFirst =
        counts.entrySet().stream()
            .sorted(
                Map.Entry.<String, Integer>comparingByValue()
                    .reversed()
                    .thenComparing(Map.Entry.comparingByKey(Comparator.naturalOrder())))
            .toList();
    int shown = mostFirst.size() == MOST_CATEGORIES + 1 ? mostFirst.size() : MOST_CATEGORIES;
    int others = mostFirst.stream().skip(shown).mapToInt(Map.Entry::getValue).sum();
    int most = Math.max(others, mostFirst.get(0).getValue());
    Element body = Element.of("tbody");
    mostFirst.stream()
        .limit(shown)
        .forEach(entry -> body.add(bar(entry.getKey(), entry.getValue(), most)));
    if (others > 0) {
      body.add(bar("%d others".formatted(mostFirst.size() - shown), others, most));
    }
    return Element.classed("figure", "chart")
        .add(Element.of("h3", title))
        .add(Element.classed("table", "bars few").add(body));
  }

  private static Element bar(String name, int rows, int most) {
    return Element.of("tr")
        .add(Tables.rowHeader(name))
        .add(barCell("above", (double) rows / most))
        .add(Element.of("td", Figures.grouped(rows)));
  }

  private static Element barCell(String className, double share) {
    return Element.classed("td", "bar")
        .add(
            Element.classed("i", className)
                .with("style", String.format(Locale.ROOT, "width:%.1f%%", 100 * share)));
  }
}
