package dev.convene.ml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convene.ConveneException;
import dev.convene.nn.Activation;
import dev.convene.nn.DenseNetwork;
import dev.convene.nn.Loss;
import dev.convene.testkit.LocalSpark;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A network whose parameters take more than a row. */
@Tag("spark")
class LargeModelTest {
  @TempDir Path folder;

  /** 5 x 3 weights and 3 biases. */
  private static TrainedNetwork network() {
    float[] parameters = new float[18];
    for (int i = 0; i < parameters.length; i++) {
      parameters[i] = i + 0.5f;
    }
    return TrainedNetwork.trainedElsewhere(
        DenseNetwork.of(5, List.of(), 3, Activation.RELU, 0, Loss.SOFTMAX_CROSS_ENTROPY),
        parameters);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 5, 6, 17, 18, 19})
  void isReadAgain(int block) {
    SparkSession spark = LocalSpark.session();
    String path = folder.resolve("network").toString();
    TrainedNetworkFile.write(network(), block, spark, path);

    assertThat(TrainedNetworkFile.read(spark, path).parameters()).isEqualTo(network().parameters());
    assertThat(spark.read().parquet(path).count()).isEqualTo((18 + block - 1) / block);
  }

  @Test
  void aRowThatIsMissingIsNoticed() {
    SparkSession spark = LocalSpark.session();
    String whole = folder.resolve("whole").toString();
    TrainedNetworkFile.write(network(), 5, spark, whole);
    String part = folder.resolve("part").toString();
    spark.read().parquet(whole).filter("block is null or block <> 2").write().parquet(part);

    assertThatThrownBy(() -> TrainedNetworkFile.read(spark, part))
        .isInstanceOf(ConveneException.class)
        .hasMessageMatching(
            "its data are not one row with all columns|it has 13 parameters, but .*");
  }
}
