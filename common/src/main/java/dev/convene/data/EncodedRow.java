package dev.convene.data;

import dev.convene.ConveneException;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Comparator;
import org.apache.commons.codec.digest.MurmurHash3;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Row;

/**
 * A row as bytes that travel and sort well: 8 bytes of seeded hash, the target, the features; all
 * big-endian, numbers as float32. In the order of these bytes rows are in a random order that only
 * their content and the seed decide.
 */
final class EncodedRow {
  /** By hash, then content. Unsigned, so that it agrees with {@link #leadingHashBits}. */
  static final Comparator<byte[]> ORDER =
      (Comparator<byte[]> & Serializable) (a, b) -> Arrays.compareUnsigned(a, b);

  private static final int TARGET = Long.BYTES;
  private static final int FEATURES = TARGET + Float.BYTES;

  private EncodedRow() {}

  /**
   * @param row a feature vector and a numeric target
   */
  static byte[] of(Row row, int hashSeed) {
    if (row.anyNull()) {
      throw ConveneException.data("a training row lacks its features or its label: drop such rows");
    }
    Vector features = row.getAs(0);
    byte[] bytes = new byte[FEATURES + features.size() * Float.BYTES];
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    buffer.position(TARGET);
    buffer.putFloat(finite(row.<Number>getAs(1).doubleValue(), "target"));
    for (int i = 0; i < features.size(); i++) {
      buffer.putFloat(finite(features.apply(i), "feature " + i));
    }
    long hash = MurmurHash3.hash128x64(bytes, TARGET, bytes.length - TARGET, hashSeed)[0];
    buffer.putLong(0, hash);
    return bytes;
  }

  static int features(byte[] encoded) {
    return (encoded.length - FEATURES) / Float.BYTES;
  }

  static long leadingHashBits(byte[] encoded) {
    return ByteBuffer.wrap(encoded).getInt() & 0xFFFFFFFFL;
  }

  /** Writes the features and the target to the places of row {@code i}. */
  static void decode(byte[] encoded, int i, float[] x, float[] y) {
    int features = features(encoded);
    ByteBuffer buffer = ByteBuffer.wrap(encoded);
    y[i] = buffer.getFloat(TARGET);
    buffer.position(FEATURES);
    buffer.asFloatBuffer().get(x, i * features, features);
  }

  private static float finite(double value, String what) {
    float single = (float) value;
    if (!Float.isFinite(single)) {
      throw ConveneException.data(
          "the %s of a row is %s: training needs numbers within float32's range; "
              + "fill or drop such rows",
          what, value);
    }
    return single;
  }
}
