package dev.convene.jobs;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;

import dev.convene.blas.LoadedBlas;
import dev.convene.blas.NativeBlas;
import dev.convene.config.Keys;
import dev.convene.data.ValidationSplit;
import dev.convene.ml.TrainedModel;
import dev.convene.preprocess.PreprocessPlan;
import dev.convene.preprocess.Preprocessing;
import dev.convene.preprocess.Scaler;
import dev.convene.report.Metrics;
import dev.convene.report.MetricsJson;
import dev.convene.report.ParametersDigest;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PredictionModel;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import picocli.CommandLine.Command;

/**
 * Trains a network on data.train, evaluates it on data.test and writes output.dir: the model, its
 * history, its metrics and the settings to run it again.
 *
 * <pre>convene train conf/mnist-softmax.conf --set output.dir=/tmp/softmax</pre>
 */
@Command(name = "train", description = "Train a network and report its accuracy on test data.")
final class TrainJob extends Job {
  /** True for rows to validate on. */
  private static final String VALIDATION = "_convene_validation";

  @Override
  void run() throws IOException {
    DataSettings data = new DataSettings(settings());
    data.require(Keys.DATA_TRAIN);
    Configuration hadoop = spark().sparkContext().hadoopConfiguration();
    Optional<String> dir = settings().value(Keys.OUTPUT_DIR);
    if (dir.isEmpty()) {
      System.out.println(train(data, hadoop).summary());
      return;
    }
    OutputDirectory.requireShared(
        dir.get(),
        spark().sparkContext().master(),
        settings().value(Keys.STORAGE_SHARED_LOCAL),
        hadoop);
    boolean overwrite = settings().value(Keys.OUTPUT_OVERWRITE);
    String summary;
    try (OutputDirectory output = OutputDirectory.open(dir.get(), overwrite, hadoop)) {
      Trained trained = train(data, hadoop);
      write(trained, output);
      output.commit();
      summary = trained.summary();
    }
    System.out.println(summary);
  }

  /**
   * @param pipeline preprocessing and network
   * @param model the network in it
   * @param metrics of the test rows; empty if there are none
   */
  private record Trained(PipelineModel pipeline, TrainedModel model, Optional<Metrics> metrics) {
    String summary() {
      return metrics.map(Metrics::summary).orElse(Metrics.NO_TEST_DATA);
    }
  }

  private Trained train(DataSettings data, Configuration hadoop) throws IOException {
    float[] initialParameters = initialParameters(hadoop);
    Dataset<Row> training = data.read(spark(), Keys.DATA_TRAIN, data.features());
    // The label comes first.
    List<String> features = Arrays.stream(training.columns()).skip(1).toList();
    Dataset<Row> test = readIfSet(data, Keys.DATA_TEST, features);
    Dataset<Row> rows = withValidation(training, data, features);
    Preprocessing preprocessing =
        Preprocessing.fit(rows.filter(not(col(VALIDATION))).drop(VALIDATION), features, plan());
    boolean validates = rows != training
    PredictionModel<Vector, ?> model =
        new NetworkSettings(settings())
            .fit(
                preprocessing.transform(rows),
                preprocessing.outputColumn(),
                data.label(),
                validates ? VALIDATION : null,
                initialParameters,
                new Progress(settings().value(Keys.TRAIN_EPOCHS)));
    TrainedModel trained = (TrainedModel) model;
    Optional<Metrics> metrics =
        Optional.ofNullable(test)
            .map(rows -> trained.evaluate(preprocessing.transform(rows), data.named(Keys.DATA_TEST)));
    return new Trained(preprocessing.followedBy(model), trained, metrics);
  }
}
