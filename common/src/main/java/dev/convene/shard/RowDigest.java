package dev.convene.shard;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/** A checksum of rows' bytes, by which other rows are noticed. */
final class RowDigest {
  private static final int CHUNK = 1 << 14;

  private final CRC32C checksum = new CRC32C();

  void add(byte[] bytes) {
    checksum.update(bytes);
  }

  void add(float[] values) {
    byte[] bytes = new byte[Math.min(CHUNK, values.length) * Float.BYTES];
    for (int start = 0; start < values.length; start += CHUNK) {
      int length = Math.min(CHUNK, values.length - start);
      ByteBuffer.wrap(bytes).asFloatBuffer().put(values, start, length);
      checksum.update(bytes, 0, length * Float.BYTES);
    }
  }

  long value() {
    return checksum.getValue();
  }
}
