package dev.convene.train;

import dev.convene.ConveneException;
import dev.convene.nn.Loss;

/** A trainer that has words for networks which the native one does not have. */
public interface DescribingTrainer extends TrainingBackend {
  /** The name of the only one. */
  String DL4J = "dl4j";

  /**
   * Looks at a description of a network before the data are known.
   *
   * @param loss tells classification from regression
   * @throws ConveneException (data) if it makes none
   */
  void checkDescription(String description, Loss loss);

  /**
   * The network that a description makes.
   *
   * @param inputs features of a row
   * @param outputs classes, or numbers that a regression predicts; counts where the description
   *     leaves them open
   * @param loss tells classification from regression
   * @throws ConveneException (data) if it makes none for such rows
   */
  DescribedNetwork network(String description, int inputs, int outputs, Loss loss);

  /**
   * DL4J Spark.
   *
   * @throws ConveneException (usage) if it is not on the class path
   */
  static DescribingTrainer dl4j() {
    return (DescribingTrainer) TrainingBackend.named(DL4J);
  }
}
