package dev.convene.report;

import java.io.Serializable;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What a report shows of the test rows beside their metrics, collected in the same pass: a random
 * sample, the worst mistakes, and a classifier's scores. Its size is bounded.
 */
public final class EvaluationSample implements Serializable {
  private static final long serialVersionUID = 1;

  private final RowSample random;
  private final RowSample worst;

  /** Null if there are none to count. */
  private final ScoreHistogram scores;

  private EvaluationSample(RowSample random, RowSample worst, ScoreHistogram scores) {
    this.random = random;
    this.worst = worst;
    this.scores = scores;
  }

  /**
   * An empty one.
   *
   * @param randomRows the most rows of the random sample
   * @param worstRows the most mistakes
   * @param scoredClasses those of a classifier; 0: no scores are counted
   */
  public static EvaluationSample of(int randomRows, int worstRows, int scoredClasses) {
    return new EvaluationSample(
        new RowSample(randomRows),
        new RowSample(worstRows),
        scoredClasses == 0 ? null : new ScoreHistogram(scoredClasses));
  }

  /** Counts the scores of a row of a class. */
  public void addScores(int label, double[] probabilities) {
    if (scores != null) {
      scores.add(label, probabilities);
    }
  }

  /** Offers a row to the random sample. */
  public void offer(double rank, Supplier<EvaluatedRow> row) {
    if (random.admits(rank)) {
      random.add(row.get());
    }
  }

  /** Offers a mistake to the worst ones. */
  public void offerMistake(double rank, Supplier<EvaluatedRow> row) {
    if (worst.admits(rank)) {
      worst.add(row.get());
    }
  }

  /** Adds the rows of another, which keeps its own. */
  public void add(EvaluationSample other) {
    random.add(other.random);
    worst.add(other.worst);
    if (scores != null) {
      scores.add(other.scores);
    }
  }

  /** Random rows, in a random order. */
  public List<EvaluatedRow> random() {
    return random.rows();
  }

  /** The mistakes of largest loss, the largest first. */
  public List<EvaluatedRow> worst() {
    return worst.rows();
  }

  /** A classifier's scores, unless there are too many classes. */
  public Optional<ScoreHistogram> scores() {
    return Optional.ofNullable(scores);
  }
}
