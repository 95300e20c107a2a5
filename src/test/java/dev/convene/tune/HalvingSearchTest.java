package dev.convene.tune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HalvingSearchTest {
  /** Losses of nine candidates at the end of each rung, by hand. */
  private static final double[][] LOSSES = {
    {.90, .80, .30, .40, .95, Double.NaN, .20, .60, .99},
    {0, 0, .25, .22, 0, 0, .24, 0, 0},
    {0, 0, 0, .21, 0, 0, .23, 0, 0},
  };

  private static final Halving RUNGS = new Halving(List.of(2, 6, 18), 3);

  /** Trains as the table says, and writes down what it is asked for. */
  private static class Table implements RungTraining {
    final List<String> trained = Collections.synchronizedList(new ArrayList<>());
    final Set<Integer> retired = ConcurrentHashMap.newKeySet();

    @Override
    public RungResult train(int candidate, int rung, int epochs) {
      trained.add("%d to %d".formatted(candidate, epochs));
      return result(candidate, rung, epochs);
    }

    @Override
    public void retire(int candidate) {
      retired.add(candidate);
    }
  }

  private static RungResult result(int candidate, int rung, int epochs) {
    double loss = LOSSES[rung - 1][candidate - 1];
    return new RungResult(rung, candidate, epochs, loss, loss, Double.NaN, 1);
  }

  private static class Log implements SearchLog {
    final List<RungResult> results = new ArrayList<>();

    @Override
    public List<RungResult> finished() {
      return List.copyOf(results);
    }

    @Override
    public void add(RungResult result) {
      results.add(result);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "1, 15, 3, '[1, 3, 9, 15]'",
    "2, 15, 3, '[2, 6, 15]'",
    "5, 15, 3, '[5, 15]'",
    "15, 15, 3, '[15]'",
    "40, 15, 3, '[15]'",
    "1, 8, 2, '[1, 2, 4, 8]'",
    "1, 1, 2, '[1]'",
    "2000000000, 2147483647, 1000, '[2000000000, 2147483647]'"
  })
  void rungsAreEtaTimesAsLongEach(int first, int all, int eta, String epochs) {
    assertThat(Halving.of(first, all, eta).epochs()).hasToString(epochs);
  }

  @ParameterizedTest
  @CsvSource({"15, 3, 2", "9, 3, 1", "10, 3, 2", "1, 3, 1", "30, 3, 4", "30, 2, 8"})
  void theFirstRungIsANinthOfAllUnlessSet(int all, int eta, int first) {
    assertThat(Halving.defaultFirst(all, eta)).isEqualTo(first);
  }

  @ParameterizedTest
  @CsvSource({"9, 3, 3", "8, 3, 3", "7, 3, 3", "6, 3, 2", "3, 3, 2", "2, 3, 2", "100, 4, 25"})
  void aThirdGoesOnAndTwoAtLeast(int candidates, int eta, int kept) {
    assertThat(new Halving(List.of(1, 2), eta).keptOf(candidates)).isEqualTo(kept);
  }

  @Test
  void theBetterThirdGoesOn() throws Exception {
    Table table = new Table();
    Log log = new Log();

    List<RungResult> ranked = new HalvingSearch(RUNGS, 1, table, log).run(9);

    assertThat(table.trained)
        .containsExactly(
            "1 to 2", "2 to 2", "3 to 2", "4 to 2", "5 to 2", "6 to 2", "7 to 2", "8 to 2",
            "9 to 2", "3 to 6", "4 to 6", "7 to 6", "4 to 18", "7 to 18");
    // 3 got to the second rung; of the others the first rung's loss counts; 6 has none.
    assertThat(ranked).extracting(RungResult::candidate).containsExactly(4, 7, 3, 8, 2, 1, 5, 9, 6);
    assertThat(ranked.get(0).epochs()).isEqualTo(18);
    assertThat(ranked.get(8).hasDiverged()).isTrue();
    assertThat(log.results).hasSize(14);
    assertThat(table.retired).containsExactlyInAnyOrder(1, 2, 3, 4, 5, 6, 7, 8, 9);
  }

  @Test
  void theBeatenAreRetiredBeforeTheRungEnds() throws Exception {
    Map<Integer, Set<Integer>> retiredBefore = new HashMap<>();
    Table table = new Table();
    Log log =
        new Log() {
          @Override
          public void add(RungResult result) {
            retiredBefore.putIfAbsent(result.candidate(), new TreeSet<>(table.retired));
            super.add(result);
          }
        };

    new HalvingSearch(RUNGS, 1, table, log).run(9);

    // Three are kept: of .90 .80 .30 .40 not .90.
    assertThat(retiredBefore.get(4)).isEmpty();
    assertThat(retiredBefore.get(5)).containsExactly(1);
    // .95 is beaten at once, NaN is out.
    assertThat(retiredBefore.get(7)).containsExactly(1, 5, 6);
    // .20 displaces .80.
    assertThat(retiredBefore.get(8)).containsExactly(1, 2, 5, 6);
  }

  @Test
  void aSearchThatWasStoppedAnywhereGoesOnToTheSameChoice() throws Exception {
    Log whole = new Log();
    List<RungResult> expected = new HalvingSearch(RUNGS, 1, new Table(), whole).run(9);

    for (int stop = 0; stop <= whole.results.size(); stop++) {
      int allowed = stop;
      Log log =
          new Log() {
            @Override
            public void add(RungResult result) {
              if (results.size() == allowed) {
                throw new IllegalStateException("killed");
              }
              super.add(result);
            }
          };
      HalvingSearch first = new HalvingSearch(RUNGS, 1, new Table(), log);
      if (stop < whole.results.size()) {
        assertThatThrownBy(() -> first.run(9)).hasMessage("killed");
      } else {
        first.run(9);
      }
      assertThat(log.results).hasSize(stop);

      Table rest = new Table();
      Log resumed = new Log();
      resumed.results.addAll(log.results);
      assertThat(new HalvingSearch(RUNGS, 1, rest, resumed).run(9)).isEqualTo(expected);
      assertThat(rest.trained).hasSize(whole.results.size() - stop);
      assertThat(resumed.results).containsExactlyInAnyOrderElementsOf(whole.results);
    }
  }

  @Test
  void candidatesAreTrainedSideBySideToTheSameChoice() throws Exception {
    List<RungResult> expected = new HalvingSearch(RUNGS, 1, new Table(), new Log()).run(9);
    CountDownLatch three = new CountDownLatch(3);
    Table table =
        new Table() {
          @Override
          public RungResult train(int candidate, int rung, int epochs) {
            three.countDown();
            try {
              // The first three wait for each other: they are there at the same time.
              assertThat(three.await(1, TimeUnit.MINUTES)).isTrue();
            } catch (InterruptedException e) {
              throw new IllegalStateException(e);
            }
            return super.train(candidate, rung, epochs);
          }
        };

    assertThat(new HalvingSearch(RUNGS, 3, table, new Log()).run(9)).isEqualTo(expected);
  }

  @Test
  void ifAllDivergeTheSearchEnds() throws Exception {
    Table table =
        new Table() {
          @Override
          public RungResult train(int candidate, int rung, int epochs) {
            super.train(candidate, rung, epochs);
            return new RungResult(
                rung, candidate, 0, Double.NaN, Double.POSITIVE_INFINITY, Double.NaN, 1);
          }
        };

    List<RungResult> ranked = new HalvingSearch(RUNGS, 2, table, new Log()).run(4);

    assertThat(table.trained).hasSize(4);
    assertThat(ranked).extracting(RungResult::candidate).containsExactly(1, 2, 3, 4);
    assertThat(ranked).allMatch(RungResult::hasDiverged);
  }

  @Test
  void ofEqualLossesTheFirstCandidateIsBetter() throws Exception {
    Table table =
        new Table() {
          @Override
          public RungResult train(int candidate, int rung, int epochs) {
            return new RungResult(rung, candidate, epochs, 1, 1, Double.NaN, 1);
          }
        };

    assertThat(new HalvingSearch(RUNGS, 2, table, new Log()).run(5))
        .extracting(RungResult::candidate)
        .containsExactly(1, 2, 3, 4, 5);
  }
}
