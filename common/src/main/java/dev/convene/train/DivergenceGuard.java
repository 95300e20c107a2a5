package dev.convene.train;

import dev.convene.ConveneException;
import dev.convene.ExitStatus;
import java.util.List;
import java.util.Locale;

/** Sees when training has diverged, and stops it or, if it is to continue, says so once. */
final class DivergenceGuard {
  private final TrainingPlan plan;
  private final TrainingListener listener;
  private double firstLoss = Double.NaN;
  private boolean told;

  DivergenceGuard(TrainingPlan plan, TrainingListener listener) {
    this.plan = plan;
    this.listener = listener;
  }

  /** Looks for what is not finite, and for a round's loss far above the first epoch's. */
  void check(Round round, List<Contribution> contributions) {
    double limit = plan.divergenceFactor() * firstLoss;
    double roundLoss =
        LossSum.total(contributions.stream().map(Contribution::sums).toList()).loss();
    int worst = -1;
    for (int worker = 0; worker < contributions.size(); worker++) {
      Contribution contribution = contributions.get(worker);
      if (!contribution.hasWeight()) {
        continue;
      }
      if (!contribution.isFinite()) {
        diverged(round, worker, "has a loss or parameters that are not finite");
        return;
      }
      if (worst < 0 || contribution.sums().loss() > contributions.get(worst).sums().loss()) {
        worst = worker;
      }
    }
    if (firstLoss > 0 && roundLoss > limit) {
      String what = "has a training loss of %.6g, more than %s times the first epoch's %.6g";
      double loss = contributions.get(worst).sums().loss();
      diverged(
          round, worst, String.format(Locale.ROOT, what, loss, plan.divergenceFactor(), firstLoss));
    }
  }

  /** Remembers the first epoch's loss. */
  void epochEnded(EpochRecord record) {
    if (record.epoch() == 1) {
      firstLoss = record.trainLoss();
    }
  }

  private void diverged(Round round, int worker, String what) {
    String message =
        String.format(
            Locale.ROOT,
            "training diverged in epoch %d, round %d: worker %d %s, at learning rate %s. Try a "
                + "smaller %s or a preprocess.scaler; train.on-divergence = continue would go on",
            round.epoch(),
            round.number(),
            worker,
            what,
            plan.optimizer().learningRate(),
            plan.network() instanceof DescribedNetwork
                ? "one in the network's description"
                : "train.optimizer.learning-rate");
    if (plan.stopOnDivergence()) {
      throw new ConveneException(ExitStatus.DIVERGED, message);
    }
    if (!told) {
      told = true;
      listener.warn(message);
    }
  }
}
