package dev.convene.jobs;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;

import dev.convene.ConveneException;
import dev.convene.config.Keys;
import dev.convene.data.ClassLabels;
import dev.convene.data.ValidationSplit;
import dev.convene.ml.TrainedModel;
import dev.convene.nn.Loss;
import dev.convene.nn.Network;
import dev.convene.preprocess.PreprocessPlan;
import dev.convene.preprocess.Preprocessing;
import dev.convene.preprocess.Scaler;
import dev.convene.report.Metrics;
import dev.convene.train.TaskSlots;
import dev.convene.train.TrainingListener;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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
  /** A column that is true for the rows to validate on. */
  private static final String IS_VALIDATION = "_convene_validation";

  @Override
  void run() throws IOException {
    settings().required(Keys.DATA_TRAIN);
    Optional<OutputDirectory> output = OutputDirectory.open(settings(), spark());
    String summary;
    try (OutputDirectory open = output.orElse(null)) {
      float[] initialParameters = initialParameters();
      if (settings().value(Keys.TRAIN_WORKERS).isEmpty()) {
        decide(Keys.TRAIN_WORKERS, TaskSlots.settled(spark().sparkContext()));
      }
      TrainingOutput trained = train(initialParameters);
      if (open != null) {
        trained.write(open, settings());
        open.commit();
      }
      summary = trained.summary();
    }
    System.out.println(summary);
  }

  private TrainingOutput train(float[] initialParameters) {
    DataSettings data = new DataSettings(settings());
    Dataset<Row> training = data.read(spark(), Keys.DATA_TRAIN, data.features());
    // The label comes first.
    List<String> features = Arrays.stream(training.columns()).skip(1).toList();
    // Opened before the expensive work, so that what is wrong with it is said now.
    Optional<Dataset<Row>> test = data.readIfSet(spark(), Keys.DATA_TEST, features);
    Optional<Dataset<Row>> rows = withValidation(training, data, features);
    Dataset<Row> fitted =
        rows.map(all -> all.filter(not(col(IS_VALIDATION))).drop(IS_VALIDATION)).orElse(training);
    Preprocessing preprocessing = Preprocessing.fit(fitted, features, Set.of(), preprocessPlan());
    PredictionModel<Vector, ?> model =
        new NetworkSettings(settings())
            .fit(
                preprocessing.transform(rows.orElse(training)),
                preprocessing.outputColumn(),
                data.label(),
                rows.map(all -> IS_VALIDATION),
                initialParameters,
                listener(test, data));
    TrainedModel trained = (TrainedModel) model;
    Optional<Metrics> metrics =
        test.map(
            scored ->
                trained.evaluate(preprocessing.transform(scored), data.named(Keys.DATA_TEST)));
    return new TrainingOutput(preprocessing.followedBy(model), trained, metrics);
  }

  /** The training rows and those to validate on, marked; empty if there are none to validate on. */
  private Optional<Dataset<Row>> withValidation(
      Dataset<Row> training, DataSettings data, List<String> features) {
    double fraction = settings().value(Keys.DATA_VALIDATION_FRACTION);
    if (fraction > 0) {
      Dataset<Row> split =
          training.withColumn(
              IS_VALIDATION,
              ValidationSplit.of(training, fraction, settings().value(Keys.TRAIN_SEED)));
      requireRows(split.filter(col(IS_VALIDATION)), "to validate on", "larger");
      requireRows(split.filter(not(col(IS_VALIDATION))), "to train on", "smaller");
      return Optional.of(split);
    }
    return data.readIfSet(spark(), Keys.DATA_VALIDATION, features)
        .map(
            validation ->
                training
                    .withColumn(IS_VALIDATION, lit(false))
                    .unionByName(validation.withColumn(IS_VALIDATION, lit(true))));
  }

  private void requireRows(Dataset<Row> part, String purpose, String remedy) {
    if (part.isEmpty()) {
      throw ConveneException.data(
          "data.validation-fraction = %s leaves no rows of %s %s: make it %s",
          settings().value(Keys.DATA_VALIDATION_FRACTION),
          new DataSettings(settings()).named(Keys.DATA_TRAIN),
          purpose,
          remedy);
    }
  }

  private PreprocessPlan preprocessPlan() {
    return PreprocessPlan.builder()
        .divideBy(settings().value(Keys.PREPROCESS_DIVIDE_BY))
        .scaler(Scaler.named(settings().value(Keys.PREPROCESS_SCALER)))
        .build();
  }

  private float[] initialParameters() throws IOException {
    Optional<String> file = settings().value(Keys.TRAIN_INITIAL_PARAMETERS);
    return file.isEmpty()
        ? null
        : InitialParametersFile.read(file.get(), spark().sparkContext().hadoopConfiguration());
  }

  private TrainingListener listener(Optional<Dataset<Row>> test, DataSettings data) {
    return new TrainingProgress(settings().value(Keys.TRAIN_EPOCHS)) {
      @Override
      public void networkBuilt(Network network) {
        // Now the classes are known, and nothing is trained yet.
        if (network.loss() == Loss.SOFTMAX_CROSS_ENTROPY) {
          test.ifPresent(
              rows ->
                  ClassLabels.requireWithin(
                      rows, data.label(), network.outputs(), data.named(Keys.DATA_TEST)));
        }
        super.networkBuilt(network);
      }
    };
  }
}
