package dev.convene.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.convene.ConveneException;
import dev.convene.nn.RandomStream;
import dev.convene.nn.RandomStream.Purpose;
import dev.convene.train.EpochRecord;
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
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** A convolutional network on images that have a vertical or a horizontal bar. */
class Dl4jClassifierTest {
  private static final int SIDE = 8;

  @Test
  void aConvolutionalNetworkLearnsIsSavedAndPredictsTheSame(@TempDir Path folder) throws Exception {
    Dl4jClassifier classifier = classifier();
    Dl4jClassificationModel model = classifier.fit(images(0, 300));

    assertThat(model.history()).extracting(EpochRecord::examples).containsOnly(300L);
    Dataset<Row> scored = model.transform(images(300, 100));
    assertThat(scored.columns())
        .containsExactly("features", "label", "rawPrediction", "probability", "prediction");
    assertThat(scored.filter("prediction = label").count()).isGreaterThanOrEqualTo(97);

    String path = folder.resolve("model").toString();
    model.setPredictionCol("p").save(path);
    Dl4jClassificationModel loaded = Dl4jClassificationModel.load(path);
    assertThat(loaded.getPredictionCol()).isEqualTo("p");
    assertThat(loaded.parameters()).isEqualTo(model.parameters());
    List<Row> before = scored.select("probability").collectAsList();
    List<Row> after = loaded.transform(images(300, 100)).select("probability").collectAsList();
    assertThat(after).isEqualTo(before);
    Row row = scored.head();
    assertThat(loaded.predictProbability(row.getAs("features")).toArray())
        .containsExactly(row.<Vector>getAs("probability").toArray(), within(1e-6));
    assertThat(classifier.fit(images(0, 300)).parameters()).isEqualTo(model.parameters());
  }

  @Test
  void whatIsNoFittingConfigurationIsRefused() {
    refused(null, "configuration is not set: give DL4J's JSON of a network");
    refused(
        "{\"confs\": 3}",
        "the configuration is no configuration of a network: make one with DL4J's "
            + "MultiLayerConfiguration.toJson()");
    refused(
        "[",
        "the configuration cannot be read as DL4J's JSON: Unexpected end-of-input: expected close "
            + "marker for Array (start marker at [Source: (String)\"[\"; line: 1, column: 1])");
    refused(
        json(SIDE, LossFunction.MSE),
        "the configuration does not end in an OutputLayer with softmax and cross-entropy (MCXENT)");
    assertThatThrownBy(
            () ->
                classifier()
                    .setConfiguration(json(SIDE + 1, LossFunction.MCXENT))
                    .fit(images(0, 10)))
        .isInstanceOf(ConveneException.class)
        .hasMessageStartingWith("the configuration does not take rows of 64 features: ");
  }

  private static void refused(String json, String message) {
    Dl4jClassifier classifier = new Dl4jClassifier();
    if (json != null) {
      classifier.setConfiguration(json);
    }
    assertThatThrownBy(() -> classifier.fit(images(0, 10)))
        .isInstanceOf(ConveneException.class)
        .hasMessage(message);
  }

  private static Dl4jClassifier classifier() {
    return new Dl4jClassifier()
        .setConfiguration(json(SIDE, LossFunction.MCXENT))
        .setWorkers(2)
        .setAveragingPeriod(3)
        .setBatchSize(20)
        .setEpochs(6);
  }

  private static String json(int side, LossFunction loss) {
    Nd4jRuntime.prepare();
    return new NeuralNetConfiguration.Builder()
        .seed(3)
        .updater(new Adam(0.01))
        .list()
        .layer(new ConvolutionLayer.Builder(3, 3).nOut(4).activation(Activation.RELU).build())
        .layer(new BatchNormalization())
        .layer(new SubsamplingLayer.Builder().kernelSize(2, 2).stride(2, 2).build())
        .layer(new OutputLayer.Builder(loss).nOut(2).activation(Activation.SOFTMAX).build())
        .setInputType(InputType.convolutionalFlat(side, side, 1))
        .build()
        .toJson();
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
