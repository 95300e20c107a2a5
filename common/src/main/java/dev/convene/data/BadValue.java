package dev.convene.data;

import java.io.Serializable;
import org.apache.spark.ml.linalg.SparseVector;
import org.apache.spark.ml.linalg.Vector;
import scala.collection.Seq;

/**
 * Describes a value that its column cannot use. It does so outside of Spark's expressions: a row's
 * code must stay small to be compiled.
 *
 * @param expected a noun for values that the column can use
 * @param ifMissing how to mend a null or NaN
 * @param ifWrong how to mend any other value
 */
record BadValue(String column, String expected, String ifMissing, String ifWrong)
    implements Serializable {
  private static final String IN_RANGE = "a number within float32's range";

  /** {@code column x holds 'abc', not a finite number}. */
  String problem(Object held) {
    String found = "'" + held + "'";
    if (held == null) {
      found = "no value";
    } else if (held instanceof Seq<?> array) {
      found = "'" + array.mkString("[", ", ", "]") + "'";
    } else if (held instanceof Vector vector) {
      double first = firstOutOfRange(vector);
      return "column %s holds a vector with %s in it, not %s"
          .formatted(column, first, isTooLarge(first) ? IN_RANGE : "a finite number");
    }
    return "column %s holds %s, not %s"
        .formatted(column, found, isTooLarge(held) ? IN_RANGE : expected);
  }

  /** A number, or its text, that would be infinite as float32. */
  private static boolean isTooLarge(Object held) {
    try {
      double value = Double.parseDouble(String.valueOf(held));
      return Double.isFinite(value) && Float.isInfinite((float) value);
    } catch (NumberFormatException e) {
      return false;
    }
  }

  /** How to mend it. */
  String remedy(Object held) {
    boolean missing = held == null || held.toString().strip().equalsIgnoreCase("NaN");
    return missing ? ifMissing : ifWrong;
  }

  /** The first that is not finite as float32; null if there is none, or no vector. */
  static Double firstOutOfRange(Vector vector) {
    if (vector != null) {
      double[] stored = vector instanceof SparseVector sparse ? sparse.values() : vector.toArray();
      for (double value : stored) {
        if (!Float.isFinite((float) value)) {
          return value;
        }
      }
    }
    return null;
  }
}
