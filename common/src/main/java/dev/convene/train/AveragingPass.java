package dev.convene.train;

import dev.convene.ConveneException;
import java.util.ArrayList;
import java.util.List;

/** Rounds in which workers make steps of their own, each followed by an average. */
final class AveragingPass implements EpochPass {
  private final TrainingPlan plan;
  private final Learner learner;
  private final Workers workers;
  private final DivergenceGuard guard;
  private final TrainingListener listener;
  private final int stepsPerEpoch;

  private AveragingPass(
      TrainingPlan plan,
      Learner learner,
      Workers workers,
      DivergenceGuard guard,
      TrainingListener listener,
      int stepsPerEpoch) {
    this.plan = plan;
    this.learner = learner;
    this.workers = workers;
    this.guard = guard;
    this.listener = listener;
    this.stepsPerEpoch = stepsPerEpoch;
  }

  /**
   * @throws ConveneException (data) if there is no minibatch to train on
   */
  static AveragingPass of(
      TrainingPlan plan,
      Learner learner,
      Workers workers,
      DivergenceGuard guard,
      TrainingListener listener) {
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
    return new AveragingPass(plan, learner, workers, guard, listener, stepsPerEpoch);
  }

  @Override
  public Passed after(Progress before) {
    List<Round> rounds = rounds(before);
    long start = System.nanoTime();
    Progress progress = before;
    while (progress.partial().rounds() < rounds.size()) {
      Round round = rounds.get(progress.partial().rounds());
      Averaged averaged = progress.averaged();
      TrainedRound trained = workers.train(round, averaged.state());
      DivergenceRule.Memory divergence =
          guard.check(round, trained.reports(), progress.divergence());
      double seconds = before.partial().seconds() + (System.nanoTime() - start) / 1e9;
      progress =
          progress.afterRound(
              progress.partial().afterRound(trained.reports(), seconds),
              plan.averaging().after(averaged, round, trained),
              divergence);
      listener.roundEnded(round, rounds.size());
      if (round.number() < rounds.size()) {
        listener.progressed(progress);
      }
    }
    return new Passed(
        progress.averaged(),
        progress.partial().training(),
        progress.divergence(),
        rounds.get(rounds.size() - 1),
        false);
  }

  /** All rounds of the epoch, those that have ended included. */
  private List<Round> rounds(Progress before) {
    boolean isSingle = workers.rows().size() == 1;
    double rateShare = plan.plateau().share(before.plateau());
    List<Round> rounds = new ArrayList<>();
    int end = 0;
    while (end < stepsPerEpoch) {
      int minibatches = isSingle ? stepsPerEpoch : minibatches(before, end, rateShare);
      int first = end;
      end = Math.min(stepsPerEpoch, first + minibatches);
      rounds.add(round(before, rounds.size() + 1, first, end, rateShare));
    }
    return rounds;
  }

  private int minibatches(Progress before, int first, double rateShare) {
    Round next = round(before, 1, first, first + 1, rateShare);
    double rate = rateShare * learner.rate(next.lastStep());
    return plan.averaging().period().next(next.stepsBefore() + first, stepsPerEpoch, rate);
  }

  private Round round(Progress before, int number, int first, int end, double rateShare) {
    return new Round(
        before.epoch() + 1, number, first, end, stepsPerEpoch, plan.epochs(), rateShare);
  }
}
