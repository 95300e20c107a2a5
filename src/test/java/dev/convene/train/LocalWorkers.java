package dev.convene.train;

import dev.convene.nn.Network;
import dev.convene.shard.Shard;
import dev.ludovic.netlib.blas.BLAS;
import java.util.ArrayList;
import java.util.List;

/** Workers that take their turns in a plain loop: what Spark's are measured by. */
record LocalWorkers(
    Worker worker, Network network, BLAS blas, List<Shard> training, List<Shard> validation)
    implements Workers {

  @Override
  public List<Integer> rows() {
    return training.stream().map(Shard::rows).toList();
  }

  @Override
  public TrainedRound train(Round round, TrainingState state) {
    List<Contribution> contributions = new ArrayList<>();
    for (int i = 0; i < training.size(); i++) {
      contributions.add(worker.train(round, state, training.get(i), i));
    }
    return TrainedRound.of(contributions);
  }

  @Override
  public List<ValidationSum> validate(int epoch, float[] parameters, ValidationMetric metric) {
    return validation.stream()
        .map(shard -> ShardValidation.of(network, metric, parameters, shard, blas))
        .toList();
  }
}
