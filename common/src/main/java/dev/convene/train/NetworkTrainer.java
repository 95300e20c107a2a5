package dev.convene.train;

import dev.convene.ConveneException;
import dev.convene.data.Shards;
import java.util.ServiceLoader;

/**
 * A way to make the rounds of a training, asked for by its name. Modules beside this library bring
 * others than the native one, as services.
 */
public interface NetworkTrainer {
  /** The way of this library itself. */
  String NATIVE = "native";

  /** As the setting {@code train.trainer} tells it. */
  String name();

  /**
   * Looks at the plan before any row is read.
   *
   * @throws ConveneException (usage) if it cannot be trained this way
   */
  void check(TrainingPlan plan);

  /**
   * Those who make the rounds.
   *
   * @param training the rows of each worker
   * @param nativeWorkers the library's own for the same plan and rows
   */
  Workers workers(TrainingPlan plan, Shards training, Workers nativeWorkers);

  /**
   * The trainer of that name.
   *
   * @throws ConveneException (usage) if there is none on the class path
   */
  static NetworkTrainer named(String name) {
    if (name.equals(NATIVE)) {
      return new NativeTrainer();
    }
    for (NetworkTrainer trainer : ServiceLoader.load(NetworkTrainer.class)) {
      if (trainer.name().equals(name)) {
        return trainer;
      }
    }
    throw ConveneException.usage(
        "train.trainer = %s needs the jar convene-%s, which is not on Spark's class path: "
            + "submit/convene adds it; with spark-submit build it (mvn -DskipTests -pl common/%s -am"
            + " package) and add it with --jars",
        name, name, name);
  }
}
