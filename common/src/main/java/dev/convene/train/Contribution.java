package dev.convene.train;

import com.esotericsoftware.kryo.DefaultSerializer;
import com.esotericsoftware.kryo.serializers.JavaSerializer;
import java.io.Serializable;

/**
 * What a worker brings to the average of a round.
 *
 * @param state null if it had no minibatch left
 * @param sums of the rows it used, before each step and with dropout on; their weight is the
 *     worker's in the average
 */
@DefaultSerializer(JavaSerializer.class)
public record Contribution(TrainingState state, LossSum sums) implements Serializable {

  boolean hasWeight() {
    return sums.weight() > 0;
  }

  /** Neither the loss nor a parameter is infinite or not a number. */
  boolean isFinite() {
    return state.hasFiniteParameters() && Double.isFinite(sums.lossSum());
  }
}
