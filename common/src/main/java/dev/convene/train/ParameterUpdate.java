package dev.convene.train;

import dev.convene.nn.Backpropagation.GradientConsumer;
import dev.convene.nn.DenseLayer;
import dev.convene.optim.Optimizer;
import dev.convene.optim.Step;

/** One step of a state's parameters: penalty, clipping, the optimizer, and then the constraints. */
final class ParameterUpdate implements GradientConsumer {
  /** As in torch.nn.utils.clip_grad_norm_. */
  private static final double CLIP_EPS = 1e-6;

  private final DenseTraining training;
  private final StepConstraints constraints;
  private final TrainingState state;
  private final Step step;
  private final double rate;

  ParameterUpdate(DenseTraining training, TrainingState state, Step step, double rate) {
    this.training = training;
    this.constraints = training.constraints();
    this.state = state;
    this.step = step;
    this.rate = rate;
  }

  @Override
  public void accept(float[] gradient, int offset, int length) {
    penalizeAndCut(gradient, offset, offset + length);
    if (constraints.clipNorm() == 0) {
      step(gradient, offset, offset + length);
    } else if (offset == 0) {
      // The last part: the norm is that of the whole gradient.
      shorten(gradient);
      step(gradient, 0, gradient.length);
    }
  }

  private void penalizeAndCut(float[] gradient, int from, int to) {
    if (constraints.l1() > 0) {
      float l1 = (float) constraints.l1();
      for (int i = from; i < to; i++) {
        gradient[i] += l1 * Math.signum(state.parameters()[i]);
      }
    }
    if (constraints.clipValue() > 0) {
      float limit = (float) constraints.clipValue();
      for (int i = from; i < to; i++) {
        gradient[i] = Math.max(-limit, Math.min(gradient[i], limit));
      }
    }
  }

  private void shorten(float[] gradient) {
    double squares = 0;
    for (float element : gradient) {
      squares += (double) element * element;
    }
    double share = constraints.clipNorm() / (Math.sqrt(squares) + CLIP_EPS);
    if (share < 1) {
      for (int i = 0; i < gradient.length; i++) {
        gradient[i] *= (float) share;
      }
    }
  }

  private void step(float[] gradient, int from, int to) {
    Optimizer optimizer = training.optimizer();
    optimizer.step(
        step.number(), rate, state.parameters(), gradient, state.optimizerStates(), from, to);
    if (constraints.maxNorm() > 0) {
      for (DenseLayer layer : training.network().layers()) {
        if (layer.offset() >= from && layer.offset() < to) {
          layer.limitWeightNorms(state.parameters(), constraints.maxNorm());
        }
      }
    }
    if (constraints.hasMovingAverage()) {
      average(state.optimizerStates()[optimizer.stateCount()], from, to);
    }
  }

  private void average(float[] mean, int from, int to) {
    float decay = step.number() == 1 ? 0 : (float) constraints.movingAverage();
    for (int i = from; i < to; i++) {
      mean[i] = decay * mean[i] + (1 - decay) * state.parameters()[i];
    }
  }
}
