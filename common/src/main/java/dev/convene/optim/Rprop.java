package dev.convene.optim;

/**
 * Resilient backpropagation (Riedmiller, Braun 1993), as torch.optim.Rprop: only the signs of
 * gradients count. It remembers the last gradient and each parameter's step, which begins at the
 * learning rate. A method for full batches.
 *
 * @param etaMinus factor of the step where the gradient has changed its sign, in (0, 1)
 * @param etaPlus factor where it has not, above 1
 * @param minStep the smallest step, at least 0
 * @param maxStep the largest
 */
public record Rprop(double etaMinus, double etaPlus, double minStep, double maxStep)
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
    float shrink = (float) etaMinus;
    float grow = (float) etaPlus;
    float least = (float) minStep;
    float most = (float) maxStep;
    float[] previous = states[0];
    float[] sizes = states[1];
    for (int i = from; i < to; i++) {
      float g = gradient[i];
      float agreement = g * previous[i];
      float size = step == 1 ? (float) learningRate : sizes[i];
      if (agreement > 0) {
        size *= grow;
      } else if (agreement < 0) {
        size *= shrink;
        g = 0;
      }
      size = Math.min(Math.max(size, least), most);
      sizes[i] = size;
      previous[i] = g;
      parameters[i] -= Math.signum(g) * size;
    }
  }
}
