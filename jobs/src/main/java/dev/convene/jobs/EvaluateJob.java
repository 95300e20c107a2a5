package dev.convene.jobs;

import dev.convene.ConveneException;
import dev.convene.ExitStatus;
import dev.convene.config.Keys;
import dev.convene.ml.TrainedModel;
import java.io.IOException;
import org.apache.hadoop.fs.Path;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.Transformer;
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
    String dir =
        settings()
            .value(Keys.OUTPUT_DIR)
            .orElseThrow(
                () ->
                    ConveneException.usage(
                        "output.dir is not set: name the output of a training, whose model is to "
                            + "be evaluated"));
    OutputDirectory.requireComplete(dir, spark().sparkContext().hadoopConfiguration());
    Transformer[] stages = load(new Path(dir, TrainingOutput.MODEL).toString()).stages();
    DataSettings data = new DataSettings(settings());
    Dataset<Row> rows = data.read(spark(), Keys.DATA_TEST, data.features());
    for (int i = 0; i < stages.length - 1; i++) {
      rows = stages[i].transform(rows);
    }
    TrainedModel model = (TrainedModel) stages[stages.length - 1];
    System.out.println(model.evaluate(rows, data.named(Keys.DATA_TEST)).summary());
  }

  private static PipelineModel load(String path) {
    try {
      return PipelineModel.load(path);
    } catch (RuntimeException e) {
      throw new ConveneException(
          ExitStatus.DATA,
          "cannot read the model in " + path + ": it is missing or damaged; train it again",
          e);
    }
  }
}
