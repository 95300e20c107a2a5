package dev.convene.optim;

/**
 * RMSprop (Tieleman, Hinton 2012; centered: Graves 2013), as torch.optim.RMSprop. It remembers the
 * mean of squared gradients, then if it is centered the mean of gradients, then if there is a
 * momentum the past steps.
 *
 * @param alpha decay of the means, at least 0
 * @param eps added to the root, at least 0
 * @param weightDecay L2 penalty, at least 0
 * @param momentum factor of the past steps, at least 0
 * @param centered divide by the root of the variance in place of the mean square
 */
public record RmsProp(
    double alpha, double eps, double weightDecay, double momentum, boolean centered)
    implements Optimizer {
  @Override
  public int stateCount() {
    return 1 + (centered ? 1 : 0) + (momentum > 0 ? 1 : 0);
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
    if (centered) {
      divideByDeviation(gradient, states[0], states[1], from, to);
    } else {
      divideByRootMeanSquare(gradient, states[0], from, to);
    }
    if (momentum > 0) {
      float keep = (float) momentum;
      float[] velocity = states[states.length - 1];
      for (int i = from; i < to; i++) {
        float v = keep * velocity[i] + gradient[i];
        velocity[i] = v;
        gradient[i] = v;
      }
    }
    float rate = (float) learningRate;
    for (int i = from; i < to; i++) {
      parameters[i] -= rate * gradient[i];
    }
  }

  private void divideByRootMeanSquare(float[] gradient, float[] squares, int from, int to) {
    float keep = (float) alpha;
    float take = (float) (1 - alpha);
    float epsilon = (float) eps;
    for (int i = from; i < to; i++) {
      float g = gradient[i];
      float square = keep * squares[i] + take * g * g;
      squares[i] = square;
      gradient[i] = g / ((float) Math.sqrt(square) + epsilon);
    }
  }

  private void divideByDeviation(
      float[] gradient, float[] squares, float[] means, int from, int to) {
    float keep = (float) alpha;
    float take = (float) (1 - alpha);
    float epsilon = (float) eps;
    for (int i = from; i < to; i++) {
      float g = gradient[i];
      float square = keep * squares[i] + take * g * g;
      float mean = keep * means[i] + take * g;
      squares[i] = square;
      means[i] = mean;
      gradient[i] = g / ((float) Math.sqrt(square - mean * mean) + epsilon);
    }
  }
}
