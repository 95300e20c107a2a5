package dev.convene.ml;

import dev.convene.stats.ExactSum;
import java.io.Serializable;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Losses and right predictions of some rows as they are, and with each group permuted in each
 * repeat. Sums are exact: merged in any order they are the same.
 */
final class PermutationTally implements Serializable {
  private static final long serialVersionUID = 1;

  private final int repeats;
  private final ExactSum asTheyAre = new ExactSum();
  private final ExactSum[] permuted;
  private long rightAsTheyAre;
  private final long[] rightPermuted;
  private long rows;

  PermutationTally(int groups, int repeats) {
    this.repeats = repeats;
    this.permuted =
        Stream.generate(ExactSum::new).limit((long) groups * repeats).toArray(ExactSum[]::new);
    this.rightPermuted = new long[groups * repeats];
  }

  void addAsTheyAre(int count, double loss, long right) {
    rows += count;
    asTheyAre.add(loss);
    rightAsTheyAre += right;
  }

  void addPermuted(int group, int repeat, double loss, long right) {
    permuted[group * repeats + repeat].add(loss);
    rightPermuted[group * repeats + repeat] += right;
  }

  /** Adds the rows of another, which keeps its own. */
  PermutationTally plus(PermutationTally other) {
    rows += other.rows;
    asTheyAre.add(other.asTheyAre);
    rightAsTheyAre += other.rightAsTheyAre;
    for (int i = 0; i < permuted.length; i++) {
      permuted[i].add(other.permuted[i]);
      rightPermuted[i] += other.rightPermuted[i];
    }
    return this;
  }

  FeatureImportance importance(String name, int group, boolean classification) {
    int first = group * repeats;
    double base = asTheyAre.doubleValue();
    double[] increases =
        IntStream.range(first, first + repeats)
            .mapToDouble(i -> (permuted[i].doubleValue() - base) / rows)
            .toArray();
    double mean = IntStream.range(0, repeats).mapToDouble(i -> increases[i]).sum() / repeats;
    double squares =
        IntStream.range(0, repeats).mapToDouble(i -> Math.pow(increases[i] - mean, 2)).sum();
    double drop =
        IntStream.range(first, first + repeats)
            .mapToDouble(i -> (double) (rightAsTheyAre - rightPermuted[i]) / rows)
            .sum();
    return new FeatureImportance(
        name,
        mean,
        repeats == 1 ? 0 : Math.sqrt(squares / (repeats - 1)),
        classification ? drop / repeats : Double.NaN);
  }
}
