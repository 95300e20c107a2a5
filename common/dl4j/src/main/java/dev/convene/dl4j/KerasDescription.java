package dev.convene.dl4j;

import dev.convene.ConveneException;
import io.jhdf.HdfFile;
import java.io.IOException;
import java.util.Locale;
import java.util.Set;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;
import org.nd4j.shade.jackson.databind.node.ArrayNode;
import org.nd4j.shade.jackson.databind.node.ObjectNode;

/**
 * What a file of Keras says about its model, in the words of Keras 2 that DL4J understands. Only
 * layers and activations pass that mean the same in DL4J.
 *
 * @param json the model
 * @param endsInLogits the loss takes the softmax of the last layer's outputs
 */
record KerasDescription(String json, boolean endsInLogits) {
  private static final Set<String> LAYERS =
      Set.of(
          "Activation",
          "Conv2D",
          "Dense",
          "Dropout",
          "Flatten",
          "LeakyReLU",
          "MaxPooling2D",
          "ReLU");
  private static final Set<String> ACTIVATIONS =
      Set.of("linear", "relu", "sigmoid", "softmax", "tanh");

  /**
   * Reads the attributes that describe the model.
   *
   * @param source the file, as a message names it
   * @throws ConveneException (data) if there are none, or DL4J cannot be trusted to import it
   */
  static KerasDescription read(HdfFile file, String source) throws IOException {
    if (!hasAttribute(file, "model_config")) {
      throw ConveneException.data(
          "%s holds no model of Keras%s: save the whole model by model.save('m.h5')",
          source, hasAttribute(file, "layer_names") ? ", but weights alone" : "");
    }
    ObjectMapper mapper = new ObjectMapper();
    ObjectNode model = object(mapper.readTree(attribute(file, "model_config", source)), source);
    requireVersion(file, source);
    if (!model.path("class_name").asText().equals("Sequential")) {
      throw ConveneException.data(
          "%s holds a %s model: only Sequential models are read",
          source, model.path("class_name").asText());
    }
    JsonNode config = model.path("config");
    // A list in the first versions of Keras 2.
    JsonNode layers = config.isArray() ? config : config.path("layers");
    JsonNode loss =
        hasAttribute(file, "training_config")
            ? mapper.readTree(attribute(file, "training_config", source)).path("loss")
            : mapper.missingNode();
    ObjectNode plain = mapper.createObjectNode();
    plain.put("class_name", "Sequential").put("keras_version", "2").put("backend", "tensorflow");
    plain.set("config", plainLayers(layers, config.path("build_input_shape"), source));
    return new KerasDescription(
        mapper.writeValueAsString(plain),
        isCrossEntropyOfLogits(loss, plain.get("config"), source));
  }

  private static boolean hasAttribute(HdfFile file, String name) {
    return file.getAttributes().containsKey(name);
  }

  private static String attribute(HdfFile file, String name, String source) {
    if (!(file.getAttribute(name).getData() instanceof String text)) {
      throw ConveneException.data("%s is damaged: its attribute %s is no text", source, name);
    }
    return text;
  }

  private static void requireVersion(HdfFile file, String source) {
    String version =
        hasAttribute(file, "keras_version") ? attribute(file, "keras_version", source) : "1";
    if (!version.startsWith("2.") && !version.startsWith("3.")) {
      throw ConveneException.data(
          "%s was saved by Keras %s: only models of Keras 2 and 3 are read", source, version);
    }
  }

  /**
   * The layers as Keras 2 writes them, after an input layer; one that flattens the input left out.
   */
  private static ArrayNode plainLayers(JsonNode layers, JsonNode builtShape, String source) {
    JsonNode shape = builtShape;
    ArrayNode plain = new ObjectMapper().createArrayNode();
    ObjectNode input = plain.addObject().put("class_name", "InputLayer").putObject("config");
    for (JsonNode layer : layers) {
      ObjectNode config = object(layer.path("config"), source);
      String name = config.path("name").asText();
      for (String key : new String[] {"batch_shape", "batch_input_shape"}) {
        JsonNode own = config.remove(key);
        if (own != null && plain.size() == 1) {
          shape = own;
        }
      }
      String type = layer.path("class_name").asText();
      if (type.equals("InputLayer") && plain.size() == 1) {
        continue;
      }
      if (!LAYERS.contains(type)) {
        throw unsupported(source, name, "a " + type, LAYERS);
      }
      JsonNode activation = config.get("activation");
      if (activation != null && !ACTIVATIONS.contains(activation.asText())) {
        String stated = activation.isTextual() ? activation.asText() : "a function of its own";
        throw unsupported(source, name, "activated by " + stated, ACTIVATIONS);
      }
      if (type.equals("Flatten") && plain.size() == 1) {
        shape = flat(shape);
        continue;
      }
      requireUngrouped(config, name, source);
      requireChannelsLast(config, name, source);
      config.remove("dtype");
      if (type.equals("Dropout")) {
        // DL4J reads Keras 1's name only, and would train without dropout.
        config.put("dropout", number(config.path("rate"), "rate", name, source));
      }
      if (type.equals("LeakyReLU")) {
        // Keras 2 has rounded it to float, Keras 3 calls it otherwise.
        JsonNode stated = config.path(config.has("alpha") ? "alpha" : "negative_slope");
        double slope = number(stated, "slope", name, source);
        config.put("alpha", Double.parseDouble(Float.toString((float) slope)));
      }
      plain.addObject().put("class_name", type).set("config", config);
    }
    if (plain.size() == 1) {
      throw ConveneException.data("%s holds a model without layers", source);
    }
    requireShape(shape, plain.get(1).path("class_name").asText(), source);
    input.put("name", "the input of all").set("batch_input_shape", shape);
    return plain;
  }

  private static void requireUngrouped(JsonNode config, String name, String source) {
    if (config.path("groups").asInt(1) != 1) {
      throw ConveneException.data(
          "%s: its layer '%s' convolves in %s groups, which is not read",
          source, name, config.path("groups").asText());
    }
  }

  /** DL4J takes the kernels of others for those of Theano, which are turned. */
  private static void requireChannelsLast(JsonNode config, String name, String source) {
    String format = config.path("data_format").asText("channels_last");
    if (!format.equals("channels_last")) {
      throw ConveneException.data(
          "%s: its layer '%s' has images in the order %s, and only channels_last is read",
          source, name, format);
    }
  }

  /** Keras can write an object instead, which DL4J would take for a zero. */
  private static double number(JsonNode stated, String trait, String name, String source) {
    if (!stated.isNumber()) {
      throw ConveneException.data(
          "%s: the %s of its layer '%s' is %s instead of a number",
          source, trait, name, stated.isMissingNode() ? "missing" : stated);
    }
    return stated.asDouble();
  }

  private static void requireShape(JsonNode shape, String firstLayer, String source) {
    int axes = firstLayer.equals("Conv2D") || firstLayer.equals("MaxPooling2D") ? 4 : 2;
    boolean known = shape.size() == axes;
    for (int axis = 1; known && axis < axes; axis++) {
      known = shape.get(axis).asInt() > 0;
    }
    if (!known) {
      throw ConveneException.data(
          "%s takes inputs of shape %s: only rows of a known number of features are read, and images"
              + " of a known size by convolutions",
          source, shape.isMissingNode() ? "unknown to it" : shape);
    }
  }

  private static ArrayNode flat(JsonNode shape) {
    ArrayNode flat = new ObjectMapper().createArrayNode().addNull();
    long features = 1;
    for (int axis = 1; axis < shape.size(); axis++) {
      features = Math.multiplyExact(features, shape.get(axis).asLong());
    }
    return flat.add(features);
  }

  /**
   * Whether the loss is a cross-entropy that takes the softmax itself. A linear last layer is else
   * taken for a regression's.
   */
  private static boolean isCrossEntropyOfLogits(JsonNode stated, JsonNode layers, String source) {
    // For several outputs it is a list, or an object by their names.
    JsonNode loss =
        stated.isContainerNode() && !stated.has("class_name") && !stated.isEmpty()
            ? stated.elements().next()
            : stated;
    String name = loss.path("class_name").asText(loss.asText());
    String letters = name.toLowerCase(Locale.ROOT).replace("_", "");
    boolean logits = loss.path("config").path("from_logits").asBoolean();
    JsonNode last = layers.get(layers.size() - 1);
    boolean linear = last.path("config").path("activation").asText().equals("linear");
    if (!linear || !letters.contains("crossentropy")) {
      return false;
    }
    if (!logits || !letters.endsWith("categoricalcrossentropy")) {
      throw ConveneException.data(
          "%s ends in a linear layer with the loss %s: for classes it must end in softmax, or in"
              + " logits with a categorical cross-entropy of from_logits=True",
          source, name);
    }
    return true;
  }

  private static ObjectNode object(JsonNode node, String source) {
    if (!(node instanceof ObjectNode object)) {
      throw ConveneException.data("%s is damaged: it describes no model of Keras", source);
    }
    return object;
  }

  private static ConveneException unsupported(
      String source, String layer, String trait, Set<String> read) {
    return ConveneException.data(
        "%s cannot be read: its layer '%s' is %s, and only these are known: %s",
        source, layer, trait, String.join(", ", read.stream().sorted().toList()));
  }
}
