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
import java.util.List;
import java.util.Optional;

/**
 * How so many workers share minibatches and are averaged, as settings say or leave to their number.
 * The rules and figures were chosen on validation rows: see docs/averaging.md.
 *
 * @param rowsByWorker to train on
 */
public record WorkersPlan(Chosen chosen, List<Integer> rowsByWorker) {
  /** Fewer workers lose nothing by a plain average. */
  private static final int MANY_WORKERS = 4;

  /** Rows of a worker in a minibatch: fewer take longer than they teach. */
  private static final int FEWEST_ROWS = 16;

  /** Of a plain average, which few workers need rarely. */
  private static final int LONGEST_PERIOD = 100;

  /** Of block momentum, which needs rounds enough to gather speed. */
  private static final int LONGEST_PERIOD_OF_MOMENTUM = 16;

  private int workers() {
    return rowsByWorker.size();
  }

  public Minibatches minibatches() {
    int batchSize = chosen.value(Keys.TRAIN_BATCH_SIZE).orElse(Minibatches.FULL_BATCH);
    String of = chosen.value(Keys.TRAIN_BATCH_SIZE_OF);
    return new Minibatches(
        of.equals("auto") ? ofWorker(batchSize) : batchSize,
        of.equals("all") ? workers() : 1,
        chosen.value(Keys.TRAIN_SHUFFLE),
        chosen.value(Keys.TRAIN_DROP_LAST));
  }

  private int ofWorker(int batchSize) {
    long share = ((long) MANY_WORKERS * batchSize + workers() - 1) / workers();
    return (int) Math.min(batchSize, Math.max(share, FEWEST_ROWS));
  }

  public Averaging averaging() {
    boolean hasMomentum = hasMomentum();
    int most = hasMomentum ? LONGEST_PERIOD_OF_MOMENTUM : LONGEST_PERIOD;
    int period =
        isPeriodAuto()
            ? (int) Math.min(most, longestPeriod())
            : chosen.value(AVERAGING_PERIOD).orElse(AveragingPeriod.ONCE_AN_EPOCH);
    Averager averager =
        hasMomentum
            ? new BlockMomentum(chosen.value(AVERAGING_MOMENTUM), chosen.value(AVERAGING_RATE))
            : new PlainAverage();
    boolean hasWarmStart = hasMomentum || method() == AveragingMethod.AVERAGE;
    double warmStart = hasWarmStart ? chosen.value(AVERAGING_WARM_START) : 0;
    return new Averaging(
        new AveragingPeriod(period, warmStart, chosen.value(AVERAGING_GROWTH)), averager);
  }

  private AveragingMethod method() {
    return chosen.value(AVERAGING_METHOD);
  }

  private boolean hasMomentum() {
    return switch (method()) {
      case AVERAGE -> false;
      case BLOCK_MOMENTUM -> true;
      case AUTO -> workers() >= MANY_WORKERS && isPeriodAuto() && !takesAllRowsAtOnce();
    };
  }

  private boolean takesAllRowsAtOnce() {
    return chosen.value(Keys.TRAIN_BATCH_SIZE).isEmpty()
        || chosen.value(Keys.OPTIMIZER_NAME) == OptimizerKind.LBFGS;
  }

  private boolean isPeriodAuto() {
    return chosen.value(AVERAGING_PERIOD).orElse(0) < 0;
  }

  /**
   * The most minibatches between two averages that do not cost accuracy, as CNTK's manual has it of
   * block momentum: workers^2 times a worker's rows of a round are at most rows times epochs. At
   * least 1.
   */
  private long longestPeriod() {
    Minibatches minibatches = minibatches();
    double rows = rowsByWorker.stream().mapToLong(Integer::longValue).sum();
    double rowsOfRound = rows * chosen.value(Keys.TRAIN_EPOCHS) / workers() / workers();
    double rowsOfMinibatch = (double) Math.max(1, minibatches.batchSize()) / minibatches.sharers();
    return Math.max(1, (long) (rowsOfRound / rowsOfMinibatch));
  }

  /** A sentence about a chosen period that will cost accuracy. */
  public Optional<String> warning() {
    if (workers() == 1 || isPeriodAuto() || takesAllRowsAtOnce()) {
      return Optional.empty();
    }
    int ofEpoch = minibatches().perEpoch(rowsByWorker);
    int period = Math.min(chosen.value(AVERAGING_PERIOD).orElse(ofEpoch), ofEpoch);
    long longest = longestPeriod();
    return period <= longest
        ? Optional.empty()
        : Optional.of(
            "%s workers are averaged every %s minibatches: with so few rows and epochs, more than %s"
                    .formatted(workers(), period, longest)
                + " will make the model worse than one worker's. Average more often, or train on"
                + " fewer workers");
  }
}
