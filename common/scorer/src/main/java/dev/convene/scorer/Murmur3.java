package dev.convene.scorer;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** MurmurHash3_x86_32, by Austin Appleby, of a text's UTF-8. */
final class Murmur3 {
  private static final int C1 = 0xcc9e2d51;
  private static final int C2 = 0x1b873593;

  private Murmur3() {}

  static int hash(String text, int seed) {
    ByteBuffer bytes =
        ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)).order(ByteOrder.LITTLE_ENDIAN);
    int length = bytes.remaining();
    int hash = seed;
    while (bytes.remaining() >= Integer.BYTES) {
      hash = Integer.rotateLeft(hash ^ mixed(bytes.getInt()), 13) * 5 + 0xe6546b64;
    }
    int rest = 0;
    for (int shift = 0; bytes.hasRemaining(); shift += Byte.SIZE) {
      rest |= (bytes.get() & 0xff) << shift;
    }
    hash ^= mixed(rest) ^ length;
    hash = (hash ^ hash >>> 16) * 0x85ebca6b;
    hash = (hash ^ hash >>> 13) * 0xc2b2ae35;
    return hash ^ hash >>> 16;
  }

  private static int mixed(int block) {
    return Integer.rotateLeft(block * C1, 15) * C2;
  }
}
