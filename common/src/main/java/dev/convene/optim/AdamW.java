package dev.convene.optim;

/**
 * Adam with decoupled weight decay (Loshchilov, Hutter 2019), as torch.optim.AdamW: the parameters
 * shrink by rate times decay before Adam's step, whose moments know nothing of it.
 *
 * @param beta1 decay of the gradient's mean, in [0, 1)
 * @param beta2 decay of the squared gradient's mean, in [0, 1)
 * @param eps added to the root of the latter, at least 0
 * @param weightDecay at least 0
 * @param amsgrad divide by the largest mean square so far
 */
public record AdamW(double beta1, double beta2, double eps, double weightDecay, boolean amsgrad)
    implements Optimizer {
  @Override
  public int stateCount() {
    return adam().stateCount();
  }

  @Override
  public void step(
      long step,
      double learningRate,
      float[] parameters,
      float[] gradient,
      float[][] states,
      int from,
      int to) {
    float kept = (float) (1 - learningRate * weightDecay);
    for (int i = from; i < to; i++) {
      parameters[i] *= kept;
    }
    adam().step(step, learningRate, parameters, gradient, states, from, to);
  }

  private Adam adam() {
    return new Adam(beta1, beta2, eps, 0, amsgrad);
  }
}
