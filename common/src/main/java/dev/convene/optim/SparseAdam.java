package dev.convene.optim;

/**
 * Adam for sparse rows, as torch.optim.SparseAdam: moments and weights of inputs that no row of a
 * minibatch has are left as they are, and the bias correction is by the number of all steps. Other
 * than {@link Adam}'s, its eps is added before that correction.
 *
 * @param beta1 decay of the gradient's mean, in [0, 1)
 * @param beta2 decay of the squared gradient's mean, in [0, 1)
 * @param eps added to the root of the latter, at least 0
 */
public record SparseAdam(double beta1, double beta2, double eps) implements Optimizer {
  @Override
  public int stateCount() {
    return 2;
  }

  @Override
  public Untouched untouched() {
    return Untouched.LEFT_OUT;
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
    double correction1 = 1 - Math.pow(beta1, (double) step);
    double correction2 = 1 - Math.pow(beta2, (double) step);
    float rate = (float) (learningRate * Math.sqrt(correction2) / correction1);
    float keep1 = (float) beta1;
    float take1 = (float) (1 - beta1);
    float keep2 = (float) beta2;
    float take2 = (float) (1 - beta2);
    float epsilon = (float) eps;
    float[] mean = states[0];
    float[] square = states[1];
    for (int i = from; i < to; i++) {
      float g = gradient[i];
      float m = keep1 * mean[i] + take1 * g;
      float v = keep2 * square[i] + take2 * g * g;
      mean[i] = m;
      square[i] = v;
      parameters[i] -= rate * m / ((float) Math.sqrt(v) + epsilon);
    }
  }
}
