package dev.convene.train;

import dev.convene.nn.DenseNetwork;
import dev.convene.optim.Step;

/** A {@link Learner} of a {@link DenseTraining}, whichever backend makes its steps. */
public interface DenseLearner extends Learner {
  DenseTraining training();

  @Override
  default DenseNetwork network() {
    return training().network();
  }

  @Override
  default float[] initialParameters(long seed) {
    return training().initializer().initialParameters(network(), seed);
  }

  @Override
  default int stateCount() {
    return training().stateCount();
  }

  @Override
  default double rate(Step step) {
    return training().schedule().rate(step);
  }

  @Override
  default TrainingState initialState(float[] parameters) {
    TrainingState state = TrainingState.initial(parameters, stateCount());
    if (training().constraints().hasMovingAverage()) {
      System.arraycopy(parameters, 0, result(state), 0, parameters.length);
    }
    return state;
  }

  @Override
  default float[] result(TrainingState state) {
    return training().constraints().hasMovingAverage()
        ? state.optimizerStates()[training().optimizer().stateCount()]
        : state.parameters();
  }

  @Override
  default String placeOfRate() {
    return "";
  }
}
