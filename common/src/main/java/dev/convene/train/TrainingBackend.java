package dev.convene.train;

import dev.convene.ConveneException;

/**
 * A way to make a worker's steps, asked for by its name. Modules beside this library bring others
 * than the native one.
 */
public interface TrainingBackend extends NamedService {
  /** The way of this library itself. */
  String NATIVE = "native";

  /**
   * Looks whether it works on this machine.
   *
   * @throws ConveneException (usage) if not
   */
  void requireUsable();

  /**
   * Trains this way.
   *
   * @throws ConveneException (usage) if it cannot be trained this way, or not on this machine
   */
  Learner learner(DenseTraining training);

  /**
   * The backend of that name.
   *
   * @throws ConveneException (usage) if there is none on the class path
   */
  static TrainingBackend named(String name) {
    return name.equals(NATIVE)
        ? new NativeBackend()
        : NamedService.named(TrainingBackend.class, name);
  }
}
