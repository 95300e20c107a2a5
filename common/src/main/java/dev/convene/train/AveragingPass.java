package dev.convene.train;

import dev.convene.ConveneException;
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
    long start = System.nanoTime();
    Progress progress = before;
    while (progress.partial().rounds() < rounds) {
      Round round = round(before, progress.partial().rounds() + 1);
      Averaged averaged = progress.averaged();
      List<Contribution> contributions = workers.train(round, averaged.state());
      DivergenceRule.Memory divergence = guard.check(round, contributions, progress.divergence());
      double seconds = before.partial().seconds() + (System.nanoTime() - start) / 1e9;
      progress =
          progress.afterRound(
              progress.partial().afterRound(contributions, seconds),
              plan.averaging().after(averaged, contributions),
              divergence);
      listener.roundEnded(round, rounds);
      if (round.number() < rounds) {
        listener.progressed(progress);
      }
    }
    return new Passed(
        progress.averaged(),
        progress.partial().training(),
        progress.divergence(),
        round(before, rounds),
        false);
  }

  private Round round(Progress before, int number) {
    int first = (number - 1) * minibatchesPerRound;
    int end = Math.min(stepsPerEpoch, first + minibatchesPerRound);
    double rateShare = plan.plateau().share(before.plateau());
    return new Round(
        before.epoch() + 1, number, first, end, stepsPerEpoch, plan.epochs(), rateShare);
  }
}
