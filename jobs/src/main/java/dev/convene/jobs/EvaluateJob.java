package dev.convene.jobs;

import dev.convene.config.Keys;
import dev.convene.html.RunReport;
import dev.convene.report.Metrics;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;

/**
 * Evaluates the model in output.dir on data.test, and writes evaluation.html beside it.
 *
 * <pre>convene evaluate conf/mnist-softmax.conf --set output.dir=/tmp/softmax</pre>
 */
@Command(name = "evaluate", description = "Evaluate the model in output.dir on test data.")
final class EvaluateJob extends Job {
  private static final Logger LOG = LoggerFactory.getLogger(EvaluateJob.class);

  private static final String REPORT = "evaluation.html";

  @Override
  String run() throws IOException {
    RunClock clock = new RunClock();
    settings().required(Keys.DATA_TEST);
    spark();
    clock.end("starting Spark");
    ScoringPipeline model = ScoringPipeline.load(settings(), spark());
    InputReader data = new InputReader(settings(), spark());
    Dataset<Row> rows = data.read(Keys.DATA_TEST, model.columns(data.labels()));
    String rowsName = data.named(Keys.DATA_TEST);
    model.labels().requireKnown(rows, rowsName);
    model.warnings(rows, rowsName).forEach(LOG::warn);
    clock.end("loading the model, checking the rows");
    boolean isReported = settings().value(Keys.OUTPUT_REPORT);
    TestEvaluation evaluation = model.evaluate(rows, rowsName, isReported);
    clock.end("evaluating on the test rows");
    if (isReported) {
      writeReport(model, evaluation, clock);
    }
    Metrics metrics = evaluation.metrics();
    return metrics.report(model.labels().names()) + metrics.summary();
  }

  /** The metrics are printed anyway: a model may lie where nothing may be written. */
  private void writeReport(ScoringPipeline model, TestEvaluation evaluation, RunClock clock) {
    try {
      String dir = DatedOutput.toRead(settings(), hadoop());
      RunReport report =
          new RunReport(
              "Evaluation of " + dir,
              settings(),
              model.model(),
              model.labels().shownNames(),
              Optional.empty(),
              clock.phases(),
              Optional.of(
                  evaluation.shown(
                      model.model(), model.preprocessing(), settings().value(Keys.TRAIN_SEED))));
      String file = dir + "/" + REPORT;
      new ReplacedFile(StoragePath.of(Keys.OUTPUT_DIR.key(), file, hadoop()))
          .write(file, report.html().getBytes(StandardCharsets.UTF_8));
    } catch (IOException | RuntimeException e) {
      LOG.warn("No {}: {}", REPORT, e.getMessage());
      LOG.debug("It could not be made or written", e);
    }
  }
}
