package dev.convene.dl4j;

import static org.apache.spark.sql.functions.expr;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import dev.convene.ConveneException;
import dev.convene.ml.NeuralNetworkClassificationModel;
import dev.convene.ml.NeuralNetworkClassifier;
import dev.convene.ml.NeuralNetworkModel;
import dev.convene.ml.NeuralNetworkRegressionModel;
import dev.convene.ml.NeuralNetworkRegressor;
import dev.convene.nn.LayerSummary;
import dev.convene.nn.Loss;
import dev.convene.nn.RandomStream;
import dev.convene.nn.RandomStream.Purpose;
import dev.convene.report.ClassificationMetrics;
import dev.convene.report.RegressionMetrics;
import dev.convene.train.EpochRecord;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.VectorUDT;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration.ListBuilder;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Networks that DL4J describes; the images have a vertical or a horizontal bar. */
class ConfiguredNetworkTest {
  private static final int SIDE = 8;

  @Test
  void aConvolutionalNetworkLearnsIsSavedAndPredictsTheSame(@TempDir Path folder) throws Exception {
    NeuralNetworkClassifier classifier = classifier();
    NeuralNetworkClassificationModel model = classifier.fit(images(0, 300));

    assertThat(model.history()).extracting(EpochRecord::examples).containsOnly(300L);
    Dataset<Row> scored = model.transform(images(300, 100));
    assertThat(scored.columns())
        .containsExactly("features", "label", "rawPrediction", "probability", "prediction");
    assertThat(scored.filter("prediction = label").count()).isGreaterThanOrEqualTo(97);

    String path = folder.resolve("model").toString();
    model.setPredictionCol("p").save(path);
    NeuralNetworkClassificationModel loaded = NeuralNetworkClassificationModel.load(path);
    assertThat(loaded.getPredictionCol()).isEqualTo("p");
    assertThat(loaded.parameters()).isEqualTo(model.parameters());
    assertThat(loaded.history()).isEqualTo(model.history());
    assertThat(loaded.trainingWorkers()).isEqualTo(2);
    List<Row> before = scored.select("probability").collectAsList();
    List<Row> after = loaded.transform(images(300, 100)).select("probability").collectAsList();
    assertThat(after).isEqualTo(before);
    Row row = scored.head();
    assertThat(loaded.predictProbability(row.getAs("features")).toArray())
        .containsExactly(row.<Vector>getAs("probability").toArray(), within(1e-6));
    ClassificationMetrics metrics = loaded.evaluate(images(300, 100), "the test rows");
    assertThat(metrics.accuracy()).isEqualTo(scored.filter("prediction = label").count() / 100.0);
    assertThat(classifier.fit(images(0, 300)).parameters()).isEqualTo(model.parameters());
    assertThat(classifier.setSeed(2).fit(images(0, 300)).parameters())
        .isNotEqualTo(model.parameters());
  }

  /** Softmax of what we take for the outputs before it is what DL4J gives. */
  @Test
  void probabilitiesAreDl4js() throws IOException {
    MultiLayerNetwork theirs = new MultiLayerNetwork(MultiLayerConfiguration.fromJson(json(2)));
    theirs.init();
    NeuralNetworkClassificationModel ours = (NeuralNetworkClassificationModel) read(theirs);

    Vector image = images(0, 1).head().getAs("features");
    INDArray row = Nd4j.create(image.toArray()).castTo(DataType.FLOAT).reshape(1, SIDE * SIDE);
    assertThat(ours.predictProbability(image).toArray())
        .containsExactly(theirs.output(row).toDoubleVector(), within(1e-6));
  }

  @Test
  void aModelGoesToDl4jsZipAndBack() throws IOException {
    NeuralNetworkClassificationModel model = classifier().setEpochs(1).fit(images(0, 40));
    ByteArrayOutputStream zip = new ByteArrayOutputStream();
    Dl4jModelFile.write(model, zip);
    NeuralNetworkClassificationModel read =
        (NeuralNetworkClassificationModel)
            Dl4jModelFile.read(new ByteArrayInputStream(zip.toByteArray()), "m.zip");

    assertThat(read.parameters()).isEqualTo(model.parameters());
    Vector image = images(0, 1).head().getAs("features");
    assertThat(read.predictRaw(image)).isEqualTo(model.predictRaw(image));
  }

  @Test
  void aRegressionOfSeveralOutputsLearns() {
    NeuralNetworkRegressionModel model =
        new NeuralNetworkRegressor()
            .setDl4jConfiguration(
                configured(new DenseLayer.Builder().nOut(16).activation(Activation.TANH).build())
                    .layer(
                        new OutputLayer.Builder(LossFunction.MSE)
                            .nOut(2)
                            .activation(Activation.IDENTITY)
                            .build())
                    .setInputType(InputType.feedForward(2))
                    .build()
                    .toJson())
            .setWorkers(2)
            .setBatchSize(10)
            .setEpochs(60)
            .fit(circle(400));

    RegressionMetrics metrics = model.evaluate(circle(400), "the rows");
    assertThat(metrics.r2()).isGreaterThan(0.97);
  }

  @Test
  void aModelOfTheSameNetworkIsAStart() {
    NeuralNetworkClassificationModel start = classifier().setEpochs(1).fit(images(0, 100));
    NeuralNetworkClassifier classifier = classifier().setEpochs(1).setInitialModel(start);
    assertThat(classifier.fit(images(0, 100)).history().get(0).trainLoss())
        .isLessThan(start.history().get(0).trainLoss());

    NeuralNetworkClassificationModel dense =
        new NeuralNetworkClassifier().setWorkers(1).setEpochs(1).fit(images(0, 10));
    assertThatThrownBy(() -> classifier.setInitialModel(dense).fit(images(0, 10)))
        .isInstanceOf(ConveneException.class)
        .hasMessage(
            "the initial model is a network of 64 inputs and layers of [2], but the one to train has"
                + " 64 inputs and layers ConvolutionLayer 1 1 -> 4, BatchNormalization 2 4 -> 4,"
                + " SubsamplingLayer 3, OutputLayer 4 36 -> 2: train from a model with the same"
                + " features, outputs, hidden layers and activation");
  }

  @Test
  void validationRowsStopTraining() {
    NeuralNetworkClassificationModel model =
        classifier()
            .setValidationIndicatorCol("aside")
            .setPatience(1)
            .setMinDelta(10)
            .fit(images(0, 100).withColumn("aside", expr("rand(1) < 0.2")));

    assertThat(model.history()).hasSize(2).allMatch(epoch -> epoch.validationLoss() > 0);
  }

  @Test
  void outputsMayBeLeftToTheClasses() {
    NeuralNetworkClassificationModel model =
        classifier().setDl4jConfiguration(json(0)).setEpochs(1).fit(images(0, 40));

    assertThat(model.numClasses()).isEqualTo(2);
    assertThat(model.network().summary())
        .extracting(LayerSummary::name, LayerSummary::shape, LayerSummary::parameters)
        .containsExactly(
            tuple("ConvolutionLayer 1", "1 -> 4", 40L),
            tuple("BatchNormalization 2", "4 -> 4", 16L),
            tuple("SubsamplingLayer 3", "", 0L),
            tuple("OutputLayer 4", "36 -> 2", 74L));
  }

  @Test
  void whatIsNoFittingConfigurationIsRefused() {
    refused(
        "{\"confs\": 3}",
        "the DL4J configuration is no configuration of a network: make one with DL4J's "
            + "MultiLayerConfiguration.toJson()");
    refused(
        "[",
        "the DL4J configuration cannot be read as DL4J's JSON: Unexpected end-of-input: expected "
            + "close marker for Array (start marker at [Source: (String)\"[\"; line: 1, column: 1])");
    refused(
        json(SIDE, 2, LossFunction.MSE, Activation.IDENTITY),
        "the DL4J configuration does not end in softmax, as a classification does");
    refused(
        json(3),
        "the DL4J configuration has 3 outputs, but there are 2 classes: set nout of its last layer"
            + " to 2, or to 0 to have as many as there are");
    refused(
        configured(new DenseLayer.Builder().nIn(64).nOut(2).build()).build().toJson(),
        "the DL4J configuration ends in a DenseLayer: the last layer must be an OutputLayer");
    refused(
        json(2).replace("\"dataType\" : \"FLOAT\"", "\"dataType\" : \"DOUBLE\""),
        "the DL4J configuration computes in DOUBLE: build it with dataType(DataType.FLOAT)");
    assertThatThrownBy(
            () ->
                classifier()
                    .setDl4jConfiguration(
                        json(SIDE + 1, 2, LossFunction.MCXENT, Activation.SOFTMAX))
                    .fit(images(0, 10)))
        .isInstanceOf(ConveneException.class)
        .hasMessageStartingWith("the DL4J configuration does not take rows of 64 features: ");
  }

  @Test
  void whatTheConfigurationTellsIsNotToldTwice() {
    assertThatThrownBy(() -> classifier().setHidden(new int[] {3}).fit(images(0, 10)))
        .isInstanceOf(ConveneException.class)
        .hasMessage("hidden is set, but dl4jConfiguration describes it: leave one of them out");
  }

  @Test
  void weightsAreRefused() {
    assertThatThrownBy(() -> classifier().setBalanceClasses(true).fit(images(0, 10)))
        .isInstanceOf(ConveneException.class)
        .hasMessage("DL4J has no weights of rows: leave the weights of rows and classes out");
  }

  @Test
  void whatDl4jDoesNotTrainAsWeCountIsRefused() {
    String standard = json(2);
    checkRefused(
        standard.replace("\"backpropType\" : \"Standard\"", "\"backpropType\" : \"TruncatedBPTT\""),
        "it is trained by TruncatedBPTT, which makes no steps on rows without a time: build it with"
            + " backpropType(BackpropType.Standard)");
    checkRefused(
        standard.replaceFirst("\"miniBatch\" : true", "\"miniBatch\" : false"),
        "it sums the gradients of a minibatch in layer 1 instead of averaging them: build it with"
            + " miniBatch(true)");
    checkRefused(
        standard.replaceFirst("STOCHASTIC_GRADIENT_DESCENT", "LBFGS"),
        "it trains layer 1 by LBFGS, which makes several steps on a minibatch: build it with"
            + " optimizationAlgo(OptimizationAlgorithm.STOCHASTIC_GRADIENT_DESCENT)");
    checkRefused(
        configured(new LastTimeStep(new LSTM.Builder().nIn(3).nOut(3).build()))
            .layer(new OutputLayer.Builder().nIn(3).nOut(2).activation(Activation.SOFTMAX).build())
            .build()
            .toJson(),
        "it has a LastTimeStep as layer 1, which reads sequences, but a row is one vector: use"
            + " layers that are not recurrent");
  }

  @Test
  void theEndIsCheckedBeforeTheData() {
    assertThatThrownBy(() -> ConfiguredNetwork.check(json(2), Loss.MEAN_SQUARED_ERROR, "it"))
        .isInstanceOf(ConveneException.class)
        .hasMessage("it ends in softmax, as a regression does not");
    checkRefused(
        json(SIDE, 2, LossFunction.MSE, Activation.IDENTITY),
        "it does not end in softmax, as a classification does");
  }

  private static void checkRefused(String json, String message) {
    assertThatThrownBy(() -> ConfiguredNetwork.check(json, Loss.SOFTMAX_CROSS_ENTROPY, "it"))
        .isInstanceOf(ConveneException.class)
        .hasMessage(message);
  }

  private static void refused(String json, String message) {
    assertThatThrownBy(() -> classifier().setDl4jConfiguration(json).fit(images(0, 10)))
        .isInstanceOf(ConveneException.class)
        .hasMessage(message);
  }

  private static NeuralNetworkModel read(MultiLayerNetwork network) throws IOException {
    ByteArrayOutputStream zip = new ByteArrayOutputStream();
    ModelSerializer.writeModel(network, zip, true);
    return Dl4jModelFile.read(new ByteArrayInputStream(zip.toByteArray()), "m.zip");
  }

  private static NeuralNetworkClassifier classifier() {
    return new NeuralNetworkClassifier()
        .setDl4jConfiguration(json(2))
        .setWorkers(2)
        .setAveragingPeriod(3)
        .setBatchSize(20)
        .setEpochs(6);
  }

  private static String json(int classes) {
    return json(SIDE, classes, LossFunction.MCXENT, Activation.SOFTMAX);
  }

  private static String json(int side, int classes, LossFunction loss, Activation last) {
    return configured(
            new ConvolutionLayer.Builder(3, 3).nOut(4).activation(Activation.RELU).build())
        .layer(new BatchNormalization())
        .layer(new SubsamplingLayer.Builder().kernelSize(2, 2).stride(2, 2).build())
        .layer(new OutputLayer.Builder(loss).nOut(classes).activation(last).build())
        .setInputType(InputType.convolutionalFlat(side, side, 1))
        .build()
        .toJson();
  }

  private static ListBuilder configured(Layer first) {
    Nd4jRuntime.prepare();
    return new NeuralNetConfiguration.Builder().updater(new Adam(0.01)).list().layer(first);
  }

  /** Sine and cosine of an angle, from which to tell the angle's two multiples. */
  private static Dataset<Row> circle(int count) {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      double angle = 2 * Math.PI * i / count;
      rows.add(
          RowFactory.create(
              Vectors.dense(Math.sin(angle), Math.cos(angle)),
              Vectors.dense(Math.sin(2 * angle), Math.cos(2 * angle))));
    }
    StructType schema =
        new StructType().add("features", new VectorUDT()).add("label", new VectorUDT());
    return LocalSpark.session().createDataFrame(rows, schema);
  }

  private static Dataset<Row> images(int from, int count) {
    List<Row> rows = new ArrayList<>();
    for (int i = from; i < from + count; i++) {
      RandomStream random = RandomStream.of(9, Purpose.ROW_ORDER, i);
      int label = random.nextInt(2);
      int bar = random.nextInt(SIDE);
      double[] pixels = new double[SIDE * SIDE];
      for (int j = 0; j < pixels.length; j++) {
        int place = label == 0 ? j % SIDE : j / SIDE;
        pixels[j] = (place == bar ? 1 : 0) + 0.1 * random.nextGaussian();
      }
      rows.add(RowFactory.create(Vectors.dense(pixels), (double) label));
    }
    StructType schema =
        new StructType().add("features", new VectorUDT()).add("label", DataTypes.DoubleType);
    return LocalSpark.session().createDataFrame(rows, schema);
  }
}
