package dev.convene.ml;

import dev.convene.train.TrainingListener;
import java.io.Serializable;

/**
 * What an Estimator trains with that is no Param: copied with it, but not saved. The listener is
 * not even serialized.
 */
final class FitOptions implements Serializable {
  private static final long serialVersionUID = 1;

  /** The initializer's parameters, and nobody who listens. */
  static final FitOptions DEFAULT = new FitOptions(InitialParameters.DRAWN, TrainingListener.NONE);

  private final InitialParameters initialParameters;
  private final transient TrainingListener listener;

  private FitOptions(InitialParameters initialParameters, TrainingListener listener) {
    this.initialParameters = initialParameters;
    this.listener = listener;
  }

  FitOptions with(InitialParameters others) {
    return new FitOptions(others, listener);
  }

  FitOptions with(TrainingListener other) {
    return new FitOptions(initialParameters, other);
  }

  InitialParameters initialParameters() {
    return initialParameters;
  }

  TrainingListener listener() {
    return listener;
  }

  private Object readResolve() {
    return new FitOptions(initialParameters, TrainingListener.NONE);
  }
}
