package dev.convene.train;

import dev.convene.shard.Shard;
import dev.ludovic.netlib.blas.BLAS;
import java.util.ArrayList;
import java.util.List;

/** Workers that take their turns in a plain loop: what Spark's are measured by. */
final class LocalWorkers implements Workers {
  private final Worker worker;
  private final List<Shard> training;
  private final List<Shard> validation;

  LocalWorkers(TrainingPlan plan, BLAS blas, List<Shard> training, List<Shard> validation) {
    this.worker = new Worker(plan, blas);
    this.training = training;
    this.validation = validation;
  }

  @Override
  public List<Integer> rows() {
    return training.stream().map(Shard::rows).toList();
  }

  @Override
  public List<Contribution> train(Round round, TrainingState state) {
    List<Contribution> contributions = new ArrayList<>();
    for (int i = 0; i < training.size(); i++) {
      contributions.add(worker.train(round, state, training.get(i), i));
    }
    return contributions;
  }

  @Override
  public List<LossSum> validate(int epoch, float[] parameters) {
    return validation.stream().map(shard -> worker.evaluate(parameters, shard)).toList();
  }
}
