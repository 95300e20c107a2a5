package dev.convene.optim;

/**
 * Averaged stochastic gradient descent (Polyak, Juditsky 1992), as torch.optim.ASGD: steps at a
 * falling rate, and beside them the mean of the parameters, which is remembered.
 *
 * @param lambd decay of parameters and rate, at least 0
 * @param alpha power of the rate's fall: step t has rate / (1 + lambd rate (t - 1))^alpha
 * @param t0 the step after which the mean begins; until then it is the last parameters
 * @param weightDecay L2 penalty, at least 0
 */
public record Asgd(double lambd, double alpha, double t0, double weightDecay) implements Optimizer {
  @Override
  public int stateCount() {
    return 1;
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
    double eta = learningRate / Math.pow(1 + lambd * learningRate * (step - 1), alpha);
    float rate = (float) eta;
    float kept = (float) (1 - lambd * eta);
    float share = (float) (1 / Math.max(1, step - 1 - t0));
    float[] mean = states[0];
    for (int i = from; i < to; i++) {
      float p = kept * parameters[i] - rate * gradient[i];
      parameters[i] = p;
      mean[i] = share == 1 ? p : mean[i] + share * (p - mean[i]);
    }
  }
}
