package dev.convene.train;

import java.util.List;

/** Those who train side by side. Spark's tasks are one kind, a plain loop another. */
public interface Workers {
  /** Rows of each worker's shard. */
  List<Integer> rows();

  /** What they come to in a round that begins with that state. */
  TrainedRound train(Round round, TrainingState state);

  /** The validation rows, part by part in a fixed order; empty if there are none. */
  List<ValidationSum> validate(int epoch, float[] parameters, ValidationMetric metric);
}
