package dev.convene.optim;

/**
 * Adadelta (Zeiler 2012), as torch.optim.Adadelta. It remembers the decaying means of squared
 * gradients and of squared steps.
 *
 * @param rho decay of both means, in [0, 1]
 * @param eps added to both under their roots, at least 0
 * @param weightDecay L2 penalty, at least 0
 */
public record Adadelta(double rho, double eps, double weightDecay) implements Optimizer {
  @Override
  public int stateCount() {
    return 2;
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
    WeightDecay.addTo(gradient, weightDecay, parameters, from, to);
    float rate = (float) learningRate;
    float keep = (float) rho;
    float take = (float) (1 - rho);
    float epsilon = (float) eps;
    float[] squares = states[0];
    float[] squaredSteps = states[1];
    for (int i = from; i < to; i++) {
      float g = gradient[i];
      float square = keep * squares[i] + take * g * g;
      float past = squaredSteps[i];
      float delta = (float) Math.sqrt(past + epsilon) / (float) Math.sqrt(square + epsilon) * g;
      squares[i] = square;
      squaredSteps[i] = keep * past + take * delta * delta;
      parameters[i] -= rate * delta;
    }
  }
}
