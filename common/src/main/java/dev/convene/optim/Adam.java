package dev.convene.optim;

/**
 * Adam (Kingma, Ba 2015) and its variant AMSGrad (Reddi, Kale, Kumar 2018), as torch.optim.Adam.
 *
 * @param beta1 decay of the gradient's mean, in [0, 1)
 * @param beta2 decay of the squared gradient's mean, in [0, 1)
 * @param eps added to the root of the latter, at least 0
 * @param weightDecay L2 penalty, at least 0
 * @param amsgrad divide by the largest mean square so far
 */
public record Adam(double beta1, double beta2, double eps, double weightDecay, boolean amsgrad)
    implements Optimizer {

  /** With PyTorch's defaults. */
  public static Adam withDefaults() {
    return new Adam(0.9, 0.999, 1e-8, 0, false);
  }

  @Override
  public int stateCount() {
    return amsgrad ? 3 : 2;
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
    double correction1 = 1 - Math.pow(beta1, (double) step);
    double correction2 = 1 - Math.pow(beta2, (double) step);
    float rate = (float) (learningRate / correction1);
    float rootScale = (float) (1 / Math.sqrt(correction2));
    float[] mean = states[0];
    float[] square = states[1];
    if (amsgrad) {
      moments(gradient, mean, square, from, to);
      float[] largest = states[2];
      for (int i = from; i < to; i++) {
        largest[i] = Math.max(largest[i], square[i]);
      }
      descend(parameters, mean, largest, rate, rootScale, from, to);
    } else {
      fusedStep(parameters, gradient, mean, square, rate, rootScale, from, to);
    }
  }

  /** {@link #moments} and {@link #descend} in one pass over memory: half of the time. */
  private void fusedStep(
      float[] parameters,
      float[] gradient,
      float[] mean,
      float[] square,
      float rate,
      float rootScale,
      int from,
      int to) {
    float keep1 = (float) beta1;
    float take1 = (float) (1 - beta1);
    float keep2 = (float) beta2;
    float take2 = (float) (1 - beta2);
    float epsilon = (float) eps;
    for (int i = from; i < to; i++) {
      float g = gradient[i];
      float m = keep1 * mean[i] + take1 * g;
      float v = keep2 * square[i] + take2 * g * g;
      mean[i] = m;
      square[i] = v;
      parameters[i] -= rate * m / ((float) Math.sqrt(v) * rootScale + epsilon);
    }
  }

  private void moments(float[] gradient, float[] mean, float[] square, int from, int to) {
    float keep1 = (float) beta1;
    float take1 = (float) (1 - beta1);
    float keep2 = (float) beta2;
    float take2 = (float) (1 - beta2);
    for (int i = from; i < to; i++) {
      float g = gradient[i];
      mean[i] = keep1 * mean[i] + take1 * g;
      square[i] = keep2 * square[i] + take2 * g * g;
    }
  }

  private void descend(
      float[] parameters,
      float[] mean,
      float[] square,
      float rate,
      float rootScale,
      int from,
      int to) {
    float epsilon = (float) eps;
    for (int i = from; i < to; i++) {
      parameters[i] -= rate * mean[i] / ((float) Math.sqrt(square[i]) * rootScale + epsilon);
    }
  }
}
