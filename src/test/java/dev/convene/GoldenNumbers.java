package dev.convene;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** Numbers that other programs have computed: the JSON files among the test resources. */
public final class GoldenNumbers {
  private GoldenNumbers() {}

  /** The content of {@code /golden/NAME.json}. */
  public static JsonNode read(String name) {
    try (InputStream in = GoldenNumbers.class.getResourceAsStream("/golden/" + name + ".json")) {
      return new ObjectMapper().readTree(in);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** The numbers of an array of any depth, in the order in which they are written. */
  public static float[] floats(JsonNode array) {
    double[] doubles = doubles(array);
    float[] floats = new float[doubles.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) doubles[i];
    }
    return floats;
  }

  /** Like {@link #floats}. */
  public static double[] doubles(JsonNode array) {
    List<Double> numbers = new ArrayList<>();
    collect(array, numbers);
    return numbers.stream().mapToDouble(Double::doubleValue).toArray();
  }

  /** The elements of an array of integers. */
  public static List<Integer> integers(JsonNode array) {
    List<Integer> integers = new ArrayList<>();
    array.forEach(element -> integers.add(element.intValue()));
    return integers;
  }

  /** The largest |actual - expected|, as a share of the largest |expected|. */
  public static double deviation(double[] actual, double[] expected) {
    double deviation = 0;
    double largest = 0;
    for (int i = 0; i < expected.length; i++) {
      deviation = Math.max(deviation, Math.abs(actual[i] - expected[i]));
      largest = Math.max(largest, Math.abs(expected[i]));
    }
    return deviation / largest;
  }

  /** Asserts |actual - expected| <= relative |expected| + floor, element by element. */
  public static void assertClose(
      String what, float[] actual, float[] expected, double relative, double floor) {
    assertThat(actual).as(what).hasSameSizeAs(expected);
    for (int i = 0; i < expected.length; i++) {
      assertClose(what + " [" + i + "]", actual[i], expected[i], relative, floor);
    }
  }

  /** Asserts |actual - expected| <= relative |expected| + floor. */
  public static void assertClose(
      String what, double actual, double expected, double relative, double floor) {
    double tolerance = relative * Math.abs(expected) + floor;
    assertThat(Math.abs(actual - expected))
        .as("%s: %s, expected %s", what, actual, expected)
        .isLessThanOrEqualTo(tolerance);
  }

  /**
   * How far float32 may take a mean squared error: the outputs that it is made of are sums of some
   * terms, each rounded to 2<sup>-24</sup> of the largest output, in an order that every BLAS
   * kernel chooses for itself. Outputs near 200 that are off by 1 are known to 5 digits so,
   * whatever the kernel; the 720 orders of the lecture's raw features stay within a third of it. An
   * error of earlier parameters does not add up: the next step, along the same features, takes it
   * back.
   *
   * @param terms of an output: features and bias
   */
  public static double squaredErrorRounding(double cost, int terms, double largestOutput) {
    double outputError = terms * 0x1p-24 * largestOutput;
    return 2 * outputError * Math.sqrt(cost) + outputError * outputError;
  }

  private static void collect(JsonNode node, List<Double> numbers) {
    if (node.isArray()) {
      node.forEach(element -> collect(element, numbers));
    } else {
      numbers.add(node.doubleValue());
    }
  }
}
