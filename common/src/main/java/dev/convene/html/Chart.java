package dev.convene.html;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A chart that the page's script draws: series over shared places on the x axis, which ascend.
 * Values that are not finite are gaps.
 */
final class Chart {
  /** How values are drawn. */
  enum Kind {
    LINES,
    POINTS,
    BARS
  }

  private final Map<String, Object> specification = new LinkedHashMap<>();
  private final List<Map<String, Object>> series = new ArrayList<>();

  Chart(Kind kind, String title, String xLabel, double[] x) {
    specification.put("kind", kind.name().toLowerCase(Locale.ROOT));
    specification.put("title", title);
    specification.put("xLabel", xLabel);
    specification.put("x", finite(x));
    specification.put("series", series);
  }

  /** Adds a series. */
  Chart series(String label, double[] values) {
    series.add(new LinkedHashMap<>(Map.of("label", label, "values", finite(values))));
    return this;
  }

  /** Adds a dashed line of the colour of the series before it. */
  Chart dashed(String label, double[] values) {
    series(label, values);
    series.get(series.size() - 1).put("dashed", true);
    return this;
  }

  /** Adds a thin grey line to compare others with. */
  Chart reference(String label, double[] values) {
    series(label, values);
    series.get(series.size() - 1).put("reference", true);
    return this;
  }

  /** The y axis reaches at least so far. */
  Chart yRange(double from, double to) {
    specification.put("yRange", new double[] {from, to});
    return this;
  }

  /** The x axis reaches so far. */
  Chart xRange(double from, double to) {
    specification.put("xRange", new double[] {from, to});
    return this;
  }

  /** Ticks below the curves. */
  Chart ticks(double[] places) {
    specification.put("ticks", places);
    return this;
  }

  /** A vertical line with a name. */
  Chart mark(double place, String name) {
    specification.put("mark", place);
    specification.put("markName", name);
    return this;
  }

  /** The legend has the values of the last place, unless the pointer is at another. */
  Chart lastInLegend() {
    specification.put("lastInLegend", true);
    return this;
  }

  /** Smaller than others. */
  Chart small() {
    specification.put("small", true);
    return this;
  }

  Map<String, Object> specification() {
    return specification;
  }

  private static List<Double> finite(double[] values) {
    return Arrays.stream(values)
        .mapToObj(value -> Double.isFinite(value) ? (Double) rounded(value) : null)
        .toList();
  }

  /** To six digits, which is more than a screen shows. */
  private static double rounded(double value) {
    return value == 0 ? 0 : new BigDecimal(value).round(new MathContext(6)).doubleValue();
  }
}
