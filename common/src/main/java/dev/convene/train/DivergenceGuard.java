package dev.convene.train;

import dev.convene.ConveneException;
import dev.convene.ExitStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Sees when training has diverged, and stops it or, if it is to continue, says so once. */
record DivergenceGuard(DivergenceRule rule, Learner learner, TrainingListener listener) {
  /** Minibatches that are judged together, by their median: exceptional rows do not decide. */
  private static final int JUDGED_TOGETHER = 10;

  /** After so many epochs a training loss that has not moved is reported. */
  private static final int EPOCHS_TO_MOVE = 3;

  /** A loss that has changed by a smaller share has not moved. */
  private static final double SMALLEST_MOVE = 1e-3;

  /**
   * Looks for what is not finite, for a round's loss far above the first epoch's, and for
   * minibatches whose losses are far above what training started from.
   *
   * @return what is remembered after the round
   * @throws ConveneException (diverged) if the rule says to stop
   */
  DivergenceRule.Memory check(
      Round round, List<WorkerReport> reports, DivergenceRule.Memory before) {
    int worst = -1;
    for (int worker = 0; worker < reports.size(); worker++) {
      WorkerReport report = reports.get(worker);
      if (!report.hasWeight()) {
        continue;
      }
      if (!report.isFinite()) {
        return diverged(round, worker, "has a loss or parameters that are not finite", before);
      }
      if (worst < 0 || report.sums().loss() > reports.get(worst).sums().loss()) {
        worst = worker;
      }
    }
    double roundLoss = LossSum.total(reports.stream().map(WorkerReport::sums).toList()).loss();
    if (before.firstLoss() > 0 && roundLoss > rule.factor() * before.firstLoss()) {
      String finding =
          String.format(
              Locale.ROOT,
              "has a training loss of %.6g, more than %s times the first epoch's %.6g",
              reports.get(worst).sums().loss(),
              rule.factor(),
              before.firstLoss());
      return diverged(round, worst, finding, before);
    }
    LossSum initial = LossSum.total(reports.stream().map(WorkerReport::initial).toList());
    return checkMinibatches(
        round, reports, initial.weight() > 0 ? before.withInitialLoss(initial.loss()) : before);
  }

  private DivergenceRule.Memory checkMinibatches(
      Round round, List<WorkerReport> reports, DivergenceRule.Memory before) {
    if (!(before.initialLoss() > 0)) {
      return before;
    }
    List<Float> recent = new ArrayList<>(before.recent());
    for (int worker = 0; worker < reports.size(); worker++) {
      for (float loss : reports.get(worker).minibatchLosses()) {
        recent.add(loss);
        if (recent.size() == JUDGED_TOGETHER) {
          double median = recent.stream().sorted().toList().get(JUDGED_TOGETHER / 2 - 1);
          if (median > rule.factor() * before.initialLoss()) {
            String finding =
                String.format(
                    Locale.ROOT,
                    "has a training loss of %.6g, the median of %d minibatches, more than %s times"
                        + " the initial %.6g",
                    median,
                    JUDGED_TOGETHER,
                    rule.factor(),
                    before.initialLoss());
            return diverged(round, worker, finding, before.withRecent(List.of()));
          }
          recent.clear();
        }
      }
    }
    return before.withRecent(recent);
  }

  /** Warns, once, if the first epochs' training losses are as good as the same. */
  void checkMove(List<EpochRecord> history) {
    if (history.size() != EPOCHS_TO_MOVE) {
      return;
    }
    EpochRecord first = history.get(0);
    EpochRecord last = history.get(EPOCHS_TO_MOVE - 1);
    boolean warmsUp = last.learningRate() > first.learningRate();
    if (!warmsUp
        && Math.abs(last.trainLoss() - first.trainLoss())
            < SMALLEST_MOVE * Math.abs(first.trainLoss())) {
      listener.warn(
          String.format(
              Locale.ROOT,
              "the training loss has hardly moved in %d epochs, from %.6g to %.6g, at learning rate"
                  + " %s: it looks too small%s; try 10 times as much",
              EPOCHS_TO_MOVE,
              first.trainLoss(),
              last.trainLoss(),
              last.learningRate(),
              learner.placeOfRate()));
    }
  }

  /** The end of a training that was to keep its best epoch, and has none. */
  ConveneException noEpochToKeep(Progress end, ValidationMetric metric) {
    EpochRecord last = end.history().get(end.history().size() - 1);
    return new ConveneException(
        ExitStatus.DIVERGED,
        "training diverged at learning rate %s: none of its %s epochs has a finite validation %s, so"
                .formatted(
                    last.learningRate(),
                    end.epoch(),
                    metric.name().toLowerCase(Locale.ROOT).replace('_', '-'))
            + " early stopping has none to keep. %s".formatted(advice()));
  }

  private String advice() {
    return "Try a smaller learning rate%s, or scale the features".formatted(learner.placeOfRate());
  }

  private DivergenceRule.Memory diverged(
      Round round, int worker, String finding, DivergenceRule.Memory memory) {
    String message =
        String.format(
            Locale.ROOT,
            "training diverged in epoch %d, round %d: worker %d %s, at learning rate %s. %s;"
                + " on-divergence = continue would go on",
            round.epoch(),
            round.number(),
            worker,
            finding,
            round.rateShare() * learner.rate(round.lastStep()),
            advice());
    if (rule.stop()) {
      throw new ConveneException(ExitStatus.DIVERGED, message);
    }
    if (!memory.reported()) {
      listener.warn(message);
    }
    return memory.withReport();
  }
}
