package dev.convene.train;

import com.esotericsoftware.kryo.DefaultSerializer;
import com.esotericsoftware.kryo.serializers.JavaSerializer;
import java.io.Serializable;

/**
 * What a worker brings to the average of a round.
 *
 * @param state that it came to; null if it had no minibatch left
 */
@DefaultSerializer(JavaSerializer.class)
public record Contribution(TrainingState state, WorkerReport report) implements Serializable {

  /** Of a worker that had no minibatch left. */
  public static final Contribution NONE = new Contribution(null, WorkerReport.NONE);

  /** Of a worker that came to that state; see {@link WorkerReport}. */
  public static Contribution of(
      TrainingState state, LossSum sums, LossSum initial, float[] minibatchLosses) {
    boolean isFinite = state.hasFiniteParameters() && Double.isFinite(sums.lossSum());
    return new Contribution(state, new WorkerReport(sums, initial, minibatchLosses, isFinite));
  }

  boolean hasWeight() {
    return report.hasWeight();
  }
}
