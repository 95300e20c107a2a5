package dev.convene.train;

import dev.convene.ConveneException;
import dev.convene.data.Shards;
import dev.convene.nn.Loss;
import java.util.ServiceLoader;

/**
 * A way to make the rounds of a training, asked for by its name. Modules beside this library bring
 * others than the native one, as services.
 */
public interface NetworkTrainer {
  /** The way of this library itself. */
  String NATIVE = "native";

  /** DL4J Spark. */
  String DL4J = "dl4j";

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
   * Looks at a description of a network before the data are known.
   *
   * @throws ConveneException (data) if it makes none
   */
  void checkDescription(String description);

  /**
   * The network that a description in the trainer's own language makes.
   *
   * @param inputs features of a row
   * @param outputs classes, or numbers that a regression predicts; counts where the description
   *     leaves them open
   * @param loss tells classification from regression
   * @throws ConveneException (data) if it makes none for such rows
   */
  DescribedNetwork network(String description, int inputs, int outputs, Loss loss);

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
        "the trainer %s needs the jar convene-%s, which is not on Spark's class path: submit/convene"
            + " adds it if the settings have train.trainer = %s or model.%s-configuration; with"
            + " spark-submit build it (mvn -DskipTests -pl common/%s -am package) and add it with"
            + " --jars",
        name, name, name, name, name);
  }
}
