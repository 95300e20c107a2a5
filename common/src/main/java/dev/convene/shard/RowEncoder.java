package dev.convene.shard;

import dev.convene.ConveneException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.apache.commons.codec.digest.MurmurHash3;
import org.apache.spark.ml.linalg.SparseVector;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Row;

/**
 * Makes an {@link EncodedRow} of a row: features, target or targets, and maybe a weight. The bytes
 * follow from the numbers, whether vectors hold them dense or sparse. The hash is of the targets
 * and of all features, zeros too, and not of the weight: rows that all weigh the same are dealt and
 * ordered as rows without weights are. Its buffers make it a one-thread object.
 */
final class RowEncoder {
  /** So many that their bytes are an array. */
  private static final int MAX_FEATURES = 1 << 28;

  private final int hashSeed;
  private float[] targets = new float[0];
  private float[] features = new float[0];
  private ByteBuffer content = ByteBuffer.allocate(0);

  RowEncoder(int hashSeed) {
    this.hashSeed = hashSeed;
  }

  /**
   * @throws ConveneException (data) for a value that is null or not finite, or a negative weight
   */
  byte[] encode(Row row) {
    if (row.anyNull()) {
      throw ConveneException.data(
          row.size() > 2
              ? "a training row lacks its features, its label or its weight: drop such rows"
              : "a training row lacks its features or its label: drop such rows");
    }
    readTargets(row.get(1));
    readFeatures(row.getAs(0));
    float weight = row.size() > 2 ? weight(row.<Number>getAs(2).doubleValue()) : 1;
    content.clear();
    content.asFloatBuffer().put(targets).put(features);
    long hash = MurmurHash3.hash128x64(content.array(), 0, content.capacity(), hashSeed)[0];

    int sparseSize = SparseRow.size(features, 0, features.length);
    boolean sparse = sparseSize < features.length * Float.BYTES;
    int form = 2 * features.length + (sparse ? 1 : 0);
    int size = sparse ? sparseSize : features.length * Float.BYTES;
    ByteBuffer encoded =
        ByteBuffer.allocate(
            Long.BYTES
                + VariableInt.size(form)
                + VariableInt.size(targets.length)
                + (1 + targets.length) * Float.BYTES
                + size);
    encoded.putLong(hash);
    VariableInt.write(form, encoded);
    VariableInt.write(targets.length, encoded);
    encoded.putFloat(weight);
    if (sparse) {
      encoded.put(content.array(), 0, targets.length * Float.BYTES);
      SparseRow.write(features, 0, features.length, encoded);
    } else {
      encoded.put(content.array());
    }
    return encoded.array();
  }

  private void readTargets(Object target) {
    double[] values =
        target instanceof Vector vector
            ? vector.toArray()
            : new double[] {((Number) target).doubleValue()};
    targets = resized(targets, values.length);
    for (int i = 0; i < values.length; i++) {
      targets[i] = (float) values[i];
      if (!Float.isFinite(targets[i])) {
        throw notFinite(values.length == 1 ? "target" : "target " + i, values[i]);
      }
    }
  }

  private void readFeatures(Vector vector) {
    if (vector.size() > MAX_FEATURES) {
      throw ConveneException.data(
          "a row has %s features, and there can be %s at most: hash them into fewer",
          vector.size(), MAX_FEATURES);
    }
    features = resized(features, vector.size());
    int bytes = (targets.length + features.length) * Float.BYTES;
    if (content.capacity() != bytes) {
      content = ByteBuffer.allocate(bytes);
    }
    if (vector instanceof SparseVector sparse) {
      Arrays.fill(features, 0);
      for (int i = 0; i < sparse.indices().length; i++) {
        feature(sparse.indices()[i], sparse.values()[i]);
      }
    } else {
      double[] values = vector.toArray();
      for (int i = 0; i < values.length; i++) {
        feature(i, values[i]);
      }
    }
  }

  private void feature(int i, double value) {
    features[i] = (float) value;
    if (!Float.isFinite(features[i])) {
      throw notFinite("feature " + i, value);
    }
  }

  private static float weight(double value) {
    float weight = (float) value;
    if (!(value >= 0 && Float.isFinite(weight))) {
      throw ConveneException.data(
          "the weight of a row is %s: weights must be numbers of at least 0, within float32's range",
          value);
    }
    return weight;
  }

  private static ConveneException notFinite(String quantity, double value) {
    return ConveneException.data(
        "the %s of a row is %s: training needs numbers within float32's range; "
            + "fill or drop such rows",
        quantity, value);
  }

  private static float[] resized(float[] array, int length) {
    return array.length == length ? array : new float[length];
  }
}
