package dev.convene.ml;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.testkit.LocalSpark;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.evaluation.MulticlassClassificationEvaluator;
import org.apache.spark.ml.feature.StringIndexer;
import org.apache.spark.ml.feature.VectorAssembler;
import org.apache.spark.ml.tuning.CrossValidator;
import org.apache.spark.ml.tuning.CrossValidatorModel;
import org.apache.spark.ml.tuning.ParamGridBuilder;
import org.apache.spark.ml.tuning.TrainValidationSplit;
import org.apache.spark.ml.tuning.TrainValidationSplitModel;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import scala.Predef;

/** Whether a point is within a circle: no linear model can tell, one with a hidden layer can. */
@Tag("spark")
class TuningTest {
  private final NeuralNetworkClassifier classifier =
      new NeuralNetworkClassifier()
          .setLabelCol("index")
          .setEpochs(15)
          .setBatchSize(20)
          .setWorkers(1)
          .setLearningRate(0.05);

  @TempDir Path folder;

  private static Dataset<Row> points() {
    Random random = new Random(11);
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < 240; i++) {
      double x = 2 * random.nextDouble() - 1;
      double y = 2 * random.nextDouble() - 1;
      rows.add(RowFactory.create(x, y, x * x + y * y < 0.64 ? "within" : "outside"));
    }
    return LocalSpark.session()
        .createDataFrame(rows, StructType.fromDDL("x DOUBLE, y DOUBLE, place STRING"));
  }

  private Pipeline pipeline() {
    return new Pipeline()
        .setStages(
            new PipelineStage[] {
              new StringIndexer().setInputCol("place").setOutputCol("index"),
              new VectorAssembler()
                  .setInputCols(new String[] {"x", "y"})
                  .setOutputCol(classifier.getFeaturesCol()),
              classifier
            });
  }

  private static MulticlassClassificationEvaluator accuracy() {
    return new MulticlassClassificationEvaluator().setLabelCol("index").setMetricName("accuracy");
  }

  private static NeuralNetworkClassificationModel network(PipelineModel pipeline) {
    return (NeuralNetworkClassificationModel) pipeline.stages()[2];
  }

  @Test
  void crossValidationOfAPipelineChoosesTheHiddenLayer() throws Exception {
    CrossValidatorModel chosen =
        new CrossValidator()
            .setEstimator(pipeline())
            .setEvaluator(accuracy())
            .setEstimatorParamMaps(
                new ParamGridBuilder()
                    .addGrid(classifier.hidden(), Predef.wrapRefArray(new int[][] {{}, {12}}))
                    .build())
            .setNumFolds(2)
            .setParallelism(2)
            .setSeed(3)
            .fit(points());

    assertThat(chosen.avgMetrics()[0]).isLessThan(0.7);
    assertThat(chosen.avgMetrics()[1]).isGreaterThan(0.85);
    PipelineModel best = (PipelineModel) chosen.bestModel();
    assertThat(network(best).getHidden()).containsExactly(12);

    chosen.save(folder.resolve("chosen").toString());
    CrossValidatorModel loaded = CrossValidatorModel.load(folder.resolve("chosen").toString());
    assertThat(loaded.avgMetrics()).isEqualTo(chosen.avgMetrics());
    assertThat(network((PipelineModel) loaded.bestModel()).parameters())
        .isEqualTo(network(best).parameters());
    assertThat(loaded.getEstimatorParamMaps()[1].apply(classifier.hidden())).containsExactly(12);
  }

  @Test
  void aSplitOfTrainingRowsChoosesTheDropout() {
    classifier.setHidden(new int[] {12});

    TrainValidationSplitModel chosen =
        new TrainValidationSplit()
            .setEstimator(pipeline())
            .setEvaluator(accuracy())
            .setEstimatorParamMaps(
                new ParamGridBuilder()
                    .addGrid(classifier.dropout(), new double[] {0.95, 0.0})
                    .build())
            .setTrainRatio(0.7)
            .setSeed(3)
            .fit(points());

    assertThat(network((PipelineModel) chosen.bestModel()).getDropout()).isZero();
    assertThat(chosen.validationMetrics()[1]).isGreaterThan(chosen.validationMetrics()[0] + 0.1);
  }
}
