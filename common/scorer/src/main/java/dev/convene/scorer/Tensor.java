package dev.convene.scorer;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** A constant of a graph: numbers or texts. */
final class Tensor {
  static final int FLOAT = 1;
  static final int INT64 = 7;
  static final int STRING = 8;
  static final int DOUBLE = 11;

  private final String name;
  private final int type;
  private final int[] dimensions;
  private final ByteBuffer raw;
  private final List<String> texts;

  private Tensor(String name, int type, int[] dimensions, ByteBuffer raw, List<String> texts) {
    this.name = name;
    this.type = type;
    this.dimensions = dimensions;
    this.raw = raw;
    this.texts = texts;
  }

  /** Reads a TensorProto. */
  static Tensor read(WireReader message) {
    String name = "";
    int type = 0;
    List<Integer> dimensions = new ArrayList<>();
    ByteBuffer raw = ByteBuffer.allocate(0);
    List<String> texts = new ArrayList<>();
    for (int field = message.nextField(); field != 0; field = message.nextField()) {
      switch (field) {
        case 1 -> addDimensions(message, dimensions);
        case 2 -> type = (int) message.integer();
        case 6 -> texts.add(message.text());
        case 8 -> name = message.text();
        case 9 -> raw = message.bytes();
        default -> message.skip();
      }
    }
    int[] sizes = dimensions.stream().mapToInt(Integer::intValue).toArray();
    return new Tensor(name, type, sizes, raw.order(ByteOrder.LITTLE_ENDIAN), List.copyOf(texts));
  }

  private static void addDimensions(WireReader message, List<Integer> dimensions) {
    if (!message.isBytes()) {
      dimensions.add(Math.toIntExact(message.integer()));
      return;
    }
    WireReader packed = message.message();
    while (packed.hasRemaining()) {
      dimensions.add(Math.toIntExact(packed.varint()));
    }
  }

  String name() {
    return name;
  }

  boolean holdsTexts() {
    return type == STRING;
  }

  String[] texts() {
    return texts.toArray(String[]::new);
  }

  int dimension(int index) {
    return dimensions[index];
  }

  /** Its numbers row by row. */
  float[] floats() {
    if (type != FLOAT) {
      throw new IllegalArgumentException(name + " is of type " + type);
    }
    float[] floats = new float[raw.remaining() / Float.BYTES];
    raw.duplicate().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(floats);
    return floats;
  }

  /** Its numbers row by row, whatever their type. */
  double[] doubles() {
    ByteBuffer bytes = raw.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    int size = type == FLOAT ? Float.BYTES : Double.BYTES;
    double[] doubles = new double[bytes.remaining() / size];
    for (int i = 0; i < doubles.length; i++) {
      doubles[i] =
          switch (type) {
            case FLOAT -> bytes.getFloat();
            case INT64 -> bytes.getLong();
            case DOUBLE -> bytes.getDouble();
            default -> throw new IllegalArgumentException(name + " is of type " + type);
          };
    }
    return doubles;
  }
}
