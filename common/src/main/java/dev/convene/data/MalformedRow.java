package dev.convene.data;

import java.io.Serializable;

/**
 * Describes a row that its source could not read: the format marks it in {@link #COLUMN}.
 *
 * @param prefix the sentence before the text that {@link #COLUMN} holds
 * @param remedy how to mend it; empty if the problem says enough
 */
record MalformedRow(String prefix, String remedy) implements Serializable {
  /** The column that holds the text of a malformed row, or its problem; null in others. */
  static final String COLUMN = "_convene_malformed_row";

  /** Of formats that mark no row. */
  static final MalformedRow NONE = new MalformedRow("", "");

  String problem(String malformed) {
    return prefix + malformed;
  }

  String problemAndRemedy(String malformed) {
    return problem(malformed) + (remedy.isEmpty() ? "" : ": " + remedy);
  }
}
