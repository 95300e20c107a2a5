package dev.convene.jobs;

import dev.convene.config.Keys;
import dev.convene.report.Metrics;
import java.io.IOException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import picocli.CommandLine.Command;

/**
 * Evaluates the model in output.dir on data.test.
 *
 * <pre>convene evaluate conf/mnist-softmax.conf --set output.dir=/tmp/softmax</pre>
 */
@Command(name = "evaluate", description = "Evaluate the model in output.dir on test data.")
final class EvaluateJob extends Job {
  @Override
  void run() throws IOException {
    settings().required(Keys.DATA_TEST);
    ScoringPipeline model = ScoringPipeline.load(settings(), spark());
    InputReader data = new InputReader(settings(), spark());
    Dataset<Row> rows = data.read(Keys.DATA_TEST, model.columns(data.labels()));
    String rowsName = data.named(Keys.DATA_TEST);
    model.labels().requireKnown(rows, rowsName);
    Metrics metrics = model.evaluate(rows, rowsName);
    System.out.print(metrics.report(model.labels().names()));
    System.out.println(metrics.summary());
  }
}
