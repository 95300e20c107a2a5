package dev.convene.train;

import java.io.Serializable;

/**
 * How often workers' states are averaged, and what follows from their mean. A single worker's are
 * not: its round is a whole epoch, and its state goes on as it is.
 */
public record Averaging(AveragingPeriod period, Averager averager) implements Serializable {

  /** The mean by weight of rows, every so many minibatches. */
  public static Averaging plain(int minibatches) {
    return new Averaging(AveragingPeriod.fixed(minibatches), new PlainAverage());
  }

  /**
   * What is there after a round. If nobody has weight, all stays as it was.
   *
   * @param trained by at least one worker
   */
  Averaged after(Averaged before, Round round, TrainedRound trained) {
    if (trained.mean() == null) {
      return before;
    }
    boolean isAveraged = trained.reports().size() > 1 && !isWarmStart(round);
    return isAveraged ? averager.next(before, trained.mean()) : averager.initial(trained.mean());
  }

  private boolean isWarmStart(Round round) {
    return period.isWarmStart(round.stepsBefore() + round.firstMinibatch(), round.stepsPerEpoch());
  }
}
