package dev.convene.train;

import dev.convene.nn.Backpropagation.GradientConsumer;
import dev.convene.nn.DenseLayer;
import dev.convene.nn.TouchedWeights;
import dev.convene.optim.Optimizer;
import dev.convene.optim.Step;
import dev.convene.optim.Untouched;

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
      double share = share(squares(gradient, 0, gradient.length));
      shorten(gradient, 0, gradient.length, share);
      step(gradient, 0, gradient.length);
    }
  }

  /** Steps the touched weights alone, unless others move, too. */
  @Override
  public void acceptTouched(TouchedWeights touched, float[] touchedGradient, float[] gradient) {
    if (training.optimizer().untouched() == Untouched.MOVE || constraints.l1() > 0) {
      GradientConsumer.super.acceptTouched(touched, touchedGradient, gradient);
      return;
    }
    int from = touched.offset();
    int to = from + touched.layerSize();
    cut(touchedGradient, 0, touched.size());
    if (constraints.clipNorm() > 0) {
      double share =
          share(
              squares(touchedGradient, 0, touched.size()) + squares(gradient, to, gradient.length));
      shorten(touchedGradient, 0, touched.size(), share);
      shorten(gradient, to, gradient.length, share);
      step(gradient, to, gradient.length);
    }
    float[][] states = new float[training.optimizer().stateCount()][];
    for (int i = 0; i < states.length; i++) {
      states[i] = touched.gathered(state.optimizerStates()[i]);
    }
    training
        .optimizer()
        .step(step.number(), rate, touched.weights(), touchedGradient, states, 0, touched.size());
    touched.scatter(touched.weights(), state.parameters());
    for (int i = 0; i < states.length; i++) {
      touched.scatter(states[i], state.optimizerStates()[i]);
    }
    constrain(from, to);
  }

  private void penalizeAndCut(float[] gradient, int from, int to) {
    if (constraints.l1() > 0) {
      float l1 = (float) constraints.l1();
      for (int i = from; i < to; i++) {
        gradient[i] += l1 * Math.signum(state.parameters()[i]);
      }
    }
    cut(gradient, from, to);
  }

  private void cut(float[] gradient, int from, int to) {
    if (constraints.clipValue() > 0) {
      float limit = (float) constraints.clipValue();
      for (int i = from; i < to; i++) {
        gradient[i] = Math.max(-limit, Math.min(gradient[i], limit));
      }
    }
  }

  private static double squares(float[] gradient, int from, int to) {
    double squares = 0;
    for (int i = from; i < to; i++) {
      squares += (double) gradient[i] * gradient[i];
    }
    return squares;
  }

  /** What a gradient is multiplied by if it is below 1. */
  private double share(double squares) {
    return constraints.clipNorm() / (Math.sqrt(squares) + CLIP_EPS);
  }

  private static void shorten(float[] gradient, int from, int to, double share) {
    if (share < 1) {
      for (int i = from; i < to; i++) {
        gradient[i] *= (float) share;
      }
    }
  }

  private void step(float[] gradient, int from, int to) {
    Optimizer optimizer = training.optimizer();
    optimizer.step(
        step.number(), rate, state.parameters(), gradient, state.optimizerStates(), from, to);
    constrain(from, to);
  }

  private void constrain(int from, int to) {
    if (constraints.maxNorm() > 0) {
      for (DenseLayer layer : training.network().layers()) {
        if (layer.offset() >= from && layer.offset() < to) {
          layer.limitWeightNorms(state.parameters(), constraints.maxNorm());
        }
      }
    }
    if (constraints.hasMovingAverage()) {
      average(state.optimizerStates()[training.optimizer().stateCount()], from, to);
    }
  }

  private void average(float[] mean, int from, int to) {
    float decay = step.number() == 1 ? 0 : (float) constraints.movingAverage();
    for (int i = from; i < to; i++) {
      mean[i] = decay * mean[i] + (1 - decay) * state.parameters()[i];
    }
  }
}
