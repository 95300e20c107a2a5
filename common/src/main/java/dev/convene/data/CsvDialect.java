package dev.convene.data;

import java.util.Map;
import java.util.TreeMap;

/**
 * How Convene reads and writes csv unless options say otherwise: as RFC 4180 does, like
 * spreadsheets and Python. A quote inside of quotes is doubled, and white space belongs to the
 * value; by Spark's own defaults a backslash escapes the quote, and white space is not written.
 */
public final class CsvDialect {
  /** The name of Spark's data source. */
  static final String FORMAT = "csv";

  private static final String QUOTE = "quote";
  private static final String ESCAPE = "escape";

  private CsvDialect() {}

  /** Whether {@code data.format} or {@code predict.format} is csv. */
  public static boolean isFormat(String format) {
    return format.equalsIgnoreCase(FORMAT);
  }

  /**
   * The options for Spark's csv source, to read or to write.
   *
   * @param chosen the user's, which stand
   * @return a map of its own, whose keys ignore case
   */
  public static Map<String, String> options(Map<String, String> chosen) {
    Map<String, String> options = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    options.put("ignoreLeadingWhiteSpace", "false");
    options.put("ignoreTrailingWhiteSpace", "false");
    options.putAll(chosen);
    String quote = options.getOrDefault(QUOTE, "\"");
    // Without quotes there is nothing to escape.
    if (!quote.isEmpty()) {
      options.putIfAbsent(ESCAPE, quote);
    }
    return options;
  }
}
