package dev.convene.ml;

import dev.convene.ConveneException;
import dev.convene.shard.Shards;
import dev.convene.train.Learner;
import dev.convene.train.SparkWorkers;
import dev.convene.train.TrainingListener;
import dev.convene.train.TrainingPlan;
import dev.convene.train.Workers;
import java.util.List;
import org.apache.spark.SparkContext;

/**
 * Rows that were dealt to workers as shards, and stay cached on the executors until this is closed.
 * Several trainings can use them, one after the other or side by side.
 *
 * @since 0.2.0
 */
public final class DealtRows implements AutoCloseable {
  private final FitRows rows;
  private final Shards training;

  /** Null if there are no validation rows. */
  private final Shards validation;

  private DealtRows(FitRows rows, Shards training, Shards validation) {
    this.rows = rows;
    this.training = training;
    this.validation = validation;
  }

  /**
   * @throws ConveneException (data) if there are no rows to train on or, where they are asked for,
   *     to validate on; and as {@link Shards#of} does
   */
  static DealtRows deal(FitRows rows, int workers, long seed) {
    Shards training = Shards.of(rows.training(), workers, seed);
    Shards validation = null;
    try {
      requireRows(training, "training");
      if (rows.validation().isPresent()) {
        validation = Shards.of(rows.validation().get(), workers, seed);
        requireRows(validation, "validation");
      }
      return new DealtRows(rows, training, validation);
    } catch (RuntimeException e) {
      training.close();
      if (validation != null) {
        validation.close();
      }
      throw e;
    }
  }

  private static void requireRows(Shards shards, String purpose) {
    if (shards.rows() == 0) {
      throw ConveneException.data("there are no %s rows", purpose);
    }
  }

  FitRows rows() {
    return rows;
  }

  /** How many workers have a shard of the rows to train on. */
  public int workers() {
    return training.rowsByShard().size();
  }

  /** How many rows each worker has to train on. */
  List<Integer> rowsByWorker() {
    return training.rowsByShard();
  }

  /** A checksum of all rows and of how they were dealt. */
  String digest() {
    return validation == null ? training.digest() : training.digest() + "-" + validation.digest();
  }

  /** How many rows there are to train on. */
  long trainingRows() {
    return training.rows();
  }

  SparkContext spark() {
    return training.blocks().context();
  }

  /** The workers of one training. */
  Workers workers(
      Learner learner, TrainingPlan plan, boolean requireSameBlas, TrainingListener listener) {
    return new SparkWorkers(
        learner.network(),
        learner.task(plan),
        learner.stateCount(),
        training,
        validation,
        requireSameBlas,
        listener);
  }

  /** Frees the executors' memory. */
  @Override
  public void close() {
    training.close();
    if (validation != null) {
      validation.close();
    }
  }
}
