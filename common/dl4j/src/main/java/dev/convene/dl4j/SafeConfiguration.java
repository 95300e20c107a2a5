package dev.convene.dl4j;

import dev.convene.ConveneException;
import java.io.IOException;
import java.util.regex.Pattern;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;

/**
 * Reads DL4J's JSON from untrusted sources. DL4J makes objects of the classes that the JSON names:
 * here these are its own and ND4J's only.
 *
 * <p>That these do no harm relies on two things. Jackson makes an object only of a class that fits
 * the property: a layer, an activation, a loss, an updater and the like. And no such class of DL4J
 * 1.0.0-M2 has a property that opens a file or an address, or makes a class by its name: they hold
 * numbers, texts, arrays and each other.
 */
final class SafeConfiguration {
  private static final Pattern DL4JS_CLASS =
      Pattern.compile("org\\.(deeplearning4j|nd4j)\\.[A-Za-z0-9_.$]+");

  private SafeConfiguration() {}

  /**
   * The configuration of a {@code MultiLayerNetwork}.
   *
   * @param source the JSON, as a message names it
   * @throws ConveneException (data) if it is none
   */
  static MultiLayerConfiguration parse(String json, String source) {
    try {
      JsonNode root = new ObjectMapper().readTree(json);
      if (root != null && root.has("vertices")) {
        throw ConveneException.data(
            "%s describes a ComputationGraph: only networks of layers in a row"
                + " (MultiLayerConfiguration) can be used",
            source);
      }
      if (root == null || !root.path("confs").isArray() || root.path("confs").isEmpty()) {
        throw ConveneException.data(
            "%s is no configuration of a network: make one with DL4J's"
                + " MultiLayerConfiguration.toJson()",
            source);
      }
      requireDl4jsClasses(root, source);
      // Not the text: of a key that comes twice in it, DL4J might take the other value.
      return MultiLayerConfiguration.fromJson(root.toString());
    } catch (ConveneException e) {
      throw e;
    } catch (IOException | RuntimeException | StackOverflowError failure) {
      String reason = String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
      ConveneException unreadable =
          ConveneException.data("%s cannot be read as DL4J's JSON: %s", source, reason);
      unreadable.addSuppressed(failure);
      throw unreadable;
    }
  }

  private static void requireDl4jsClasses(JsonNode node, String source) {
    if (node.has("@class")) {
      requireDl4js(node.get("@class").asText(), source);
    }
    // A distribution's class, and the class of any object as Jackson has it in an array. Elsewhere
    // these are words without dots.
    for (JsonNode name : new JsonNode[] {node.path("type"), node.path(0)}) {
      if (name.isTextual() && name.asText().contains(".")) {
        requireDl4js(name.asText(), source);
      }
    }
    node.forEach(child -> requireDl4jsClasses(child, source));
  }

  private static void requireDl4js(String name, String source) {
    if (!DL4JS_CLASS.matcher(name).matches()) {
      throw ConveneException.data(
          "%s names the class %s: only classes of DL4J itself are made from a file", source, name);
    }
  }
}
