package dev.convene.scorer;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A graph as its file has it: nodes in the order in which they are computed.
 *
 * @param constants by name
 */
record OnnxGraph(
    List<Node> nodes, Map<String, Tensor> constants, List<Input> inputs, List<String> outputs) {

  /** An input of [rows, width] elements of a type of {@link Tensor}. */
  record Input(String name, int type, int width) {}

  /** A computation of one tensor. */
  record Node(
      String operator,
      String domain,
      String name,
      List<String> inputs,
      String output,
      Map<String, Attribute> attributes) {
    static Node read(WireReader message) {
      String operator = "";
      String domain = "";
      String name = "";
      String output = "";
      List<String> inputs = new ArrayList<>();
      Map<String, Attribute> attributes = new HashMap<>();
      for (int field = message.nextField(); field != 0; field = message.nextField()) {
        switch (field) {
          case 1 -> inputs.add(message.text());
          case 2 -> output = message.text();
          case 3 -> name = message.text();
          case 4 -> operator = message.text();
          case 5 -> {
            Attribute attribute = Attribute.read(message.message());
            attributes.put(attribute.name(), attribute);
          }
          case 7 -> domain = message.text();
          default -> message.skip();
        }
      }
      return new Node(operator, domain, name, inputs, output, attributes);
    }

    long integer(String attribute, long byDefault) {
      return attributes.containsKey(attribute) ? attributes.get(attribute).integer() : byDefault;
    }

    float number(String attribute, double byDefault) {
      return attributes.containsKey(attribute)
          ? attributes.get(attribute).number()
          : (float) byDefault;
    }
  }

  /** What a node is set to; only the part of its type has a value. */
  record Attribute(
      String name, float number, long integer, List<Long> integers, List<String> texts) {
    static Attribute read(WireReader message) {
      String name = "";
      float number = 0;
      long integer = 0;
      List<Long> integers = new ArrayList<>();
      List<String> texts = new ArrayList<>();
      for (int field = message.nextField(); field != 0; field = message.nextField()) {
        switch (field) {
          case 1 -> name = message.text();
          case 2 -> number = message.fixed32();
          case 3 -> integer = message.integer();
          case 8 -> integers.add(message.integer());
          case 9 -> texts.add(message.text());
          default -> message.skip();
        }
      }
      return new Attribute(name, number, integer, integers, texts);
    }
  }

  /**
   * The node that computes a tensor.
   *
   * @throws IllegalArgumentException if there is none
   */
  Node computing(String tensor) {
    return nodes.stream()
        .filter(node -> node.output().equals(tensor))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no node computes " + tensor));
  }

  /** Reads a GraphProto. */
  static OnnxGraph read(WireReader message) {
    List<Node> nodes = new ArrayList<>();
    Map<String, Tensor> constants = new HashMap<>();
    List<Input> inputs = new ArrayList<>();
    List<String> outputs = new ArrayList<>();
    for (int field = message.nextField(); field != 0; field = message.nextField()) {
      switch (field) {
        case 1 -> nodes.add(Node.read(message.message()));
        case 5 -> {
          Tensor constant = Tensor.read(message.message());
          constants.put(constant.name(), constant);
        }
        case 11 -> inputs.add(input(message.message()));
        case 12 -> outputs.add(input(message.message()).name());
        default -> message.skip();
      }
    }
    return new OnnxGraph(nodes, constants, inputs, outputs);
  }

  /** Reads a ValueInfoProto. */
  private static Input input(WireReader message) {
    String name = "";
    Input typed = new Input("", 0, 1);
    for (int field = message.nextField(); field != 0; field = message.nextField()) {
      switch (field) {
        case 1 -> name = message.text();
        case 2 -> typed = tensorType(only(1, message.message()));
        default -> message.skip();
      }
    }
    return new Input(name, typed.type(), typed.width());
  }

  private static Input tensorType(WireReader message) {
    int type = 0;
    int width = 1;
    for (int field = message.nextField(); field != 0; field = message.nextField()) {
      switch (field) {
        case 1 -> type = (int) message.integer();
        case 2 -> width = width(message.message());
        default -> message.skip();
      }
    }
    return new Input("", type, width);
  }

  /** The last dimension that has a value. */
  private static int width(WireReader shape) {
    int width = 1;
    for (int field = shape.nextField(); field != 0; field = shape.nextField()) {
      WireReader dimension = shape.message();
      for (int part = dimension.nextField(); part != 0; part = dimension.nextField()) {
        if (part == 1) {
          width = Math.toIntExact(dimension.integer());
        } else {
          dimension.skip();
        }
      }
    }
    return width;
  }

  private static WireReader only(int wanted, WireReader message) {
    int field = message.nextField();
    if (field != wanted) {
      throw new IllegalArgumentException("field " + field + " in the place of " + wanted);
    }
    return message.message();
  }
}
