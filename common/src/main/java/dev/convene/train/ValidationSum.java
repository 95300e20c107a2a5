package dev.convene.train;

import com.esotericsoftware.kryo.DefaultSerializer;
import com.esotericsoftware.kryo.serializers.JavaSerializer;
import java.io.Serializable;
import java.util.List;

/** What some validation rows come to. */
@DefaultSerializer(JavaSerializer.class)
public final class ValidationSum implements Serializable {
  private static final long serialVersionUID = 1;

  private final LossSum losses;
  private final double[] counts;

  /**
   * @param counts of a {@link ValidationMetric}
   */
  public ValidationSum(LossSum losses, double[] counts) {
    this.losses = losses;
    this.counts = counts;
  }

  LossSum losses() {
    return losses;
  }

  double[] counts() {
    return counts;
  }

  /** All together, added in their order; of no parts, of no rows. */
  static ValidationSum total(List<ValidationSum> parts) {
    double[] counts = parts.isEmpty() ? new double[0] : new double[parts.get(0).counts.length];
    for (ValidationSum part : parts) {
      for (int i = 0; i < counts.length; i++) {
        counts[i] += part.counts[i];
      }
    }
    return new ValidationSum(
        LossSum.total(parts.stream().map(ValidationSum::losses).toList()), counts);
  }
}
