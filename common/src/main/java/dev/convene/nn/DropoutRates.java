package dev.convene.nn;

import java.io.Serializable;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * The probabilities with which units are dropped while training, each in [0, 1).
 *
 * @param inputs of the network's inputs
 * @param hidden of each hidden layer's units, from the first layer on
 */
public record DropoutRates(float inputs, List<Float> hidden) implements Serializable {
  /**
   * @throws IllegalArgumentException if one is out of range
   */
  public DropoutRates {
    hidden = List.copyOf(hidden);
    requireRate(inputs);
    hidden.forEach(DropoutRates::requireRate);
  }

  private static void requireRate(float rate) {
    if (!(rate >= 0 && rate < 1)) {
      throw new IllegalArgumentException("a rate of dropout is in [0, 1), and not " + rate);
    }
  }

  /** The same for all hidden layers, and none of the inputs. */
  public static DropoutRates ofHidden(double rate, int layers) {
    return new DropoutRates(0, Collections.nCopies(layers, (float) rate));
  }

  /**
   * Those that {@link #hiddenDescription} describes.
   *
   * @throws IllegalArgumentException if it describes none
   */
  static DropoutRates parse(String hidden, float inputs, int layers) {
    boolean isList = hidden.startsWith("[") && hidden.endsWith("]");
    return isList
        ? new DropoutRates(
            inputs,
            Arrays.stream(hidden.substring(1, hidden.length() - 1).split(", "))
                .map(Float::valueOf)
                .toList())
        : new DropoutRates(inputs, Collections.nCopies(layers, Float.valueOf(hidden)));
  }

  /** As {@code 0.3} if they are all the same, else as {@code [0.3, 0.5]}. */
  String hiddenDescription() {
    return switch ((int) hidden.stream().distinct().count()) {
      case 0 -> "0.0";
      case 1 -> hidden.get(0).toString();
      default -> hidden.toString();
    };
  }
}
