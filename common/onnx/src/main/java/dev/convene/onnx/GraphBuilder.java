package dev.convene.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * An ONNX graph while it is put together. Tensors are known by their names, of which each is given
 * once; the first dimension of inputs and outputs is the rows.
 */
final class GraphBuilder {
  private static final String ROWS = "N";

  /** Operators that only ONNX Runtime has. */
  static final String ONNX_RUNTIME = "com.microsoft";

  /** ONNX's own operators of classical machine learning. */
  static final String ML = "ai.onnx.ml";

  private final GraphProto.Builder graph;
  private final Set<String> names;
  private final Set<String> domains = new HashSet<>();

  /**
   * @param reserved names of inputs and outputs, which nothing else gets
   */
  GraphBuilder(String name, Collection<String> reserved) {
    graph = GraphProto.newBuilder().setName(name);
    names = new HashSet<>(reserved);
  }

  GraphProto build() {
    return graph.build();
  }

  /** The domains of operators that are used beside ONNX's main one. */
  Set<String> domains() {
    return domains;
  }

  /** Adds an input of [rows, width]; its name is the tensor's. */
  void input(String name, DataType type, int width, String documentation) {
    graph.addInput(matrix(name, type, width).setDocString(documentation));
  }

  /** Makes a tensor the output of this name, [rows, width]. */
  void output(String name, String tensor, DataType type, int width) {
    rename(name, tensor);
    graph.addOutput(matrix(name, type, width));
  }

  /** Makes a tensor the output of this name, of one element a row. */
  void output(String name, String tensor, DataType type) {
    rename(name, tensor);
    graph.addOutput(valueInfo(name, type, rows()));
  }

  private void rename(String name, String tensor) {
    add(NodeProto.newBuilder().setOpType("Identity").addInput(tensor).addOutput(name), name);
  }

  private static ValueInfoProto.Builder matrix(String name, DataType type, int width) {
    TensorShapeProto.Dimension columns =
        TensorShapeProto.Dimension.newBuilder().setDimValue(width).build();
    return valueInfo(name, type, rows().addDim(columns));
  }

  private static TensorShapeProto.Builder rows() {
    return TensorShapeProto.newBuilder()
        .addDim(TensorShapeProto.Dimension.newBuilder().setDimParam(ROWS));
  }

  private static ValueInfoProto.Builder valueInfo(
      String name, DataType type, TensorShapeProto.Builder shape) {
    ValueInfoProto.Builder value = ValueInfoProto.newBuilder().setName(name);
    value.getTypeBuilder().getTensorTypeBuilder().setElemType(type.getNumber()).setShape(shape);
    return value;
  }

  /** A constant vector. */
  String constant(String hint, double... values) {
    ByteBuffer bytes = littleEndian(values.length * Double.BYTES);
    bytes.asDoubleBuffer().put(values);
    return constant(hint, DataType.DOUBLE, bytes, values.length);
  }

  /** A constant vector. */
  String constant(String hint, long... values) {
    ByteBuffer bytes = littleEndian(values.length * Long.BYTES);
    bytes.asLongBuffer().put(values);
    return constant(hint, DataType.INT64, bytes, values.length);
  }

  /** A constant vector. */
  String constant(String hint, List<String> values) {
    TensorProto.Builder tensor = tensor(hint, DataType.STRING, values.size());
    values.forEach(value -> tensor.addStringData(ByteString.copyFromUtf8(value)));
    graph.addInitializer(tensor);
    return tensor.getName();
  }

  /** Constant numbers, row by row: so many of an array from one on. */
  String constant(String hint, float[] values, int from, int... dimensions) {
    int count = 1;
    for (int dimension : dimensions) {
      count *= dimension;
    }
    ByteBuffer bytes = littleEndian(count * Float.BYTES);
    bytes.asFloatBuffer().put(values, from, count);
    return constant(hint, DataType.FLOAT, bytes, dimensions);
  }

  private String constant(String hint, DataType type, ByteBuffer bytes, int... dimensions) {
    TensorProto.Builder tensor =
        tensor(hint, type, dimensions).setRawData(UnsafeByteOperations.unsafeWrap(bytes));
    graph.addInitializer(tensor);
    return tensor.getName();
  }

  private TensorProto.Builder tensor(String hint, DataType type, int... dimensions) {
    TensorProto.Builder tensor =
        TensorProto.newBuilder().setName(free(hint)).setDataType(type.getNumber());
    for (int dimension : dimensions) {
      tensor.addDims(dimension);
    }
    return tensor;
  }

  private static ByteBuffer littleEndian(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Adds a node of ONNX's main operators. */
  String node(String operator, List<String> inputs, AttributeProto... attributes) {
    return node("", operator, inputs, attributes);
  }

  /** Adds a node of another domain's operators. */
  String node(String domain, String operator, List<String> inputs, AttributeProto... attributes) {
    return named(free(operator), domain, operator, inputs, attributes);
  }

  /**
   * Adds a node, and whatever fails at it says so.
   *
   * @param sentence the node's name, which ONNX Runtime's messages have
   */
  String explained(String sentence, String operator, List<String> inputs) {
    return named(free(sentence), "", operator, inputs);
  }

  private String named(
      String name,
      String domain,
      String operator,
      List<String> inputs,
      AttributeProto... attributes) {
    NodeProto.Builder node =
        NodeProto.newBuilder()
            .setOpType(operator)
            .setDomain(domain)
            .addAllInput(inputs)
            .addAllAttribute(List.of(attributes))
            .addOutput(name);
    if (!domain.isEmpty()) {
      domains.add(domain);
    }
    add(node, name);
    return name;
  }

  private void add(NodeProto.Builder node, String name) {
    graph.addNode(node.setName(name));
  }

  String cast(String tensor, DataType type) {
    return node("Cast", List.of(tensor), attribute("to", type.getNumber()));
  }

  static AttributeProto attribute(String name, long value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeProto.AttributeType.INT)
        .setI(value)
        .build();
  }

  static AttributeProto attribute(String name, float value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeProto.AttributeType.FLOAT)
        .setF(value)
        .build();
  }

  static AttributeProto strings(String name, Collection<String> values) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeProto.AttributeType.STRINGS)
        .addAllStrings(values.stream().map(ByteString::copyFromUtf8).toList())
        .build();
  }

  static AttributeProto integers(String name, Collection<Long> values) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeProto.AttributeType.INTS)
        .addAllInts(values)
        .build();
  }

  private String free(String hint) {
    String name = hint;
    for (int number = 2; !names.add(name); number++) {
      name = hint + " " + number;
    }
    return name;
  }
}
