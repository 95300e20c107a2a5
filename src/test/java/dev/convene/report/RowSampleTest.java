package dev.convene.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RowSampleTest {
  @Test
  void theSmallestRanksWhateverTheOrder() {
    List<EvaluatedRow> rows = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      rows.add(row(i));
    }
    for (int seed = 0; seed < 5; seed++) {
      Collections.shuffle(rows, new Random(seed));
      RowSample one = new RowSample(7);
      RowSample other = new RowSample(7);
      rows.subList(0, 30).forEach(one::add);
      rows.subList(30, 100).forEach(other::add);
      one.add(other);

      assertThat(one.rows().stream().map(EvaluatedRow::loss))
          .containsExactly(0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0);
      assertThat(one.admits(7)).isFalse();
      assertThat(one.admits(-1)).isTrue();
    }
  }

  @Test
  void fewerRowsAreAllOfThem() {
    RowSample sample = new RowSample(7);
    sample.add(row(2));
    sample.add(row(1));
    assertThat(sample.rows().stream().map(EvaluatedRow::loss)).containsExactly(1.0, 2.0);
    RowSample none = new RowSample(0);
    none.add(row(1));
    assertThat(none.rows()).isEmpty();
  }

  /** Scores .9 +, .8 -, .6 +, .3 -: by hand. */
  @Test
  void curvesFromScores() {
    ScoreHistogram scores = new ScoreHistogram(2);
    scores.add(1, new double[] {0.1, 0.9});
    ScoreHistogram others = new ScoreHistogram(2);
    others.add(0, new double[] {0.2, 0.8});
    others.add(1, new double[] {0.4, 0.6});
    others.add(0, new double[] {0.7, 0.3});
    scores.add(others);

    assertThat(scores.ranked()).isEqualTo(1);
    assertThat(scores.ofClass(0)).isEqualTo(1);
    assertThat(scores.curve(0))
        .containsExactly(
            new ScoreHistogram.Point(0, 0.5, 1),
            new ScoreHistogram.Point(0.5, 0.5, 0.5),
            new ScoreHistogram.Point(0.5, 1, 2 / 3.0),
            new ScoreHistogram.Point(1, 1, 0.5));
  }

  @Test
  void everyClassOfSeveralHasACurve() {
    ScoreHistogram scores = new ScoreHistogram(3);
    scores.add(2, new double[] {0, 0, 1});
    scores.add(0, new double[] {Double.NaN, Double.NaN, Double.NaN});
    assertThat(scores.ranked()).isEqualTo(3);
    assertThat(scores.curve(1)).isEmpty();
    assertThat(scores.curve(2).get(0).truePositiveRate()).isCloseTo(1, within(0.0));
  }

  private static EvaluatedRow row(int rank) {
    return new EvaluatedRow(rank, new Object[0], new double[] {0}, new double[] {1}, 0, rank);
  }
}
