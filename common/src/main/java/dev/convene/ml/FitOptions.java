package dev.convene.ml;

import dev.convene.train.TrainingListener;
import java.io.Serializable;
import java.util.Optional;

/**
 * What an Estimator trains with that is no Param: copied with it, but not saved. The listener is
 * not even serialized.
 */
final class FitOptions implements Serializable {
  private static final long serialVersionUID = 1;

  /** The initializer's parameters, and nobody who listens. */
  static final FitOptions DEFAULT =
      new FitOptions(InitialParameters.DRAWN, TrainingListener.NONE, null, null, false);

  private final InitialParameters initialParameters;
  private final transient TrainingListener listener;

  /** Null: from the start. */
  private final String continuedFile;

  /** Null: the last state is not kept. */
  private final String finalFile;

  private final boolean leavesCheckpoints;

  private FitOptions(
      InitialParameters initialParameters,
      TrainingListener listener,
      String continuedFile,
      String finalFile,
      boolean leavesCheckpoints) {
    this.initialParameters = initialParameters;
    this.listener = listener;
    this.continuedFile = continuedFile;
    this.finalFile = finalFile;
    this.leavesCheckpoints = leavesCheckpoints;
  }

  FitOptions with(InitialParameters others) {
    return new FitOptions(others, listener, continuedFile, finalFile, leavesCheckpoints);
  }

  FitOptions with(TrainingListener other) {
    return new FitOptions(initialParameters, other, continuedFile, finalFile, leavesCheckpoints);
  }

  FitOptions continuing(String file) {
    return new FitOptions(initialParameters, listener, file, finalFile, leavesCheckpoints);
  }

  FitOptions endingIn(String file) {
    return new FitOptions(initialParameters, listener, continuedFile, file, leavesCheckpoints);
  }

  FitOptions leavingCheckpoints(boolean leaves) {
    return new FitOptions(initialParameters, listener, continuedFile, finalFile, leaves);
  }

  /** Whether checkpoints stay when training has ended well. */
  boolean leavesCheckpoints() {
    return leavesCheckpoints;
  }

  /** The checkpoint that training goes on from. */
  Optional<String> continuedFile() {
    return Optional.ofNullable(continuedFile);
  }

  /** Where the last state goes. */
  Optional<String> finalFile() {
    return Optional.ofNullable(finalFile);
  }

  InitialParameters initialParameters() {
    return initialParameters;
  }

  TrainingListener listener() {
    return listener;
  }

  private Object readResolve() {
    return new FitOptions(
        initialParameters, TrainingListener.NONE, continuedFile, finalFile, leavesCheckpoints);
  }
}
