package dev.convene.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MinibatchesTest {
  /** As if the numbers 0, 1, ... were dealt round robin to three: 0 to 4, 5 to 9 and 10 to 13. */
  @Test
  void sharesAreDealtRoundRobin() {
    Minibatches shared = new Minibatches(5, 3, false, false);

    assertThat(sizes(shared, 5, 0)).containsExactly(2, 2, 1);
    assertThat(sizes(shared, 5, 1)).containsExactly(2, 1, 2);
    assertThat(sizes(shared, 4, 2)).containsExactly(1, 2, 1);
    assertThat(shared.largest(5)).isEqualTo(2);
    assertThat(shared.perEpoch(List.of(5, 5, 4))).isEqualTo(3);
    assertThat(new Minibatches(5, 3, false, true).perEpoch(List.of(5, 5, 4))).isEqualTo(2);
    assertThat(new Minibatches(5, 3, false, true).perEpoch(List.of(5, 5, 5))).isEqualTo(3);
  }

  @Test
  void aWorkersOwnDoNotDependOnWhichItIs() {
    for (int worker : new int[] {0, 1, 7}) {
      assertThat(sizes(new Minibatches(5, 1, false, false), 12, worker)).containsExactly(5, 5, 2);
      assertThat(sizes(new Minibatches(5, 1, false, true), 12, worker)).containsExactly(5, 5);
      assertThat(sizes(new Minibatches(Minibatches.FULL_BATCH, 8, false, false), 12, worker))
          .containsExactly(12);
    }
  }

  @ParameterizedTest
  @CsvSource({"60000, 100, 3", "60000, 128, 7", "14, 5, 3", "100, 100, 100", "1000003, 64, 64"})
  void sharedMinibatchesHaveTheBatchSizeTogether(int rows, int batchSize, int workers) {
    Minibatches shared = new Minibatches(batchSize, workers, true, false);
    int steps = (rows + batchSize - 1) / batchSize;
    int[] together = new int[steps];
    for (int worker = 0; worker < workers; worker++) {
      List<Integer> sizes = sizes(shared, (rows - worker + workers - 1) / workers, worker);
      for (int i = 0; i < sizes.size(); i++) {
        together[i] += sizes.get(i);
        assertThat(sizes.get(i)).isBetween(1, (batchSize + workers - 1) / workers);
      }
    }

    for (int i = 0; i < steps - 1; i++) {
      assertThat(together[i]).isEqualTo(batchSize);
    }
    assertThat(together[steps - 1]).isEqualTo(rows - (steps - 1) * batchSize);
  }

  @Test
  void countsBeyondTheRangeOfInts() {
    Minibatches shared = new Minibatches(1_000_000, 1000, false, false);

    assertThat(shared.perEpoch(2_000_000_000, 999)).isEqualTo(2_000_000);
    assertThat(shared.firstRow(1_999_999, 0)).isEqualTo(1_999_999_000);
  }

  /** Of a worker with so many rows; they follow one another. */
  private static List<Integer> sizes(Minibatches minibatches, int rows, int worker) {
    List<Integer> sizes = new ArrayList<>();
    int next = 0;
    for (int i = 0; i < minibatches.perEpoch(rows, worker); i++) {
      assertThat(minibatches.firstRow(i, worker)).isEqualTo(next);
      sizes.add(minibatches.size(rows, i, worker));
      next += sizes.get(i);
    }
    assertThat(next).isLessThanOrEqualTo(rows);
    return sizes;
  }
}
