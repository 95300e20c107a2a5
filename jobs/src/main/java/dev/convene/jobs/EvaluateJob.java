package dev.convene.jobs;

import dev.convene.ConveneException;
import dev.convene.ExitStatus;
import dev.convene.config.Keys;
import dev.convene.ml.TrainedModel;
import java.io.IOException;
import java.util.List;
import org.apache.hadoop.fs.Path;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.feature.VectorAssembler;
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
    requireModel(dir);
    Transformer[] stages = load(new Path(dir, TrainingOutput.MODEL).toString()).stages();
    DataSettings data = new DataSettings(settings());
    Dataset<Row> rows = data.read(spark(), Keys.DATA_TEST, featuresOf(stages));
    for (int i = 0; i < stages.length - 1; i++) {
      rows = stages[i].transform(rows);
    }
    Transformer network = stages[stages.length - 1];
    network.set(network.getParam("labelCol"), data.label());
    TrainedModel model = (TrainedModel) network;
    System.out.println(model.evaluate(rows, data.named(Keys.DATA_TEST)).summary());
  }

  /** The raw columns that the model was trained on: what its first stage reads. */
  private static List<String> featuresOf(Transformer[] stages) {
    if (stages[0] instanceof VectorAssembler assembler) {
      return List.of(assembler.getInputCols());
    }
    String input = stages.length == 1 ? "featuresCol" : "inputCol";
    return List.of((String) stages[0].getOrDefault(stages[0].getParam(input)));
  }

  private void requireModel(String dir) throws IOException {
    Path metadata = new Path(dir, TrainingOutput.MODEL + "/metadata");
    if (!metadata.getFileSystem(spark().sparkContext().hadoopConfiguration()).exists(metadata)) {
      throw ConveneException.data("there is no model in %s: name the output of a training", dir);
    }
  }

  private static PipelineModel load(String path) {
    try {
      return PipelineModel.load(path);
    } catch (RuntimeException e) {
      throw new ConveneException(
          ExitStatus.DATA,
          "cannot read the model in " + path + ": it is damaged; train it again",
          e);
    }
  }
}
