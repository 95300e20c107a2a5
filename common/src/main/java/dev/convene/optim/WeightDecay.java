package dev.convene.optim;

/**
 * The coupled L2 penalty of torch.optim: part of the gradient, before anything else is made of it.
 */
final class WeightDecay {
  private WeightDecay() {}

  /** Adds to each gradient the decay times its parameter. */
  static void addTo(float[] gradient, double weightDecay, float[] parameters, int from, int to) {
    float decay = (float) weightDecay;
    if (decay != 0) {
      for (int i = from; i < to; i++) {
        gradient[i] += decay * parameters[i];
      }
    }
  }
}
