package dev.convene.shard;

import java.io.Serializable;
import java.nio.ByteBuffer;
import java.util.Comparator;

/**
 * How many of a task's rows come before a range of hashes. Its bytes travel among encoded rows, as
 * if it were the first of its range.
 *
 * @param firstHashBits the leading hash bits at which the range begins
 * @param rowsBefore rows of one task whose hash is smaller
 */
record RangeCount(int firstHashBits, long rowsBefore) {
  /** Shorter than any {@link EncodedRow}, which tops it by a weight at least. */
  private static final int BYTES = Integer.BYTES + Long.BYTES;

  /** The order of bytes within a range: counts before rows, and rows in their order. */
  static final Comparator<byte[]> BEFORE_ROWS =
      (Comparator<byte[]> & Serializable)
          (a, b) ->
              isEncodedIn(a) == isEncodedIn(b)
                  ? EncodedRow.ORDER.compare(a, b)
                  : isEncodedIn(a) ? -1 : 1;

  /** Whether the bytes are those of a count, not of a row. */
  static boolean isEncodedIn(byte[] bytes) {
    return bytes.length == BYTES;
  }

  /** The count that {@link #encoded} made bytes of. */
  static RangeCount decoded(byte[] bytes) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    return new RangeCount(buffer.getInt(), buffer.getLong());
  }

  byte[] encoded() {
    return ByteBuffer.allocate(BYTES).putInt(firstHashBits).putLong(rowsBefore).array();
  }
}
