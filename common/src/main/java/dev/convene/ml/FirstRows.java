package dev.convene.ml;

import dev.convene.train.Round;
import dev.convene.train.TrainedRound;
import dev.convene.train.TrainingState;
import dev.convene.train.ValidationMetric;
import dev.convene.train.ValidationSum;
import dev.convene.train.Workers;
import java.util.List;

/**
 * Workers that train on the first rows of each epoch's order only, and validate as ever.
 *
 * @param most rows of a worker in an epoch
 */
record FirstRows(Workers workers, int most) implements Workers {

  @Override
  public List<Integer> rows() {
    return workers.rows().stream().map(rows -> Math.min(rows, most)).toList();
  }

  @Override
  public TrainedRound train(Round round, TrainingState state) {
    return workers.train(round, state);
  }

  @Override
  public List<ValidationSum> validate(int epoch, float[] parameters, ValidationMetric metric) {
    return workers.validate(epoch, parameters, metric);
  }
}
