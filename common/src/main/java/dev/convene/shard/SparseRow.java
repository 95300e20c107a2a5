package dev.convene.shard;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A row's features as bytes that leave out zeros: for every other feature, in order, how many zeros
 * stand between the last one and it (a {@link VariableInt}), and its value (float32, big-endian).
 * -0 is no zero here, so that no bit is lost.
 */
final class SparseRow {
  private static final VarHandle FLOAT =
      MethodHandles.byteArrayViewVarHandle(float[].class, ByteOrder.BIG_ENDIAN);

  private SparseRow() {}

  /** How many bytes the features at {@code from} to {@code to} take. */
  static int size(float[] x, int from, int to) {
    int size = 0;
    int next = from;
    for (int i = from; i < to; i++) {
      if (Float.floatToRawIntBits(x[i]) != 0) {
        size += VariableInt.size(i - next) + Float.BYTES;
        next = i + 1;
      }
    }
    return size;
  }

  static void write(float[] x, int from, int to, ByteBuffer bytes) {
    int next = from;
    for (int i = from; i < to; i++) {
      if (Float.floatToRawIntBits(x[i]) != 0) {
        VariableInt.write(i - next, bytes);
        bytes.putFloat(x[i]);
        next = i + 1;
      }
    }
  }

  /**
   * Reads the bytes from {@code from} to {@code to}.
   *
   * @param x takes the features at {@code at}, where it has zeros
   */
  static void read(byte[] bytes, int from, int to, float[] x, int at) {
    read(bytes, from, to, (feature, value) -> x[at + feature] = value);
  }

  /** Takes one feature after the other. */
  interface FeatureConsumer {
    void accept(int feature, float value);
  }

  /** Reads the bytes from {@code from} to {@code to}. */
  static void read(byte[] bytes, int from, int to, FeatureConsumer consumer) {
    int i = 0;
    int position = from;
    while (position < to) {
      int part = bytes[position++];
      int gap = part & 0x7F;
      for (int shift = 7; part < 0; shift += 7) {
        part = bytes[position++];
        gap |= (part & 0x7F) << shift;
      }
      i += gap;
      consumer.accept(i++, (float) FLOAT.get(bytes, position));
      position += Float.BYTES;
    }
  }
}
