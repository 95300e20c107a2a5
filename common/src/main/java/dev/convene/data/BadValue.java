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

  /** {@code column x holds 'abc', not a finite number}. */
  String problem(Object held) {
    String found = "'" + held + "'";
    if (held == null) {
      found = "no value";
    } else if (held instanceof Seq<?> array) {
      found = "'" + array.mkString("[", ", ", "]") + "'";
    } else if (held instanceof Vector vector) {
      return "column %s holds a vector with %s in it, not a finite number"
          .formatted(column, firstNotFinite(vector));
    }
    return "column " + column + " holds " + found + ", not " + expected;
  }

  /** How to mend it. */
  String remedy(Object held) {
    boolean missing = held == null || held.toString().strip().equalsIgnoreCase("NaN");
    return missing ? ifMissing : ifWrong;
  }

  /** Null if there is none, or no vector. */
  static Double firstNotFinite(Vector vector) {
    if (vector != null) {
      double[] stored = vector instanceof SparseVector sparse ? sparse.values() : vector.toArray();
      for (double value : stored) {
        if (!Double.isFinite(value)) {
          return value;
        }
      }
    }
    return null;
  }
}
