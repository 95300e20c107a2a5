package dev.convene.ml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.within;

import dev.convene.ConveneException;
import dev.convene.ExitStatus;
import dev.convene.nn.Activation;
import dev.convene.nn.DenseNetwork;
import dev.convene.nn.Loss;
import dev.convene.testkit.LocalSpark;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models as files: what is in them, and what is told of those that were damaged. */
@Tag("spark")
class ModelFilesTest {
  private static final NeuralNetworkClassificationModel MODEL =
      new NeuralNetworkClassifier()
          .setHidden(new int[] {3})
          .setEpochs(2)
          .setWorkers(2)
          .fit(Rows.in(2, Rows.classes(40, 2)));

  @TempDir Path folder;
  private Path saved;

  @BeforeEach
  void save() throws IOException {
    saved = folder.resolve("model");
    MODEL.save(saved.toString());
  }

  @Test
  void summaryIsLoaded() {
    NeuralNetworkClassificationModel loaded =
        NeuralNetworkClassificationModel.load(saved.toString());

    assertThat(loaded.hasSummary()).isTrue();
    assertThat(loaded.summary()).isEqualTo(MODEL.summary());
    assertThat(loaded.summary().workers()).isEqualTo(2);
    assertThat(loaded.summary().totalIterations()).isEqualTo(2);
    assertThat(loaded.summary().objectiveHistory())
        .containsExactly(MODEL.history().get(0).trainLoss(), MODEL.history().get(1).trainLoss());
  }

  @Test
  void filesNameNeitherMachineNorFolders() throws IOException {
    PipelineModel pipeline =
        new Pipeline().setStages(new PipelineStage[] {MODEL}).fit(Rows.in(1, Rows.classes(4, 2)));
    pipeline.save(folder.resolve("pipeline").toString());
    List<String> secrets =
        List.of(
            InetAddress.getLocalHost().getHostName(),
            InetAddress.getLocalHost().getHostAddress(),
            System.getProperty("user.dir"),
            folder.toString());

    try (Stream<Path> files = Files.walk(folder)) {
      List<Path> all = files.filter(Files::isRegularFile).toList();
      assertThat(all).hasSizeGreaterThan(8);
      for (Path file : all) {
        String content = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        secrets.forEach(secret -> assertThat(content).as("%s", file).doesNotContain(secret));
      }
    }
  }

  @Test
  void noFolderHasNoModel() {
    assertThat(refusal(folder.resolve("nowhere")))
        .startsWith(told(folder.resolve("nowhere")) + "Input path does not exist: ");
  }

  @Test
  void metadataOfAnotherClassAreNoModel() throws IOException {
    Path regressor = folder.resolve("regressor");
    new NeuralNetworkRegressor().write().overwrite().save(regressor.toString());

    assertThat(refusal(regressor))
        .isEqualTo(
            told(regressor)
                + "requirement failed: Error loading metadata: Expected class name "
                + "dev.convene.ml.NeuralNetworkClassificationModel but found class name "
                + "dev.convene.ml.NeuralNetworkRegressor");
    ConveneException estimator =
        catchThrowableOfType(
            ConveneException.class, () -> NeuralNetworkClassifier.load(regressor.toString()));
    assertThat(estimator)
        .hasMessage(
            regressor
                + " holds no NeuralNetworkClassifier that can be read: requirement failed: Error "
                + "loading metadata: Expected class name dev.convene.ml.NeuralNetworkClassifier "
                + "but found class name dev.convene.ml.NeuralNetworkRegressor");
  }

  @Test
  void metadataThatAreNoJsonAreNoModel() throws IOException {
    FileUtils.cleanDirectory(saved.resolve("metadata").toFile());
    Files.writeString(saved.resolve("metadata/part-00000"), "{\"class\":");

    assertThat(refusal(saved)).startsWith(told(saved));
  }

  @Test
  void metadataThatAreMissingAreNoModel() throws IOException {
    FileUtils.cleanDirectory(saved.resolve("metadata").toFile());

    assertThat(refusal(saved)).startsWith(told(saved));
  }

  @Test
  void dataThatAreMissingAreNoModel() throws IOException {
    FileUtils.deleteDirectory(saved.resolve("data").toFile());

    assertThat(refusal(saved)).startsWith(told(saved) + "[PATH_NOT_FOUND] Path does not exist: ");
  }

  @Test
  void anEmptyFolderOfDataIsNoModel() throws IOException {
    FileUtils.cleanDirectory(saved.resolve("data").toFile());

    assertThat(refusal(saved)).isEqualTo(told(saved) + "its data are not one row with all columns");
  }

  @Test
  void truncatedDataAreNoModel() throws IOException {
    try (Stream<Path> files = Files.list(saved.resolve("data"))) {
      for (Path file : files.toList()) {
        if (file.toString().endsWith(".parquet")) {
          byte[] bytes = Files.readAllBytes(file);
          Files.write(file, Arrays.copyOf(bytes, bytes.length / 2));
        } else {
          Files.delete(file);
        }
      }
    }

    assertThat(refusal(saved)).startsWith(told(saved)).contains(".parquet is not a Parquet file");
  }

  @Test
  void dataOfAnotherTableAreNoModel() {
    Rows.in(1, Rows.plane(3))
        .select("label")
        .write()
        .mode(SaveMode.Overwrite)
        .parquet(saved.resolve("data").toString());

    assertThat(refusal(saved)).isEqualTo(told(saved) + "its data are not one row with all columns");
  }

  @Test
  void parametersOfAnotherNetworkAreNoModel() throws IOException {
    FileUtils.deleteDirectory(saved.resolve("data").toFile());
    DenseNetwork network =
        DenseNetwork.of(4, List.of(3), 2, Activation.RELU, 0, Loss.SOFTMAX_CROSS_ENTROPY);
    TrainedNetworkFile.write(
        new TrainedNetwork(network, new float[22], 1, List.of()),
        LocalSpark.session(),
        saved.resolve("data").toString());

    assertThat(refusal(saved))
        .isEqualTo(
            told(saved)
                + "it has 22 parameters, but a network of 4 inputs and layers of [3, 2] has 23");
  }

  @Test
  void theNetworkFileIsReadableByOthers() {
    var data = LocalSpark.session().read().parquet(saved.resolve("data").toString());

    assertThat(data.select(functions.size(functions.col("parameters"))).head().getInt(0))
        .isEqualTo((4 + 1) * 3 + (3 + 1) * 2);
    assertThat(data.selectExpr("aggregate(parameters, 0D, (a, b) -> a + b)").head().getDouble(0))
        .isCloseTo(sum(MODEL.parameters()), within(1e-9));
  }

  private static double sum(float[] parameters) {
    double sum = 0;
    for (float parameter : parameters) {
      sum += parameter;
    }
    return sum;
  }

  private static String told(Path path) {
    return path + " holds no NeuralNetworkClassificationModel that can be read: ";
  }

  private static String refusal(Path path) {
    ConveneException refusal =
        catchThrowableOfType(
            ConveneException.class, () -> NeuralNetworkClassificationModel.load(path.toString()));
    assertThat(refusal.status()).isEqualTo(ExitStatus.DATA);
    return refusal.getMessage();
  }
}
