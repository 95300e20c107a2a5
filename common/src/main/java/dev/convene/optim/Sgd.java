package dev.convene.optim;

/**
 * Stochastic gradient descent with momentum, as torch.optim.SGD.
 *
 * @param momentum at least 0
 * @param dampening of the gradient's part in the momentum; not at the first step
 * @param nesterov look ahead by the momentum (Sutskever et al. 2013)
 * @param weightDecay L2 penalty, at least 0
 */
public record Sgd(double momentum, double dampening, boolean nesterov, double weightDecay)
    implements Optimizer {

  /** Without momentum or penalty. */
  public static Sgd plain() {
    return new Sgd(0, 0, false, 0);
  }

  @Override
  public int stateCount() {
    return momentum == 0 ? 0 : 1;
  }

  @Override
  public Untouched untouched() {
    return momentum == 0 && weightDecay == 0 ? Untouched.STAY : Untouched.MOVE;
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
    float rate = (float) learningRate;
    WeightDecay.addTo(gradient, weightDecay, parameters, from, to);
    if (momentum != 0) {
      float[] velocity = states[0];
      float keep = (float) momentum;
      float take = step == 1 ? 1f : (float) (1 - dampening);
      for (int i = from; i < to; i++) {
        velocity[i] = keep * velocity[i] + take * gradient[i];
      }
      if (nesterov) {
        for (int i = from; i < to; i++) {
          gradient[i] += keep * velocity[i];
        }
      } else {
        System.arraycopy(velocity, from, gradient, from, to - from);
      }
    }
    for (int i = from; i < to; i++) {
      parameters[i] -= rate * gradient[i];
    }
  }
}
