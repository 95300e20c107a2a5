package dev.convene.jobs;

import dev.convene.config.Keys;
import dev.convene.preprocess.PreprocessPlan;
import dev.convene.preprocess.Preprocessing;
import dev.convene.report.Metrics;
import dev.convene.train.TaskSlots;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.ml.PredictionModel;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;

/**
 * Trains a network on data.train, evaluates it on data.test and writes output.dir: the model, its
 * history, its metrics and the settings to run it again.
 *
 * <pre>convene train conf/mnist-softmax.conf --set output.dir=/tmp/softmax</pre>
 */
@Command(name = "train", description = "Train a network and report its accuracy on test data.")
final class TrainJob extends Job {
  private static final Logger LOG = LoggerFactory.getLogger(TrainJob.class);

  @Override
  void run() throws IOException {
    settings().required(Keys.DATA_TRAIN);
    requireApart();
    Optional<OutputDirectory> output = OutputDirectory.open(settings(), spark());
    String summary;
    try (OutputDirectory open = output.orElse(null)) {
      Optional<String> description =
          ConfiguredEstimator.description(settings(), spark().sparkContext().hadoopConfiguration());
      float[] initialParameters = initialParameters();
      if (settings().value(Keys.TRAIN_WORKERS).isEmpty()) {
        decide(Keys.TRAIN_WORKERS, TaskSlots.settled(spark().sparkContext()));
      }
      RunArtifacts trained =
          train(new ConfiguredEstimator(settings(), description), initialParameters);
      if (open != null) {
        trained.write(open, settings());
        open.commit();
      }
      summary = trained.summary();
    }
    System.out.println(summary);
  }

  private void requireApart() throws IOException {
    JobPlaces places = places();
    InputReader data = new InputReader(settings(), spark());
    for (var source : List.of(Keys.DATA_TRAIN, Keys.DATA_VALIDATION, Keys.DATA_TEST)) {
      data.addPlaces(source, places);
    }
    for (var file : List.of(Keys.TRAIN_INITIAL_PARAMETERS, Keys.MODEL_DL4J_CONFIGURATION)) {
      if (settings().value(file).isPresent()) {
        places.reads(file, settings().value(file).get());
      }
    }
    if (settings().value(Keys.OUTPUT_DIR).isPresent()) {
      places.writes(Keys.OUTPUT_DIR, settings().value(Keys.OUTPUT_DIR).get());
    }
    places.requireApart();
  }

  private RunArtifacts train(ConfiguredEstimator network, float[] initialParameters) {
    InputReader data = new InputReader(settings(), spark());
    PreprocessPlan plan = PreprocessSettings.plan(settings());
    try (DataSplits rows = DataSplits.read(data, settings())) {
      return train(network, data, rows, plan, initialParameters);
    }
  }

  private RunArtifacts train(
      ConfiguredEstimator network,
      InputReader data,
      DataSplits rows,
      PreprocessPlan plan,
      float[] initialParameters) {
    Dataset<Row> fitted = rows.withoutValidation();
    LabelColumn labels = LabelColumn.fit(settings(), data, fitted);
    ClassNumbers numbers = ClassNumbers.of(settings(), labels);
    rows.requireKnownLabels(labels);
    Preprocessing preprocessing =
        Preprocessing.fit(fitted, rows.features(), categorical(data, rows.features()), plan);
    preprocessing.warnings().forEach(LOG::warn);
    ProgressDisplay progress = new ProgressDisplay(settings().value(Keys.TRAIN_EPOCHS));
    PredictionModel<Vector, ?> model =
        network.fit(
            preprocessing.transform(labels.prepared(rows.training())),
            preprocessing.outputColumn(),
            labels,
            numbers,
            rows.isValidation(),
            initialParameters,
            progress);
    ScoringPipeline trained = new ScoringPipeline(labels, preprocessing, model);
    rows.test().ifPresent(test -> trained.warnings(test, rows.testName()).forEach(LOG::warn));
    Optional<Metrics> metrics = rows.test().map(test -> trained.evaluate(test, rows.testName()));
    return new RunArtifacts(trained, metrics, progress.end());
  }

  private static Set<String> categorical(InputReader data, List<String> features) {
    return features.stream()
        .filter(data.columns().categorical()::contains)
        .collect(Collectors.toUnmodifiableSet());
  }

  private float[] initialParameters() throws IOException {
    Optional<String> file = settings().value(Keys.TRAIN_INITIAL_PARAMETERS);
    return file.isEmpty()
        ? null
        : InitialParametersFile.read(file.get(), spark().sparkContext().hadoopConfiguration());
  }
}
