package dev.convene.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.convene.ConveneException;
import dev.convene.ml.LabelChecks;
import dev.convene.testkit.LocalSpark;
import java.nio.file.Path;
import java.util.Arrays;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.stat.Summarizer;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * On the real MNIST, in the user's own cache; skipped where it can neither be found nor fetched.
 */
@Tag("spark")
class MnistTest {
  private static Dataset<Row> read(String split) {
    Path cache = Path.of(System.getProperty("user.home"), ".cache", "convene");
    try {
      return PackedFeatures.unpack(
          new DataReader(LocalSpark.session(), cache.toString())
              .read(Sources.of("idx", "mnist:" + split), Sources.columns("label")));
    } catch (ConveneException e) {
      return abort(e.getMessage());
    }
  }

  /**
   * Rows per digit as in LeCun's table; mean pixel 0.1307 of 255, as torchvision's users know it.
   */
  @Test
  void trainingSet() {
    Dataset<Row> train = read("train");
    assertThat(
            train
                .groupBy("label")
                .count()
                .orderBy("label")
                .select("count")
                .as(Encoders.LONG())
                .collectAsList())
        .containsExactly(5923L, 6742L, 5958L, 6131L, 5842L, 5421L, 5918L, 6265L, 5851L, 5949L);
    Row mean = train.select(Summarizer.mean(functions.col("features"))).head();
    double[] pixels = mean.<Vector>getAs(0).toArray();
    assertThat(pixels).hasSize(784);
    assertThat(Arrays.stream(pixels).average().orElseThrow() / 255).isCloseTo(0.1307, within(5e-5));
  }

  @Test
  void testSet() {
    Dataset<Row> test = read("test");
    assertThat(test.count()).isEqualTo(10_000);
    assertThat(LabelChecks.countClasses(test, "label", "mnist:test")).isEqualTo(10);
    assertThat(test.select("label").as(Encoders.DOUBLE()).takeAsList(5))
        .containsExactly(7.0, 2.0, 1.0, 0.0, 4.0);
  }
}
