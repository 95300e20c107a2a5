package dev.convene.optim;

/**
 * Adagrad (Duchi, Hazan, Singer 2011), as torch.optim.Adagrad. It remembers the sum of squared
 * gradients.
 *
 * @param lrDecay how fast the rate falls: step t has rate / (1 + (t - 1) lrDecay); at least 0
 * @param weightDecay L2 penalty, at least 0
 * @param eps added to the root of the sum, at least 0
 */
public record Adagrad(double lrDecay, double weightDecay, double eps) implements Optimizer {
  @Override
  public int stateCount() {
    return 1;
  }

  @Override
  public Untouched untouched() {
    return weightDecay == 0 && eps > 0 ? Untouched.STAY : Untouched.MOVE;
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
    float rate = (float) (learningRate / (1 + (step - 1) * lrDecay));
    float epsilon = (float) eps;
    float[] sum = states[0];
    for (int i = from; i < to; i++) {
      float g = gradient[i];
      float s = sum[i] + g * g;
      sum[i] = s;
      parameters[i] -= rate * g / ((float) Math.sqrt(s) + epsilon);
    }
  }
}
