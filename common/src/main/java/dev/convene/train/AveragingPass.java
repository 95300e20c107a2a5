package dev.convene.train;

import dev.convene.ConveneException;
import java.util.ArrayList;
import java.util.List;

/** Rounds in which workers make steps of their own, each followed by an average. */
final class AveragingPass implements EpochPass {
  private final TrainingPlan plan;
  private final Workers workers;
  private final DivergenceGuard guard;
  private final TrainingListener listener;
  private final int stepsPerEpoch;
  private final int minibatchesPerRound;

  private AveragingPass(
      TrainingPlan plan,
      Workers workers,
      DivergenceGuard guard,
      TrainingListener listener,
      int stepsPerEpoch) {
    this.plan = plan;
    this.workers = workers;
    this.guard = guard;
    this.listener = listener;
    this.stepsPerEpoch = stepsPerEpoch;
    this.minibatchesPerRound =
        plan.averaging().minibatchesPerRound(stepsPerEpoch, workers.rows().size());
  }

  /**
   * @throws ConveneException (data) if there is no minibatch to train on
   */
  static AveragingPass of(
      TrainingPlan plan, Workers workers, DivergenceGuard guard, TrainingListener listener) {
    int stepsPerEpoch = plan.minibatches().perEpoch(workers.rows());
    if (stepsPerEpoch == 0) {
      long rows = workers.rows().stream().mapToLong(Integer::longValue).sum();
      if (rows == 0) {
        throw ConveneException.data("there are no training rows");
      }
      throw ConveneException.data(
          "%s training rows on %s workers give no minibatch of %s rows: make minibatches smaller, or"
              + " keep incomplete ones (drop-last = false)",
          rows, workers.rows().size(), plan.minibatches().batchSize());
    }
    return new AveragingPass(plan, workers, guard, listener, stepsPerEpoch);
  }

  @Override
  public Passed after(Progress before) {
    int rounds = (stepsPerEpoch + minibatchesPerRound - 1) / minibatchesPerRound;
    Averaged averaged = before.averaged();
    DivergenceRule.Memory divergence = before.divergence();
    List<LossSum> sums = new ArrayList<>();
    Round round = null;
    for (int number = 1; number <= rounds; number++) {
      round = round(before, number);
      List<Contribution> contributions = workers.train(round, averaged.state());
      divergence = guard.check(round, contributions, divergence);
      averaged = plan.averaging().after(averaged, contributions);
      contributions.forEach(contribution -> sums.add(contribution.sums()));
      listener.roundEnded(round, rounds);
    }
    return new Passed(averaged, LossSum.total(sums), divergence, round, false);
  }

  private Round round(Progress before, int number) {
    int first = (number - 1) * minibatchesPerRound;
    int end = Math.min(stepsPerEpoch, first + minibatchesPerRound);
    double rateShare = plan.plateau().share(before.plateau());
    return new Round(
        before.epoch() + 1, number, first, end, stepsPerEpoch, plan.epochs(), rateShare);
  }
}
