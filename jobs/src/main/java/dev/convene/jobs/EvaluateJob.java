package dev.convene.jobs;

import dev.convene.config.Keys;
import dev.convene.report.Metrics;
import java.io.IOException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;

/**
 * Evaluates the model in output.dir on data.test.
 *
 * <pre>convene evaluate conf/mnist-softmax.conf --set output.dir=/tmp/softmax</pre>
 */
@Command(name = "evaluate", description = "Evaluate the model in output.dir on test data.")
final class EvaluateJob extends Job {
  private static final Logger LOG = LoggerFactory.getLogger(EvaluateJob.class);

  @Override
  String run() throws IOException {
    settings().required(Keys.DATA_TEST);
    ScoringPipeline model = ScoringPipeline.load(settings(), spark());
    InputReader data = new InputReader(settings(), spark());
    Dataset<Row> rows = data.read(Keys.DATA_TEST, model.columns(data.labels()));
    String rowsName = data.named(Keys.DATA_TEST);
    model.labels().requireKnown(rows, rowsName);
    model.warnings(rows, rowsName).forEach(LOG::warn);
    Metrics metrics = model.evaluate(rows, rowsName);
    return metrics.report(model.labels().names()) + metrics.summary();
  }
}
