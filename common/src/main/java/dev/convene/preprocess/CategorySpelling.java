package dev.convene.preprocess;

import java.math.BigDecimal;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Categories that are whole numbers have several spellings: a column of integers holds 3, one of
 * doubles 3.0, and pandas writes 3.0 where values are missing.
 */
final class CategorySpelling {
  /** As numbers are written: no zeros before them, as codes have. */
  private static final Pattern NUMBER =
      Pattern.compile("[+-]?(0|[1-9]\\d{0,18})(\\.\\d{1,20})?([eE][+-]?\\d{1,2})?");

  private CategorySpelling() {}

  /** The indices of categories by their spellings: as they are, and, where free, as integers. */
  static Map<String, Integer> indices(String[] categories) {
    Map<String, Integer> indices = new HashMap<>();
    for (int i = 0; i < categories.length; i++) {
      indices.put(categories[i], i);
    }
    for (int i = 0; i < categories.length; i++) {
      indices.putIfAbsent(asInteger(categories[i]), i);
    }
    return indices;
  }

  /** The index of a category in any spelling; null if it is unknown. */
  static Integer index(Map<String, Integer> indices, String category) {
    Integer index = indices.get(category);
    return index == null ? indices.get(asInteger(category)) : index;
  }

  /** The spelling without a fraction or an exponent; the category itself if it is no integer. */
  private static String asInteger(String category) {
    if (!NUMBER.matcher(category).matches()) {
      return category;
    }
    try {
      return new BigDecimal(category).toBigIntegerExact().toString();
    } catch (ArithmeticException e) {
      // It has a fraction.
      return category;
    }
  }
}
