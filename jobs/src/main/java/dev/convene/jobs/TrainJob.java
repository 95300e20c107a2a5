package dev.convene.jobs;

import dev.convene.checkpoint.CheckpointDirectory;
import dev.convene.config.Keys;
import java.io.IOException;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.ml.PredictionModel;
import org.apache.spark.ml.linalg.Vector;
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
final class TrainJob extends TrainingJob {
  private static final Logger LOG = LoggerFactory.getLogger(TrainJob.class);

  private final RunClock clock = new RunClock();
  private String resumption = "";

  @Override
  String reportPrefix() {
    return resumption;
  }

  @Override
  String run() throws Exception {
    settings().required(Keys.DATA_TRAIN);
    return runAlone();
  }

  @Override
  String work() throws IOException {
    clock.end("starting Spark");
    Configuration hadoop = hadoop();
    Optional<OutputDirectory> output = OutputDirectory.open(settings(), spark());
    try (OutputDirectory open = output.orElse(null)) {
      ConfiguredEstimator network = estimator(settings());
      decideWorkers();
      TrainingPlaces places = TrainingPlaces.of(settings(), output, hadoop);
      RunArtifacts trained = train(network.with(settings()), places);
      if (open != null) {
        trained.write(open, settings());
        if (places.end().isPresent()) {
          open.move(places.end().get(), ScoringPipeline.MODEL + "/" + TrainingPlaces.LAST_STATE);
        }
        open.commit();
      }
      clear(places, hadoop);
      return trained.summary();
    }
  }

  /** The model is safe. */
  private static void clear(TrainingPlaces places, Configuration hadoop) {
    try {
      if (places.checkpoints().isPresent()) {
        new CheckpointDirectory(places.checkpoints().get(), hadoop).clear();
      }
    } catch (IOException e) {
      LOG.warn("The training has ended, but its checkpoints could not be deleted", e);
    }
  }

  private RunArtifacts train(ConfiguredEstimator network, TrainingPlaces places) {
    InputReader data = new InputReader(settings(), spark());
    try (DataSplits splits = DataSplits.read(data, settings())) {
      PreparedRows rows = PreparedRows.fit(settings(), data, splits);
      ProgressDisplay progress = new ProgressDisplay(settings().value(Keys.TRAIN_EPOCHS), clock);
      clock.end("reading, fitting the preprocessing");
      PredictionModel<Vector, ?> model = network.fit(rows, places, progress);
      resumption = progress.resumption().map(line -> line + "\n").orElse("");
      ScoringPipeline trained = new ScoringPipeline(rows.labels(), rows.preprocessing(), model);
      splits.test().ifPresent(test -> trained.warnings(test, splits.testName()).forEach(LOG::warn));
      boolean isReported =
          settings().value(Keys.OUTPUT_REPORT) && settings().value(Keys.OUTPUT_DIR).isPresent();
      Optional<TestEvaluation> evaluated =
          splits.test().map(test -> trained.evaluate(test, splits.testName(), isReported));
      evaluated.ifPresent(test -> clock.end("evaluating on the test rows"));
      return new RunArtifacts(trained, evaluated, progress.end(), clock);
    }
  }
}
