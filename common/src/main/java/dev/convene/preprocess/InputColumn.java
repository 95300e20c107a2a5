package dev.convene.preprocess;

import java.io.Serializable;

/**
 * A raw column that preprocessing reads.
 *
 * @param missingAllowed whether its values may be null (numbers also NaN)
 */
public record InputColumn(String name, Kind kind, boolean missingAllowed) implements Serializable {
  /** What a column holds. */
  public enum Kind {
    /** Numbers or booleans. */
    NUMERIC,
    /** MLlib vectors. */
    VECTOR,
    /** Text, or what is read as text. */
    CATEGORICAL
  }
}
