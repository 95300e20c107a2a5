package dev.convene.onnx;

import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Categories by all spellings that a graph knows. Where numbers are categories, columns of doubles
 * spell them otherwise than columns of integers: 3.0 for 3.
 */
final class SpelledCategories {
  private static final Pattern INTEGER = Pattern.compile("-?(0|[1-9]\\d{0,18})");

  private SpelledCategories() {}

  /**
   * The indices in the order of their spellings.
   *
   * @param indices by category, and by that of an integer as such
   */
  static Map<String, Integer> of(Map<String, Integer> indices) {
    Map<String, Integer> spelled = new TreeMap<>(indices);
    indices.forEach(
        (category, index) -> {
          if (INTEGER.matcher(category).matches()) {
            spelled.putIfAbsent(category + ".0", index);
          }
        });
    return spelled;
  }
}
