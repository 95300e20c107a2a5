package dev.convene.train;

import java.util.List;

/**
 * Block momentum (Chen and Huo 2016): the step that an average is from the state before goes into a
 * momentum, and that is the step which is made.
 */
record SlowMomentum(double momentum) implements Averager {
  @Override
  public int memoryCount() {
    return 1;
  }

  @Override
  public Averaged average(Averaged before, List<Contribution> contributions) {
    TrainingState average = new WeightedAverage().average(before, contributions).state();
    float[] parameters = before.state().parameters().clone();
    float[] velocity = before.memory().get(0).clone();
    for (int i = 0; i < parameters.length; i++) {
      velocity[i] = (float) (momentum * velocity[i] + parameters[i] - average.parameters()[i]);
      parameters[i] -= velocity[i];
    }
    return new Averaged(
        new TrainingState(parameters, average.optimizerStates()), List.of(velocity));
  }
}
