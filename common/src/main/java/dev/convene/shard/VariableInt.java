package dev.convene.shard;

import java.nio.ByteBuffer;

/** Numbers of at least 0 in few bytes: 7 bits each, low ones first, negative until the last. */
final class VariableInt {
  private VariableInt() {}

  static int size(int value) {
    return (38 - Integer.numberOfLeadingZeros(value | 1)) / 7;
  }

  static void write(int value, ByteBuffer bytes) {
    int rest = value;
    while (rest > 0x7F) {
      bytes.put((byte) (rest | 0x80));
      rest >>>= 7;
    }
    bytes.put((byte) rest);
  }

  static int read(ByteBuffer bytes) {
    int value = 0;
    int shift = 0;
    byte part;
    do {
      part = bytes.get();
      value |= (part & 0x7F) << shift;
      shift += 7;
    } while (part < 0);
    return value;
  }
}
