package dev.convene.train;

import dev.convene.optim.Optimizer;
import java.io.Serializable;

/**
 * What training hands from round to round: the parameters and what the optimizer remembers. The
 * arrays may be shared with other tasks of the JVM: whoever trains on copies them first.
 *
 * @param parameters flat, see {@link dev.convene.nn.Network}
 * @param optimizerStates each as long as the parameters
 */
public record TrainingState(float[] parameters, float[][] optimizerStates) implements Serializable {

  /** The start of a training. */
  public static TrainingState initial(float[] parameters, Optimizer optimizer) {
    return new TrainingState(parameters, new float[optimizer.stateCount()][parameters.length]);
  }

  TrainingState copy() {
    float[][] states = new float[optimizerStates.length][];
    for (int i = 0; i < states.length; i++) {
      states[i] = optimizerStates[i].clone();
    }
    return new TrainingState(parameters.clone(), states);
  }
}
