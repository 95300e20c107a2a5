package dev.convene.tune;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/**
 * Finds the best of some candidates by successive halving. Which one it is depends on their results
 * alone, not on how many are trained side by side, the order in which they end, or an interruption.
 */
public final class HalvingSearch {
  private static final long MINUTES_TO_STOP = 1;

  /** Lower losses are better; of equals the candidate that comes first. */
  private static final Comparator<RungResult> BY_LOSS =
      Comparator.comparing(RungResult::hasDiverged)
          .thenComparingDouble(RungResult::validationLoss)
          .thenComparingInt(RungResult::candidate);

  private static final Comparator<RungResult> BEST_FIRST =
      Comparator.comparing(RungResult::hasDiverged)
          .thenComparing(RungResult::rung, Comparator.reverseOrder())
          .thenComparing(BY_LOSS);

  private final Halving halving;
  private final int sideBySide;
  private final RungTraining training;
  private final SearchLog log;

  /**
   * A search that keeps its results in a log, and begins with those that are there.
   *
   * @param sideBySide how many candidates are trained at the same time, at least 1
   */
  public HalvingSearch(Halving halving, int sideBySide, RungTraining training, SearchLog log) {
    this.halving = halving;
    this.sideBySide = sideBySide;
    this.training = training;
    this.log = log;
  }

  /**
   * Trains so many candidates, those of later rungs fewer.
   *
   * @return each one's last result, best first: those that diverged last, before them those that
   *     got less far
   * @throws Exception the first failure of a training
   */
  public List<RungResult> run(int candidates) throws Exception {
    Map<Integer, RungResult> last = new HashMap<>();
    List<Integer> left = IntStream.rangeClosed(1, candidates).boxed().toList();
    for (int rung = 1; rung <= halving.rungs() && !left.isEmpty(); rung++) {
      List<RungResult> results = new Rung(rung, left).run();
      results.forEach(result -> last.put(result.candidate(), result));
      left = survivors(results);
    }
    return last.values().stream().sorted(BEST_FIRST).toList();
  }

  private List<Integer> survivors(List<RungResult> results) {
    return results.stream()
        .sorted(BY_LOSS)
        .limit(halving.keptOf(results.size()))
        .filter(result -> !result.hasDiverged())
        .map(RungResult::candidate)
        .sorted()
        .toList();
  }

  /** A rung while its candidates are trained. */
  private final class Rung {
    private final int number;
    private final List<Integer> candidates;
    private final List<RungResult> results = new ArrayList<>();

    Rung(int number, List<Integer> candidates) {
      this.number = number;
      this.candidates = candidates;
      log.finished().stream()
          .filter(result -> result.rung() == number && candidates.contains(result.candidate()))
          .forEach(results::add);
    }

    List<RungResult> run() throws Exception {
      retireTheBeaten();
      List<Integer> known = results.stream().map(RungResult::candidate).toList();
      List<Integer> unknown =
          candidates.stream().filter(candidate -> !known.contains(candidate)).toList();
      ExecutorService threads = Executors.newFixedThreadPool(sideBySide);
      try {
        CompletionService<RungResult> ended = new ExecutorCompletionService<>(threads);
        unknown.forEach(
            candidate ->
                ended.submit(
                    () -> training.train(candidate, number, halving.epochs().get(number - 1))));
        for (int i = 0; i < unknown.size(); i++) {
          add(resultOf(ended.take()));
        }
      } finally {
        // After a failure others may still be training.
        threads.shutdownNow();
        threads.awaitTermination(MINUTES_TO_STOP, TimeUnit.MINUTES);
      }
      return results;
    }

    private void add(RungResult result) {
      log.add(result);
      results.add(result);
      retireTheBeaten();
    }

    /** Those that cannot go on, whatever the others come to, need nothing to be kept for. */
    private void retireTheBeaten() {
      int kept = number == halving.rungs() ? 0 : halving.keptOf(candidates.size());
      List<RungResult> ranked = results.stream().sorted(BY_LOSS).toList();
      for (int place = 0; place < ranked.size(); place++) {
        if (place >= kept || ranked.get(place).hasDiverged()) {
          training.retire(ranked.get(place).candidate());
        }
      }
    }
  }

  private static RungResult resultOf(Future<RungResult> ended) throws Exception {
    try {
      return ended.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Exception failure) {
        throw failure;
      }
      throw (Error) e.getCause();
    }
  }
}
