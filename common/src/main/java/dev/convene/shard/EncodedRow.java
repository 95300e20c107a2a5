package dev.convene.shard;

import dev.convene.nn.RowBuffer;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Comparator;

/**
 * A row as bytes that travel and sort well, made by {@link RowEncoder}. In the order of these bytes
 * rows are in a random order that only their content and the seed decide.
 *
 * <p>8 bytes of seeded hash; a {@link VariableInt} of twice the number of features, plus 1 if they
 * are sparse; one of the number of targets; the weight; the targets; the features. All big-endian,
 * numbers as float32; sparse features are a {@link SparseRow}.
 */
final class EncodedRow {
  /** By hash, then content. Unsigned, so that it agrees with {@link #leadingHashBits}. */
  static final Comparator<byte[]> ORDER =
      (Comparator<byte[]> & Serializable) (a, b) -> Arrays.compareUnsigned(a, b);

  private final byte[] bytes;
  private final int features;
  private final boolean sparse;
  private final int targets;
  private final int body;

  EncodedRow(byte[] bytes) {
    this.bytes = bytes;
    ByteBuffer buffer = ByteBuffer.wrap(bytes).position(Long.BYTES);
    int form = VariableInt.read(buffer);
    this.features = form >>> 1;
    this.sparse = (form & 1) == 1;
    this.targets = VariableInt.read(buffer);
    this.body = buffer.position();
  }

  static long leadingHashBits(byte[] encoded) {
    return ByteBuffer.wrap(encoded).getInt() & 0xFFFFFFFFL;
  }

  int features() {
    return features;
  }

  int targets() {
    return targets;
  }

  /** Copies the row to place {@code i}. */
  void copyTo(int i, RowBuffer to) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes).position(body);
    to.weights()[i] = buffer.getFloat();
    for (int target = 0; target < targets; target++) {
      to.targets()[i * targets + target] = buffer.getFloat();
    }
    int at = i * features;
    if (sparse) {
      Arrays.fill(to.x(), at, at + features, 0);
      SparseRow.read(bytes, buffer.position(), bytes.length, to.x(), at);
    } else {
      buffer.asFloatBuffer().get(to.x(), at, features);
    }
  }
}
