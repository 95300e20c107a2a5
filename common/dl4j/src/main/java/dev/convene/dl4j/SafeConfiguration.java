package dev.convene.dl4j;

import dev.convene.ConveneException;
import java.io.IOException;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;

/**
 * Reads DL4J's JSON from untrusted sources. DL4J makes objects of the classes that the JSON names:
 * here these are its own and ND4J's only.
 */
final class SafeConfiguration {
  private static final String CLASS = "@class";

  private SafeConfiguration() {}

  /**
   * The configuration of a {@code MultiLayerNetwork}.
   *
   * @param what the JSON, as a message names it
   * @throws ConveneException (data) if it is none
   */
  static MultiLayerConfiguration parse(String json, String what) {
    try {
      JsonNode root = new ObjectMapper().readTree(json);
      if (root != null && root.has("vertices")) {
        throw ConveneException.data(
            "%s describes a ComputationGraph: only networks of layers in a row"
                + " (MultiLayerConfiguration) can be used",
            what);
      }
      if (root == null || !root.path("confs").isArray() || root.path("confs").isEmpty()) {
        throw ConveneException.data(
            "%s is no configuration of a network: make one with DL4J's"
                + " MultiLayerConfiguration.toJson()",
            what);
      }
      requireDl4jsClasses(root, what);
      return MultiLayerConfiguration.fromJson(json);
    } catch (ConveneException e) {
      throw e;
    } catch (IOException | RuntimeException | StackOverflowError failure) {
      String reason = String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
      ConveneException unreadable =
          ConveneException.data("%s cannot be read as DL4J's JSON: %s", what, reason);
      unreadable.addSuppressed(failure);
      throw unreadable;
    }
  }

  private static void requireDl4jsClasses(JsonNode node, String what) {
    JsonNode name = node.get(CLASS);
    if (name != null && !name.asText().matches("org\\.(deeplearning4j|nd4j)\\.[A-Za-z0-9_.$]+")) {
      throw ConveneException.data(
          "%s names the class %s: only classes of DL4J itself are made from a file",
          what, name.asText());
    }
    node.forEach(child -> requireDl4jsClasses(child, what));
  }
}
