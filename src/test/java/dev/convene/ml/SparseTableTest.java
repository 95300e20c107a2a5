package dev.convene.ml;

import static dev.convene.GoldenNumbers.assertClose;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One-hot tables of so many columns that they are trained on without their zeros. */
@Tag("spark")
class SparseTableTest {
  private static final int GROUPS = 5;
  private static final int CATEGORIES = 10;
  private static final int ROWS = 400;

  /** A category of each group, of which the label is a sum; the columns are so far apart. */
  private static List<Row> oneHot(int stride) {
    Random random = new Random(7);
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < ROWS; i++) {
      int[] columns = new int[GROUPS];
      int odd = 0;
      for (int group = 0; group < GROUPS; group++) {
        int category = random.nextInt(CATEGORIES);
        odd += category % 2;
        columns[group] = (group * CATEGORIES + category) * stride;
      }
      rows.add(
          RowFactory.create(
              Vectors.sparse(GROUPS * CATEGORIES * stride, columns, new double[] {1, 1, 1, 1, 1}),
              odd > 2 ? 1.0 : 0.0,
              false));
    }
    return rows;
  }

  private static NeuralNetworkClassifier classifier(String optimizer, double rate) {
    return new NeuralNetworkClassifier()
        .setOptimizer(optimizer)
        .setLearningRate(rate)
        .setWorkers(1)
        .setEpochs(8);
  }

  /** A tenth of the narrow table's numbers are not 0: it is trained on with its zeros. */
  @ParameterizedTest
  @CsvSource({"adam, 0.1", "sgd, 0.5", "adagrad, 0.1", "sparse-adam, 0.1", "lbfgs, 1"})
  void aTableOf100000ColumnsIsLearntAsTheOneWithoutThoseThatAreAlwaysZero(
      String optimizer, double rate) {
    int stride = 2000;
    NeuralNetworkClassifier classifier = classifier(optimizer, rate).setInitializer("zeros");
    if (!optimizer.equals("lbfgs")) {
      classifier.setBatchSize(1024);
    }

    NeuralNetworkClassificationModel wide = classifier.fit(Rows.in(3, oneHot(stride)));
    NeuralNetworkClassificationModel narrow = classifier.fit(Rows.in(3, oneHot(1)));

    int columns = GROUPS * CATEGORIES;
    float[] found = wide.parameters();
    assertThat(found).hasSize(2 * columns * stride + 2);
    float[] ofColumns = new float[2 * columns + 2];
    for (int i = 0; i < 2 * columns; i++) {
      ofColumns[i] = found[i * stride];
    }
    System.arraycopy(found, 2 * columns * stride, ofColumns, 2 * columns, 2);
    assertClose("parameters", ofColumns, narrow.parameters(), 1e-3, 1e-5);
    assertClose(
        "loss",
        wide.evaluate(Rows.in(2, oneHot(stride)), "the rows").loss(),
        narrow.evaluate(Rows.in(2, oneHot(1)), "the rows").loss(),
        1e-4,
        0);
    assertThat(wide.evaluate(Rows.in(2, oneHot(stride)), "the rows").accuracy()).isGreaterThan(0.8);
  }

  @Test
  void hasTheSameBitsHoweverItIsSplitAndStored() {
    List<Row> rows = oneHot(100);
    NeuralNetworkClassifier classifier =
        classifier("sparse-adam", 0.02).setHidden(new int[] {8}).setWorkers(2).setBatchSize(16);
    List<Row> dense =
        rows.stream()
            .map(row -> RowFactory.create(row.<Vector>getAs(0).toDense(), row.get(1), row.get(2)))
            .toList();

    NeuralNetworkClassificationModel model = classifier.fit(Rows.in(1, rows));

    assertThat(model.evaluate(Rows.in(1, rows), "the rows").accuracy()).isGreaterThan(0.9);
    assertThat(classifier.fit(Rows.in(4, rows)).parameters()).isEqualTo(model.parameters());
    assertThat(classifier.fit(Rows.in(2, dense)).parameters()).isEqualTo(model.parameters());
    assertThat(model.transform(Rows.in(3, dense)).select("probability").collectAsList())
        .isEqualTo(model.transform(Rows.in(1, rows)).select("probability").collectAsList());
  }
}
