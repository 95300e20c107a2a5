package dev.convene.report;

import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Lines of cells in aligned columns: the first to the left, the others to the right. */
public final class TextTable {
  private TextTable() {}

  /** A line feed ends each line. */
  public static String of(List<List<String>> lines) {
    int[] widths =
        IntStream.range(0, lines.get(0).size())
            .map(i -> lines.stream().mapToInt(line -> line.get(i).length()).max().orElseThrow())
            .toArray();
    return lines.stream().map(line -> aligned(line, widths)).collect(Collectors.joining());
  }

  private static String aligned(List<String> cells, int[] widths) {
    return IntStream.range(0, cells.size())
        .mapToObj(
            i ->
                i == 0
                    ? cells.get(i) + " ".repeat(widths[i] - cells.get(i).length())
                    : "  " + " ".repeat(widths[i] - cells.get(i).length()) + cells.get(i))
        .collect(Collectors.joining("", "", "\n"));
  }

  /** Four digits after the point; NaN is undefined. */
  static String number(double value) {
    return Double.isNaN(value) ? "undefined" : String.format(Locale.ROOT, "%.4f", value);
  }

  /** All its digits, and an exponent only where there would be many zeros. */
  public static String plain(double value) {
    boolean isLong = value != 0 && (Math.abs(value) < 1e-6 || Math.abs(value) >= 1e7);
    return isLong || !Double.isFinite(value)
        ? Double.toString(value)
        : BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
  }

  /** The names, or 0, 1, ... if there are none. */
  static List<String> namesOrNumbers(List<String> names, int count) {
    if (names.isEmpty()) {
      return IntStream.range(0, count).mapToObj(String::valueOf).toList();
    }
    if (names.size() != count) {
      throw new IllegalArgumentException(
          "There are %d names for %d labels.".formatted(names.size(), count));
    }
    return names;
  }
}
