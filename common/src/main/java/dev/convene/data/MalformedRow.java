package dev.convene.data;

import java.io.Serializable;
import org.apache.commons.lang3.StringUtils;

/**
 * Describes a row that its source could not read: the format marks it in {@link #COLUMN}.
 *
 * @param description a sentence for what {@link #COLUMN} holds
 * @param remedy how to mend it; empty if the problem says enough
 */
record MalformedRow(Description description, String remedy) implements Serializable {
  /** The column that holds the text of a malformed row, or its problem; null in others. */
  static final String COLUMN = "_convene_malformed_row";

  /** Of formats that mark no row. */
  static final MalformedRow NONE = new MalformedRow(malformed -> malformed, "");

  /** Enough to recognize a row by. */
  private static final int SHOWN = 120;

  /** A function that tasks may have. */
  interface Description extends Serializable {
    String of(String malformed);
  }

  /** The beginning of a row that may have many lines, or a long one. */
  static String abbreviated(String row) {
    String first = row.lines().findFirst().orElse("");
    return first.length() > SHOWN || first.length() < row.stripTrailing().length()
        ? StringUtils.left(first, SHOWN) + " ..."
        : first;
  }

  String problem(String malformed) {
    return description.of(malformed);
  }

  String problemAndRemedy(String malformed) {
    return problem(malformed) + (remedy.isEmpty() ? "" : ": " + remedy);
  }
}
