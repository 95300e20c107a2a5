package dev.convene.optim;

/**
 * Adamax (Kingma, Ba 2015), Adam by the infinity norm, as torch.optim.Adamax. It remembers the
 * gradient's mean and its decaying largest size.
 *
 * @param beta1 decay of the mean, in [0, 1)
 * @param beta2 decay of the largest size, in [0, 1)
 * @param eps added to each size, at least 0
 * @param weightDecay L2 penalty, at least 0
 */
public record Adamax(double beta1, double beta2, double eps, double weightDecay)
    implements Optimizer {
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
    float rate = (float) (learningRate / (1 - Math.pow(beta1, (double) step)));
    float keep = (float) beta1;
    float take = (float) (1 - beta1);
    float shrink = (float) beta2;
    float epsilon = (float) eps;
    float[] mean = states[0];
    float[] largest = states[1];
    for (int i = from; i < to; i++) {
      float g = gradient[i];
      float m = keep * mean[i] + take * g;
      float size = Math.max(shrink * largest[i], Math.abs(g) + epsilon);
      mean[i] = m;
      largest[i] = size;
      parameters[i] -= rate * m / size;
    }
  }
}
