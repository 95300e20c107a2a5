package dev.convene.jobs;

import java.util.Map;
import java.util.TreeMap;

/**
 * How wide tables are written as Parquet unless options say otherwise. Parquet builds a dictionary
 * of the values of each column, all of them at once; those of thousands of columns are in no cache,
 * so that each value of a row costs several accesses to memory.
 */
final class WideParquet {
  private static final String FORMAT = "parquet";

  private static final String DICTIONARY_BYTES = "parquet.dictionary.page.size";

  /** Of more columns the dictionaries are bounded. */
  private static final int COLUMNS = 500;

  /** For all dictionaries: as many as Parquet grants each unasked. */
  private static final int ALL_DICTIONARIES_BYTES = 1 << 20;

  private WideParquet() {}

  /**
   * The options for a writer. In a wide table only columns of few different values keep a
   * dictionary; the others are written plain.
   *
   * @param chosen the user's, which stand
   * @param columns how many are written
   */
  static Map<String, String> options(Map<String, String> chosen, String format, int columns) {
    if (!format.equalsIgnoreCase(FORMAT) || columns <= COLUMNS) {
      return chosen;
    }
    Map<String, String> options = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    options.put(DICTIONARY_BYTES, Integer.toString(ALL_DICTIONARIES_BYTES / columns));
    options.putAll(chosen);
    return options;
  }
}
