package dev.convene.ml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.convene.report.AreasUnderCurves;
import dev.convene.testkit.LocalSpark;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.mllib.evaluation.BinaryClassificationMetrics;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import scala.Tuple2;

@Tag("spark")
class ScoreCurvesTest {

  @Test
  void byHand() {
    // Points (rows of class 1, of class 0): (1, 0), (1, 1), (2, 1), (2, 2).
    List<Row> rows = List.of(row(0.9, 1), row(0.8, 0), row(0.7, 1), row(0.1, 0));

    AreasUnderCurves areas = areas(1, rows);

    // Three of four pairs are in order.
    assertThat(areas.roc()).isEqualTo(0.75);
    // Precisions 1, 1/2, 2/3, 1/2 at recalls 1/2, 1/2, 1, 1, and 1 at recall 0.
    assertThat(areas.precisionRecall())
        .isCloseTo(0.5 * 1 + 0.5 * (1 / 2.0 + 2 / 3.0) / 2, within(1e-15));
  }

  @Test
  void tiesByHand() {
    // Points (1, 1), (2, 1), (3, 3).
    List<Row> rows =
        List.of(row(0.9, 1), row(0.9, 0), row(0.5, 1), row(0.3, 1), row(0.3, 0), row(0.3, 0));

    AreasUnderCurves areas = areas(2, rows);

    // Nine pairs: the row at 0.9 wins two and ties one, at 0.5 wins two, at 0.3 ties two.
    assertThat(areas.roc()).isEqualTo((2.5 + 2 + 1) / 9);
    // Precisions 1/2, 2/3, 1/2 at recalls 1/3, 2/3, 1, and 1/2 at recall 0.
    assertThat(areas.precisionRecall())
        .isCloseTo((1 / 2.0 + 7 / 12.0 + 7 / 12.0) / 3, within(1e-15));
  }

  @Test
  void equalScoresRankNothing() {
    AreasUnderCurves areas = areas(2, List.of(row(0.5, 1), row(0.5, 0), row(0.5, 0)));

    assertThat(areas.roc()).isEqualTo(0.5);
    assertThat(areas.precisionRecall()).isCloseTo(1 / 3.0, within(1e-15));
  }

  @Test
  void oneClassHasNoCurves() {
    assertThat(areas(2, List.of(row(0.5, 1), row(0.7, 1)))).isEqualTo(AreasUnderCurves.UNDEFINED);
    assertThat(areas(2, List.of(row(0.5, 0), row(0.7, 0)))).isEqualTo(AreasUnderCurves.UNDEFINED);
  }

  @Test
  void agreesWithMllibWhateverThePartitions() {
    Random random = new Random(7);
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < 2000; i++) {
      boolean positive = random.nextInt(3) == 0;
      double score = random.nextGaussian() + (positive ? 1 : 0);
      // Half of the scores have ties; MLlib takes -0.0 for another score than 0.0.
      rows.add(ScoreCurves.row(i % 2 == 0 ? score : Math.rint(4 * score) / 4 + 0.0, positive));
    }
    JavaRDD<Tuple2<Object, Object>> scoresAndLabels =
        rdd(3, rows).map(row -> new Tuple2<>(row.getDouble(0), (double) row.getLong(1)));
    BinaryClassificationMetrics mllib =
        new BinaryClassificationMetrics(JavaRDD.toRDD(scoresAndLabels), 0);

    AreasUnderCurves areas = areas(1, rows);

    assertThat(areas.roc()).isCloseTo(mllib.areaUnderROC(), within(1e-12));
    assertThat(areas.precisionRecall()).isCloseTo(mllib.areaUnderPR(), within(1e-12));
    Collections.shuffle(rows, random);
    assertThat(areas(2, rows)).isEqualTo(areas);
    assertThat(areas(7, rows)).isEqualTo(areas);
  }

  private static Row row(double score, int label) {
    return ScoreCurves.row(score, label == 1);
  }

  private static AreasUnderCurves areas(int partitions, List<Row> rows) {
    return ScoreCurves.areas(LocalSpark.session(), rdd(partitions, rows));
  }

  private static JavaRDD<Row> rdd(int partitions, List<Row> rows) {
    return new JavaSparkContext(LocalSpark.session().sparkContext()).parallelize(rows, partitions);
  }
}
