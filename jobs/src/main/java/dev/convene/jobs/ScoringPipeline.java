package dev.convene.jobs;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.udf;
import static org.apache.spark.sql.functions.when;

import dev.convene.ConveneException;
import dev.convene.ExitStatus;
import dev.convene.TransientFailure;
import dev.convene.config.Keys;
import dev.convene.config.Settings;
import dev.convene.data.DataReader;
import dev.convene.data.PackedFeatures;
import dev.convene.data.TableColumns;
import dev.convene.ml.NeuralNetworkClassificationModel;
import dev.convene.ml.NeuralNetworkModel;
import dev.convene.ml.NeuralNetworkRegressionModel;
import dev.convene.ml.SampledColumns;
import dev.convene.preprocess.FeatureEncoder;
import dev.convene.preprocess.InputColumn;
import dev.convene.preprocess.LabelIndexer;
import dev.convene.preprocess.Preprocessing;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.feature.IndexToString;
import org.apache.spark.ml.feature.StringIndexerModel;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataTypes;

/**
 * A trained model: the label's index, prepared features and the network, saved as one
 * PipelineModel. Jobs apply it by parts: preprocessing in one pass, and only what they need.
 *
 * @param network also a {@link NeuralNetworkModel}
 */
record ScoringPipeline(LabelColumn labels, Preprocessing preprocessing, Transformer network) {
  /** Its directory in output.dir. */
  static final String MODEL = "model";

  /**
   * Loads the model in output.dir.
   *
   * @throws ConveneException if output.dir is not set, or holds no whole model
   */
  static ScoringPipeline load(Settings settings, SparkSession spark) throws IOException {
    Configuration hadoop = spark.sparkContext().hadoopConfiguration();
    String dir = outputToRead(settings, hadoop);
    SharedStorage.of(settings, spark).require(Keys.OUTPUT_DIR, dir);
    OutputDirectory.requireComplete(dir, hadoop);
    Path model = new Path(dir, MODEL);
    Path metadata = new Path(model, "metadata");
    if (!metadata.getFileSystem(hadoop).exists(metadata)) {
      throw ConveneException.data("there is no model in %s: name the output of a training", dir);
    }
    try {
      return of(Arrays.asList(PipelineModel.load(model.toString()).stages()), settings);
    } catch (Exception e) { // Spark throws checked ones undeclared.
      boolean isUsage =
          e instanceof ConveneException refused && refused.status() == ExitStatus.USAGE;
      if (isUsage || TransientFailure.isCauseOf(e)) {
        throw e;
      }
      throw new ConveneException(
          ExitStatus.DATA,
          "cannot read the model in " + model + ": it is damaged; train it again",
          e);
    }
  }

  /**
   * The output of the training whose model is to be used.
   *
   * @throws ConveneException if output.dir is not set
   */
  static String outputToRead(Settings settings, Configuration hadoop) throws IOException {
    if (settings.value(Keys.OUTPUT_DIR).isEmpty()) {
      throw ConveneException.usage(
          "output.dir is not set: name the output of a training, whose model is to be used");
    }
    return DatedOutput.toRead(settings, hadoop);
  }

  private static ScoringPipeline of(List<Transformer> stages, Settings settings) {
    List<Transformer> features = new ArrayList<>(stages);
    Optional<StringIndexerModel> indexer = Optional.empty();
    if (features.get(features.size() - 1) instanceof IndexToString) {
      features.remove(features.size() - 1);
      indexer = Optional.of((StringIndexerModel) features.remove(0));
    }
    Transformer network = features.remove(features.size() - 1);
    Preprocessing preprocessing = Preprocessing.of(features, features(network));
    List<String> names = labels(settings, network);
    List<String> all =
        Stream.concat(names.stream(), preprocessing.inputs().stream().map(InputColumn::name))
            .toList();
    return new ScoringPipeline(
        LabelColumn.of(names, indexer, classes(network), all), preprocessing, network);
  }

  /** The labels' columns; those of a regression's several outputs in the outputs' order. */
  private static List<String> labels(Settings settings, Transformer network) {
    List<String> labels = settings.value(Keys.DATA_LABEL);
    return network instanceof NeuralNetworkRegressionModel regression
            && regression.outputNames().size() == labels.size()
            && regression.outputNames().containsAll(labels)
        ? regression.outputNames()
        : labels;
  }

  private static OptionalInt classes(Transformer network) {
    return network instanceof NeuralNetworkClassificationModel classifier
        ? OptionalInt.of(classifier.numClasses())
        : OptionalInt.empty();
  }

  NeuralNetworkModel model() {
    return (NeuralNetworkModel) network;
  }

  /**
   * The columns to read.
   *
   * @param labelColumns empty to read no labels
   */
  TableColumns columns(List<String> labelColumns) {
    List<InputColumn> inputs = preprocessing.inputs();
    Set<String> categorical =
        inputs.stream()
            .filter(input -> input.kind() == InputColumn.Kind.CATEGORICAL)
            .map(InputColumn::name)
            .collect(Collectors.toSet());
    if (labels.indexer().isPresent()) {
      categorical.addAll(labelColumns);
    }
    return new TableColumns(
        labelColumns,
        Optional.empty(),
        inputs.stream().map(InputColumn::name).toList(),
        categorical,
        missingAllowed(inputs, InputColumn.Kind.NUMERIC),
        missingAllowed(inputs, InputColumn.Kind.CATEGORICAL),
        TableColumns.Purpose.MODEL);
  }

  private static boolean missingAllowed(List<InputColumn> inputs, InputColumn.Kind kind) {
    return inputs.stream()
        .filter(input -> input.kind() == kind)
        .allMatch(InputColumn::missingAllowed);
  }

  /**
   * Warnings about categorical columns of which training saw next to no category.
   *
   * @param rowsName how the warnings name the rows
   */
  List<String> warnings(Dataset<Row> rows, String rowsName) {
    return preprocessing
        .encoder()
        .map(encoder -> CategoryCheck.warnings(encoder, rows, rowsName))
        .orElse(List.of());
  }

  /**
   * Evaluates on rows whose labels are known ({@link LabelColumn#requireKnown}).
   *
   * @param rowsName how a message names the rows
   * @param isSampled whether rows are kept for a report
   */
  TestEvaluation evaluate(Dataset<Row> rows, String rowsName, boolean isSampled) {
    network.set(network.getParam("labelCol"), labels.target());
    SampledColumns columns =
        isSampled
            ? SampledColumns.of(
                rows.schema(),
                preprocessing.inputs().stream().map(InputColumn::name).toList(),
                labels.classes().isPresent())
            : SampledColumns.NONE;
    Dataset<Row> prepared = preprocessing.transform(labels.prepared(rows));
    return new TestEvaluation(rowsName, model().evaluate(prepared, rowsName, columns), columns);
  }

  /**
   * Predicts on rows as DataReader marks them.
   *
   * @return {@link DataReader#SOURCE} and the columns that the model adds
   */
  Dataset<Row> predict(Dataset<Row> rows) {
    Dataset<Row> prepared =
        preprocessing
            .transform(rows)
            .select(col(DataReader.SOURCE), col(preprocessing.outputColumn()));
    Dataset<Row> predicted = network.transform(prepared);
    return toNames().map(names -> names.transform(predicted)).orElse(predicted);
  }

  /**
   * The rows, of which those that the preprocessing or the network would refuse are marked as
   * DataReader marks its own.
   */
  Dataset<Row> markProblems(Dataset<Row> rows) {
    if (preprocessing.encoder().isEmpty()) {
      return rows;
    }
    FeatureEncoder encoder = preprocessing.encoder().get().reading(rows.schema());
    Column features = PackedFeatures.of(rows.schema(), encoder.names());
    UDF1<Row, String> problem = row -> problem(encoder, row);
    Column known = col(DataReader.PROBLEM);
    return rows.withColumn(
        DataReader.PROBLEM,
        when(known.isNull(), udf(problem, DataTypes.StringType).apply(features)).otherwise(known));
  }

  /** Null if there is none. */
  private static String problem(FeatureEncoder encoder, Row row) {
    double[] features;
    try {
      features = encoder.encode(row).toArray();
    } catch (ConveneException refused) {
      return refused.getMessage();
    }
    for (double feature : features) {
      if (!Float.isFinite((float) feature)) {
        return "a feature becomes " + feature + ", which is not within float32's range";
      }
    }
    return null;
  }

  /** All as one stage, for rows as the source has them once they are numbers and texts. */
  PipelineModel pipelineModel() {
    List<Transformer> after = new ArrayList<>(List.of(network));
    toNames().ifPresent(after::add);
    return preprocessing.between(
        labels.indexer().<List<Transformer>>map(List::of).orElse(List.of()), after);
  }

  private Optional<IndexToString> toNames() {
    return labels
        .indexer()
        .map(
            indexer ->
                LabelIndexer.toNames(
                    indexer, (String) network.getOrDefault(network.getParam("predictionCol"))));
  }

  private static String features(Transformer network) {
    return (String) network.getOrDefault(network.getParam("featuresCol"));
  }
}
