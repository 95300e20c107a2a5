package dev.convene.train;

import com.esotericsoftware.kryo.DefaultSerializer;
import com.esotericsoftware.kryo.serializers.JavaSerializer;
import java.io.Serializable;

/** What a worker brings to the average of a round. */
@DefaultSerializer(JavaSerializer.class)
public final class Contribution implements Serializable {
  private static final long serialVersionUID = 1;

  /** Of a worker that had no minibatch left. */
  public static final Contribution NONE =
      new Contribution(null, LossSum.NONE, LossSum.NONE, new float[0]);

  private final TrainingState state;
  private final LossSum sums;
  private final LossSum initial;
  private final float[] minibatchLosses;

  /**
   * @param state null if it had no minibatch left
   * @param sums of the rows it used, before each step and with dropout on; their weight is the
   *     worker's in the average
   * @param initial some of its rows before the first step of all, without dropout; none in any
   *     other round than the first
   * @param minibatchLosses the mean loss of each minibatch in turn
   */
  public Contribution(TrainingState state, LossSum sums, LossSum initial, float[] minibatchLosses) {
    this.state = state;
    this.sums = sums;
    this.initial = initial;
    this.minibatchLosses = minibatchLosses;
  }

  public TrainingState state() {
    return state;
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

  boolean hasWeight() {
    return sums.weight() > 0;
  }

  /** Neither the loss nor a parameter is infinite or not a number. */
  boolean isFinite() {
    return state.hasFiniteParameters() && Double.isFinite(sums.lossSum());
  }
}
