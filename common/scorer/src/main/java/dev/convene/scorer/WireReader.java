package dev.convene.scorer;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Reads a protobuf message field by field (<a
 * href="https://protobuf.dev/programming-guides/encoding">its encoding</a>). Where the bytes are
 * none it throws IllegalArgumentException or BufferUnderflowException.
 */
final class WireReader {
  private static final int VARINT = 0;
  private static final int FIXED64 = 1;
  private static final int BYTES = 2;
  private static final int FIXED32 = 5;

  private final ByteBuffer buffer;
  private int type;

  WireReader(ByteBuffer bytes) {
    buffer = bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Goes on to the next field, whose value must then be read or skipped; 0 at the end. */
  int nextField() {
    if (!buffer.hasRemaining()) {
      return 0;
    }
    long key = varint();
    type = (int) (key & 7);
    int field = (int) (key >>> 3);
    if (field <= 0) {
      throw new IllegalArgumentException("there is no field " + field);
    }
    return field;
  }

  long integer() {
    require(VARINT);
    return varint();
  }

  float fixed32() {
    require(FIXED32);
    return buffer.getFloat();
  }

  /** A view of the field's bytes, little-endian. */
  ByteBuffer bytes() {
    require(BYTES);
    long length = varint();
    if (length < 0 || length > buffer.remaining()) {
      throw new IllegalArgumentException("a field of " + length + " bytes");
    }
    ByteBuffer view = buffer.slice(buffer.position(), (int) length).order(ByteOrder.LITTLE_ENDIAN);
    buffer.position(buffer.position() + (int) length);
    return view;
  }

  String text() {
    return StandardCharsets.UTF_8.decode(bytes()).toString();
  }

  WireReader message() {
    return new WireReader(bytes());
  }

  /** Whether the field's value is a run of bytes, such as packed numbers. */
  boolean isBytes() {
    return type == BYTES;
  }

  boolean hasRemaining() {
    return buffer.hasRemaining();
  }

  long varint() {
    long value = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      byte next = buffer.get();
      value |= (next & 0x7FL) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw new IllegalArgumentException("a number of more than 64 bits");
  }

  void skip() {
    switch (type) {
      case VARINT -> varint();
      case FIXED64 -> buffer.getLong();
      case BYTES -> bytes();
      case FIXED32 -> buffer.getFloat();
      default -> throw new IllegalArgumentException("there is no wire type " + type);
    }
  }

  private void require(int expected) {
    if (type != expected) {
      throw new IllegalArgumentException("wire type " + type + " in the place of " + expected);
    }
  }
}
