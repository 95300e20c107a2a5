package dev.convene.train;

import dev.convene.ConveneException;
import dev.convene.ExitStatus;
import java.util.List;
import java.util.Locale;

/** Sees when training has diverged, and stops it or, if it is to continue, says so once. */
record DivergenceGuard(DivergenceRule rule, Learner learner, TrainingListener listener) {

  /**
   * Looks for what is not finite, and for a round's loss far above the first epoch's.
   *
   * @return what is remembered after the round
   * @throws ConveneException (diverged) if the rule says to stop
   */
  DivergenceRule.Memory check(
      Round round, List<Contribution> contributions, DivergenceRule.Memory memory) {
    double limit = rule.factor() * memory.firstLoss();
    double roundLoss =
        LossSum.total(contributions.stream().map(Contribution::sums).toList()).loss();
    int worst = -1;
    for (int worker = 0; worker < contributions.size(); worker++) {
      Contribution contribution = contributions.get(worker);
      if (!contribution.hasWeight()) {
        continue;
      }
      if (!contribution.isFinite()) {
        return diverged(round, worker, "has a loss or parameters that are not finite", memory);
      }
      if (worst < 0 || contribution.sums().loss() > contributions.get(worst).sums().loss()) {
        worst = worker;
      }
    }
    if (memory.firstLoss() > 0 && roundLoss > limit) {
      String finding =
          String.format(
              Locale.ROOT,
              "has a training loss of %.6g, more than %s times the first epoch's %.6g",
              contributions.get(worst).sums().loss(),
              rule.factor(),
              memory.firstLoss());
      return diverged(round, worst, finding, memory);
    }
    return memory;
  }

  /** The end of a training that was to keep its best epoch, and has none. */
  ConveneException noEpochToKeep(Progress end) {
    EpochRecord last = end.history().get(end.history().size() - 1);
    return new ConveneException(
        ExitStatus.DIVERGED,
        "training diverged at learning rate %s: none of its %s epochs has a finite validation loss, so"
                .formatted(last.learningRate(), end.epoch())
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
            learner.rate(round.epoch(), round.lastStep()),
            advice());
    if (rule.stop()) {
      throw new ConveneException(ExitStatus.DIVERGED, message);
    }
    if (!memory.reported()) {
      listener.warn(message);
    }
    return new DivergenceRule.Memory(memory.firstLoss(), true);
  }
}
