package dev.convene.train;

import dev.convene.ConveneException;
import java.util.ServiceLoader;

/**
 * A way to make a worker's steps, asked for by its name. Modules beside this library bring others
 * than the native one, as services.
 */
public interface TrainingBackend {
  /** The way of this library itself. */
  String NATIVE = "native";

  /** As the setting {@code train.trainer} tells it. */
  String name();

  /**
   * Looks at the plan before the rows are dealt to workers.
   *
   * @param weighted whether rows have weights
   * @throws ConveneException (usage) if it cannot be trained this way
   */
  void check(TrainingPlan plan, boolean weighted);

  /**
   * Looks whether it works on this machine.
   *
   * @throws ConveneException (usage) if not
   */
  void requireUsable();

  /** What a worker does in a round. */
  RoundTask task(TrainingPlan plan);

  /**
   * The trainer of that name.
   *
   * @throws ConveneException (usage) if there is none on the class path
   */
  static TrainingBackend named(String name) {
    if (name.equals(NATIVE)) {
      return new NativeBackend();
    }
    for (TrainingBackend trainer : ServiceLoader.load(TrainingBackend.class)) {
      if (trainer.name().equals(name)) {
        return trainer;
      }
    }
    throw ConveneException.usage(
        "the trainer %s needs the jar convene-%s, which is not on Spark's class path: submit/convene"
            + " adds it if the settings have train.trainer = %s or model.%s-configuration; with"
            + " spark-submit build it (mvn -DskipTests -pl common/%s -am package) and add it with"
            + " --jars",
        name, name, name, name, name);
  }
}
