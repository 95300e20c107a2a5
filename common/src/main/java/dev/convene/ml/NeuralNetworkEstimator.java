package dev.convene.ml;

import dev.convene.train.TrainingListener;
import org.apache.spark.ml.util.DefaultParamsWritable;
import org.apache.spark.sql.Dataset;

/**
 * What Convene's Estimators offer beside what spark.ml asks of them.
 *
 * @param <E> the Estimator itself
 * @param <M> the model that it fits
 * @since 0.1.0
 */
public sealed interface NeuralNetworkEstimator<E, M extends NeuralNetworkModel>
    extends NeuralNetworkSetters<E>, DefaultParamsWritable
    permits NeuralNetworkClassifier, NeuralNetworkRegressor {

  /** What it trains with beside its Params: of this package only. */
  FitOptions fitOptions();

  /** Replaces {@link #fitOptions}: of this package only. */
  E setFitOptions(FitOptions options);

  /**
   * Starts from these parameters, layer by layer, weight [out][in] row-major, then bias; null: from
   * the initializer's. They are no Param: copied with the estimator, but not saved.
   */
  default E setInitialParameters(float[] parameters) {
    return setFitOptions(
        fitOptions()
            .with(parameters == null ? InitialParameters.DRAWN : InitialParameters.of(parameters)));
  }

  /**
   * Starts from a model's parameters (a warm start) in place of {@link #setInitialParameters};
   * null: from the initializer's. The model needs the same features, outputs, hidden layers and
   * activation. It is no Param: copied with the estimator, but not saved.
   */
  default E setInitialModel(M model) {
    return setFitOptions(
        fitOptions().with(model == null ? InitialParameters.DRAWN : InitialParameters.of(model)));
  }

  /** Reports to the listener how training goes on; null: to nobody. Not saved. */
  default E setTrainingListener(TrainingListener listener) {
    return setFitOptions(fitOptions().with(listener == null ? TrainingListener.NONE : listener));
  }

  /**
   * Goes on from the checkpoint in that file, as a training of the same rows and Params wrote it at
   * its end; only epochs may be others, and have to be more. Null: from the start. No Param.
   */
  default E setContinuedCheckpoint(String file) {
    return setFitOptions(fitOptions().continuing(file));
  }

  /**
   * Leaves the checkpoints in {@code checkpointDir}, until the model is saved; else they are
   * removed as soon as training has ended well. No Param.
   */
  default E setLeavesCheckpoints(boolean leaves) {
    return setFitOptions(fitOptions().leavingCheckpoints(leaves));
  }

  /**
   * Writes a checkpoint at the end of the training to that file, for {@link
   * #setContinuedCheckpoint}. Null: none. No Param.
   */
  default E setFinalCheckpoint(String file) {
    return setFitOptions(fitOptions().endingIn(file));
  }

  /**
   * Deals the rows to this Estimator's workers, as {@code fit} does, for trainings of several
   * Estimators that differ in network, optimizer or epochs. Columns, workers, seed and class
   * weights are this one's.
   *
   * @return the rows, cached until they are closed
   */
  DealtRows deal(Dataset<?> dataset);

  /**
   * The training of this Estimator's network on rows that were dealt: what {@code fit} does, epoch
   * by epoch. It draws from this Estimator's seed, which should be that of the dealing.
   */
  default NetworkTraining training(DealtRows rows) {
    return new NetworkFitting(this, fitOptions()).training(rows);
  }
}
