package dev.convene.tune;

import java.math.BigDecimal;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.DoubleFunction;

/**
 * The search for a learning rate by short trainings from the same parameters: from a first rate
 * down while the loss diverges and up while it does not fall, in steps of ten; then, about the rate
 * of the lowest validation loss, in steps of about the root of ten until the two rates to each side
 * of it are known.
 */
public final class RangeTest {
  private static final int FINE_STEPS_OF_TEN = 2;
  private static final int MOST_TRIALS = 40;

  private final BigDecimal first;
  private final DoubleFunction<RateTrial> train;

  /** By fine steps from the first rate. */
  private final SortedMap<Integer, RateTrial> trials = new TreeMap<>();

  private RangeTest(double first, DoubleFunction<RateTrial> train) {
    this.first = BigDecimal.valueOf(first);
    this.train = train;
  }

  /**
   * Finds rates.
   *
   * @param first rate, above 0
   * @param train makes the training of a rate
   * @return the trials in ascending order of their rates
   */
  public static List<RateTrial> run(double first, DoubleFunction<RateTrial> train) {
    RangeTest test = new RangeTest(first, train);
    test.findFall();
    test.refine();
    return List.copyOf(test.trials.values());
  }

  /**
   * The rate of the lowest loss among those at which it falls, of equals the smallest. Once the
   * loss has fallen at smaller rates, none above one that diverges is good, even if its loss should
   * fall.
   *
   * @param trials in ascending order of their rates
   */
  public static Optional<RateTrial> best(List<RateTrial> trials) {
    return trials.stream()
        .dropWhile(trial -> trial.verdict() != Verdict.FALLS)
        .takeWhile(trial -> trial.verdict() != Verdict.DIVERGES)
        .filter(trial -> trial.verdict() == Verdict.FALLS)
        .min(Comparator.comparingDouble(RateTrial::validationLoss));
  }

  private void findFall() {
    int step = 0;
    while (trial(step).verdict() != Verdict.FALLS && trials.size() < MOST_TRIALS) {
      int direction = trial(step).verdict() == Verdict.DIVERGES ? -1 : 1;
      int next = step + direction * FINE_STEPS_OF_TEN;
      if (trials.containsKey(next)) {
        next = step + direction;
      }
      if (trials.containsKey(next) || !canBe(next)) {
        return;
      }
      step = next;
    }
  }

  private void refine() {
    while (trials.size() < MOST_TRIALS) {
      Optional<Integer> next = best().flatMap(this::unknownBeside);
      if (next.isEmpty()) {
        return;
      }
      trial(next.get());
    }
  }

  private Optional<Integer> best() {
    return best(List.copyOf(trials.values()))
        .flatMap(
            best ->
                trials.entrySet().stream()
                    .filter(entry -> entry.getValue().equals(best))
                    .map(Map.Entry::getKey)
                    .findFirst());
  }

  /** The nearest step that is not known yet, up before down. */
  private Optional<Integer> unknownBeside(int best) {
    return List.of(1, -1, FINE_STEPS_OF_TEN, -FINE_STEPS_OF_TEN).stream()
        .map(distance -> best + distance)
        .filter(step -> !trials.containsKey(step) && canBe(step) && !isAboveDivergence(step))
        .findFirst();
  }

  private boolean isAboveDivergence(int step) {
    return trials.headMap(step).values().stream()
        .dropWhile(trial -> trial.verdict() != Verdict.FALLS)
        .anyMatch(trial -> trial.verdict() == Verdict.DIVERGES);
  }

  private RateTrial trial(int step) {
    return trials.computeIfAbsent(step, unknown -> train.apply(rate(unknown)));
  }

  private boolean canBe(int step) {
    return rate(step) > 0 && Double.isFinite(rate(step));
  }

  /** The first rate times 1, 3, 10, 30, ... or 0.3, 0.1, ... */
  private double rate(int step) {
    BigDecimal factor = BigDecimal.valueOf(Math.floorMod(step, FINE_STEPS_OF_TEN) == 0 ? 1 : 3);
    return first
        .multiply(factor)
        .scaleByPowerOfTen(Math.floorDiv(step, FINE_STEPS_OF_TEN))
        .doubleValue();
  }
}
