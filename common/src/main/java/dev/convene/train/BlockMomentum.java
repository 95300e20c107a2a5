package dev.convene.train;

import java.util.List;

/**
 * The step from the state that a round began with to the mean of the workers' states goes into a
 * momentum, and the momentum is the step that is made: Chen and Huo, "Scalable training of deep
 * learning machines by incremental block training with intra-block parallel optimization and
 * blockwise model-update filtering", 2016, with Nesterov's look-ahead (NBM). The next round begins
 * at the look-ahead; the model without it is what is validated and kept.
 *
 * <p>With momentum .9 and rate .7 the rounds are those of Douillard et al., "DiLoCo: distributed
 * low-communication training of language models", 2023.
 *
 * <p>It remembers the model's parameters and the momentum.
 *
 * @param momentum in [0, 1)
 * @param rate the share of a round's step that goes into the momentum, above 0
 */
public record BlockMomentum(double momentum, double rate) implements Averager {
  @Override
  public Averaged initial(TrainingState state) {
    float[] parameters = state.parameters();
    return new Averaged(state, List.of(parameters, new float[parameters.length]));
  }

  @Override
  public Averaged next(Averaged before, TrainingState mean) {
    float[] start = before.state().parameters();
    float[] oldModel = before.memory().get(0);
    float[] oldMomentum = before.memory().get(1);
    float[] next = new float[start.length];
    float[] model = new float[start.length];
    float[] newMomentum = new float[start.length];
    for (int i = 0; i < start.length; i++) {
      double step = momentum * oldMomentum[i] + rate * ((double) mean.parameters()[i] - start[i]);
      newMomentum[i] = (float) step;
      model[i] = (float) (oldModel[i] + step);
      next[i] = (float) (oldModel[i] + step + momentum * step);
    }
    return new Averaged(
        new TrainingState(next, mean.optimizerStates()), List.of(model, newMomentum));
  }

  @Override
  public TrainingState result(Averaged averaged) {
    return new TrainingState(averaged.memory().get(0), averaged.state().optimizerStates());
  }
}
