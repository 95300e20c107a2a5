package dev.convene.train;

import dev.convene.ConveneException;
import dev.convene.nn.Loss;

/** Makes {@link Learner}s of texts that describe a network and how it is trained. */
public interface DescribedTraining extends NamedService {
  /**
   * Looks at a description before the data are known.
   *
   * @param loss classification or regression
   * @throws ConveneException (data) if it makes no network with such a loss
   */
  void check(String description, Loss loss);

  /**
   * The network that a description makes, and how it is trained.
   *
   * @param inputs features of a row
   * @param outputs classes, or numbers that a regression predicts; counts where the description
   *     leaves them open
   * @param loss classification or regression
   * @throws ConveneException (data) if it makes none for such rows
   */
  Learner learner(String description, int inputs, int outputs, Loss loss);

  /**
   * DL4J's.
   *
   * @throws ConveneException (usage) if it is not on the class path
   */
  static DescribedTraining dl4j() {
    return NamedService.named(DescribedTraining.class, NetworkKind.DL4J);
  }
}
