package dev.convene.train;

import dev.convene.nn.Network;
import dev.convene.optim.Step;

/**
 * A network, where its parameters start and how they change: what a {@link TrainingPlan} trains. A
 * {@link TrainingBackend} makes one of a network and an optimizer of ours, a {@link
 * DescribedTraining} one of a text that says all of it.
 */
public interface Learner {
  Network network();

  /** The parameters that training starts from; the same for the same seed. */
  float[] initialParameters(long seed);

  /** How many arrays as long as the parameters its steps remember, all 0 before the first. */
  int stateCount();

  /**
   * The learning rate of a step, as {@link dev.convene.optim.Schedule#rate} has it; for a network
   * of several rates that of its last layer.
   */
  double rate(Step step);

  /** What training begins with; the parameters are not changed. */
  default TrainingState initialState(float[] parameters) {
    return TrainingState.initial(parameters, stateCount());
  }

  /** Those parameters of a state that are the result, to be validated and kept; not a copy. */
  default float[] result(TrainingState state) {
    return state.parameters();
  }

  /** Where a user finds the learning rate, if that is not plain: follows its name in a message. */
  String placeOfRate();

  /** What a worker does in a round. */
  RoundTask task(TrainingPlan plan);

  /**
   * What an epoch does with the workers' rounds.
   *
   * @throws dev.convene.ConveneException (data) if there is no minibatch to train on
   */
  default EpochPass epochPass(
      TrainingPlan plan, Workers workers, DivergenceGuard guard, TrainingListener listener) {
    return AveragingPass.of(plan, this, workers, guard, listener);
  }
}
