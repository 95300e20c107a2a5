package dev.convene.train;

/** The way of this library itself, on every machine. */
final class NativeBackend implements TrainingBackend {
  @Override
  public String name() {
    return NATIVE;
  }

  @Override
  public void requireUsable() {}

  @Override
  public Learner learner(DenseTraining training) {
    return new NativeLearner(training);
  }
}
