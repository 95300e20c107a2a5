package dev.convene.train;

import com.esotericsoftware.kryo.DefaultSerializer;
import com.esotericsoftware.kryo.serializers.JavaSerializer;
import java.io.Serializable;

/** How a worker's part of a round went: all but the state that it came to. */
@DefaultSerializer(JavaSerializer.class)
public final class WorkerReport implements Serializable {
  private static final long serialVersionUID = 1;

  /** Of a worker that had no minibatch left. */
  static final WorkerReport NONE = ofNoStep(0);

  private final LossSum sums;
  private final LossSum initial;
  private final float[] minibatchLosses;
  private final boolean isFinite;

  /**
   * @param sums of the rows it used, before each step and with dropout on; their weight is the
   *     worker's in the average
   * @param initial some of its rows before the first step of all, without dropout; none in any
   *     other round than the first
   * @param minibatchLosses the mean loss of each minibatch in turn
   * @param isFinite neither the loss nor a parameter is infinite or not a number
   */
  WorkerReport(LossSum sums, LossSum initial, float[] minibatchLosses, boolean isFinite) {
    this.sums = sums;
    this.initial = initial;
    this.minibatchLosses = minibatchLosses;
    this.isFinite = isFinite;
  }

  /** Of a worker that used so many rows, none of which has weight. */
  static WorkerReport ofNoStep(long rows) {
    return new WorkerReport(new LossSum(0, 0, 0, rows), LossSum.NONE, new float[0], true);
  }

  public LossSum sums() {
    return sums;
  }

  LossSum initial() {
    return initial;
  }

  float[] minibatchLosses() {
    return minibatchLosses;
  }

  boolean isFinite() {
    return isFinite;
  }

  boolean hasWeight() {
    return sums.weight() > 0;
  }
}
