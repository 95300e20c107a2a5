package dev.convene.train;

import dev.convene.nn.DenseNetwork;

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
    return training().optimizer().stateCount();
  }

  @Override
  default double rate(int epoch, long step) {
    return training().schedule().rate(epoch, step);
  }

  @Override
  default String placeOfRate() {
    return "";
  }
}
