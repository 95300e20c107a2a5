package dev.convene.data;

import java.io.Serializable;
import java.util.Locale;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import scala.collection.Seq;

/** Makes of a value that a table holds the one that the network's side needs. */
@FunctionalInterface
interface ValueCheck extends Serializable {
  /** In the place of a value, that it cannot be used. */
  enum Refusal {
    BAD
  }

  /** The value to use, which may be null; {@link Refusal#BAD} if there is none. */
  Object checked(Object held);

  /** Any value. */
  static ValueCheck none() {
    return held -> held;
  }

  /** A finite double of a number, a boolean or a text; if it is allowed, null of null and NaN. */
  static ValueCheck finite(boolean missingAllowed) {
    Object ifMissing = missingAllowed ? null : Refusal.BAD;
    return held -> {
      Double number = number(held);
      if (number == null) {
        return held == null ? ifMissing : Refusal.BAD;
      }
      return number.isNaN() ? ifMissing : isInRange(number) ? number : Refusal.BAD;
    };
  }

  /** A finite double of at least 0. */
  static ValueCheck weight() {
    ValueCheck finite = finite(false);
    return held ->
        finite.checked(held) instanceof Double weight && weight >= 0 ? weight : Refusal.BAD;
  }

  /** A text; null, if it is allowed. */
  static ValueCheck category(boolean missingAllowed) {
    return held -> held == null && !missingAllowed ? Refusal.BAD : held;
  }

  /** A vector of finite numbers. */
  static ValueCheck vector() {
    return held ->
        held == null || BadValue.firstOutOfRange((Vector) held) != null ? Refusal.BAD : held;
  }

  /** A vector of an array's finite doubles. */
  static ValueCheck array() {
    return held -> held instanceof Seq<?> array ? vectorOf(array) : Refusal.BAD;
  }

  private static Object vectorOf(Seq<?> array) {
    double[] values = new double[array.size()];
    for (int i = 0; i < values.length; i++) {
      if (!(array.apply(i) instanceof Double value && isInRange(value))) {
        return Refusal.BAD;
      }
      values[i] = value;
    }
    return Vectors.dense(values);
  }

  /** Whether it is finite as float32, too, which the network computes in. */
  private static boolean isInRange(double value) {
    return Float.isFinite((float) value);
  }

  /** Null if the value is no number. */
  private static Double number(Object held) {
    if (held instanceof Number number) {
      return number.doubleValue();
    } else if (held instanceof Boolean bool) {
      return bool ? 1.0 : 0.0;
    }
    return held instanceof String text ? parsed(text) : null;
  }

  /** As Spark casts text, but that it takes 1d and 1f for numbers, as Java's source code does. */
  private static Double parsed(String text) {
    int end = text.length();
    while (end > 0 && text.charAt(end - 1) <= ' ') {
      end--;
    }
    if (end == 0 || "dDfF".indexOf(text.charAt(end - 1)) >= 0) {
      return null;
    }
    try {
      return Double.valueOf(text);
    } catch (NumberFormatException e) {
      return text.strip().toLowerCase(Locale.ROOT).equals("nan") ? Double.NaN : null;
    }
  }
}
