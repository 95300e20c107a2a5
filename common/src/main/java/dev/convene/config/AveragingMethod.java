package dev.convene.config;

import static dev.convene.config.Keys.AVERAGING_GROWTH;
import static dev.convene.config.Keys.AVERAGING_METHOD;
import static dev.convene.config.Keys.AVERAGING_MOMENTUM;
import static dev.convene.config.Keys.AVERAGING_PERIOD;
import static dev.convene.config.Keys.AVERAGING_RATE;
import static dev.convene.config.Keys.AVERAGING_WARM_START;

import dev.convene.train.Averager;
import dev.convene.train.Averaging;
import dev.convene.train.AveragingPeriod;
import dev.convene.train.BlockMomentum;
import dev.convene.train.Minibatches;
import dev.convene.train.PlainAverage;

/**
 * The ways to average that can be chosen, by their {@link SettingName}s, and what is in force where
 * it is left to the number of workers. The rules and figures were chosen on validation rows: see
 * docs/averaging.md.
 */
public enum AveragingMethod {
  AUTO,
  AVERAGE,
  BLOCK_MOMENTUM;

  /** Fewer workers lose nothing by a plain average. */
  private static final int MANY_WORKERS = 4;

  /** Rows of a worker in a minibatch: fewer take longer than they teach. */
  private static final int FEWEST_ROWS = 16;

  /** Of a plain average, which few workers need rarely. */
  private static final int LONGEST_PERIOD = 100;

  /** Of block momentum, which needs rounds enough to gather speed. */
  private static final int LONGEST_PERIOD_OF_MOMENTUM = 16;

  /** The minibatches of so many workers. */
  public static Minibatches minibatchesChosenBy(Chosen chosen, int workers) {
    int batchSize = chosen.value(Keys.TRAIN_BATCH_SIZE).orElse(Minibatches.FULL_BATCH);
    String of = chosen.value(Keys.TRAIN_BATCH_SIZE_OF);
    return new Minibatches(
        of.equals("auto") ? ofWorker(batchSize, workers) : batchSize,
        of.equals("all") ? workers : 1,
        chosen.value(Keys.TRAIN_SHUFFLE),
        chosen.value(Keys.TRAIN_DROP_LAST));
  }

  private static int ofWorker(int batchSize, int workers) {
    long share = ((long) MANY_WORKERS * batchSize + workers - 1) / workers;
    return (int) Math.min(batchSize, Math.max(share, FEWEST_ROWS));
  }

  /**
   * The averages of so many workers.
   *
   * @param minibatches of {@link #minibatchesChosenBy}
   * @param rows to train on
   */
  public static Averaging chosenBy(Chosen chosen, int workers, Minibatches minibatches, long rows) {
    boolean hasMomentum = hasMomentum(chosen, workers, minibatches);
    int most = hasMomentum ? LONGEST_PERIOD_OF_MOMENTUM : LONGEST_PERIOD;
    int period =
        isAuto(chosen)
            ? (int) Math.min(most, longestPeriod(chosen, workers, minibatches, rows))
            : chosen.value(AVERAGING_PERIOD).orElse(AveragingPeriod.ONCE_AN_EPOCH);
    Averager averager =
        hasMomentum
            ? new BlockMomentum(chosen.value(AVERAGING_MOMENTUM), chosen.value(AVERAGING_RATE))
            : new PlainAverage();
    double warmStart =
        hasMomentum || chosen.value(AVERAGING_METHOD) == AVERAGE
            ? chosen.value(AVERAGING_WARM_START)
            : 0;
    return new Averaging(
        new AveragingPeriod(period, warmStart, chosen.value(AVERAGING_GROWTH)), averager);
  }

  private static boolean hasMomentum(Chosen chosen, int workers, Minibatches minibatches) {
    return switch (chosen.value(AVERAGING_METHOD)) {
      case AVERAGE -> false;
      case BLOCK_MOMENTUM -> true;
      case AUTO ->
          workers >= MANY_WORKERS
              && isAuto(chosen)
              && minibatches.batchSize() != Minibatches.FULL_BATCH
              && chosen.value(Keys.OPTIMIZER_NAME) != OptimizerKind.LBFGS;
    };
  }

  private static boolean isAuto(Chosen chosen) {
    return chosen.value(AVERAGING_PERIOD).orElse(0) < 0;
  }

  /**
   * The most minibatches between two averages that do not cost accuracy, as CNTK's manual has it of
   * block momentum: workers^2 times a worker's rows of a round are at most rows times epochs.
   *
   * @return at least 1
   */
  public static long longestPeriod(Chosen chosen, int workers, Minibatches minibatches, long rows) {
    double rowsOfRound = (double) rows * chosen.value(Keys.TRAIN_EPOCHS) / workers / workers;
    double rowsOfMinibatch = (double) Math.max(1, minibatches.batchSize()) / minibatches.sharers();
    return Math.max(1, (long) (rowsOfRound / rowsOfMinibatch));
  }
}
