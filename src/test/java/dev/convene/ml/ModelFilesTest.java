package dev.convene.ml;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.transform;
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
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;
import org.apache.commons.lang3.ArrayUtils;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Models as files: what is in them, and what is said of those that were damaged. */
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
        .startsWith(refused(folder.resolve("nowhere")) + "Input path does not exist: ");
  }

  @Test
  void metadataOfAnotherClassAreNoModel() throws IOException {
    Path regressor = folder.resolve("regressor");
    new NeuralNetworkRegressor().write().overwrite().save(regressor.toString());

    assertThat(refusal(regressor))
        .isEqualTo(
            refused(regressor)
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

    assertThat(refusal(saved)).startsWith(refused(saved));
  }

  @Test
  void metadataThatAreMissingAreNoModel() throws IOException {
    FileUtils.cleanDirectory(saved.resolve("metadata").toFile());

    assertThat(refusal(saved)).startsWith(refused(saved));
  }

  @Test
  void dataThatAreMissingAreNoModel() throws IOException {
    FileUtils.deleteDirectory(saved.resolve("data").toFile());

    assertThat(refusal(saved))
        .startsWith(refused(saved) + "[PATH_NOT_FOUND] Path does not exist: ");
  }

  @Test
  void anEmptyFolderOfDataIsNoModel() throws IOException {
    FileUtils.cleanDirectory(saved.resolve("data").toFile());

    assertThat(refusal(saved))
        .isEqualTo(refused(saved) + "its data are not one row with all columns");
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

    assertThat(refusal(saved))
        .startsWith(refused(saved))
        .contains(".parquet is not a Parquet file");
  }

  @Test
  void dataOfAnotherTableAreNoModel() {
    Rows.in(1, Rows.plane(3))
        .select("label")
        .write()
        .mode(SaveMode.Overwrite)
        .parquet(saved.resolve("data").toString());

    assertThat(refusal(saved))
        .isEqualTo(refused(saved) + "its data are not one row with all columns");
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
            refused(saved)
                + "it has 22 parameters, but its network of 4 inputs and 2 outputs has 23");
  }

  @Test
  void aNewerFormatIsRefused() throws IOException {
    String newer =
        refused(saved)
            + "it is of format version 4, and this version of Convene reads format versions up to"
            + " 3: upgrade Convene, or train the model anew";

    rewrite(data -> data.withColumn("formatVersion", lit(4)));
    assertThat(refusal(saved)).isEqualTo(newer);
    // Whatever else has changed.
    rewrite(data -> data.drop("inputs").withColumn("description", array(lit("dense 3"))));
    assertThat(refusal(saved)).isEqualTo(newer);
  }

  @Test
  void aFileWithoutVersionIsOfTheFirst() throws IOException {
    rewrite(
        data ->
            data.drop("formatVersion", "kind", "outputs", "description")
                .withColumn("layers", array(lit(3), lit(2)))
                .withColumn("activation", lit("relu"))
                .withColumn("dropout", lit(0f)));

    assertSameModel(NeuralNetworkClassificationModel.load(saved.toString()));
  }

  @Test
  void additionsOfLaterVersionsAreIgnored() throws IOException {
    rewrite(
        data ->
            data.withColumn("license", lit("CC0"))
                .withColumn(
                    "history",
                    transform(
                        col("history"),
                        epoch ->
                            struct(
                                lit(7).as("checkpoints"),
                                epoch.getField("seconds").as("seconds"),
                                epoch.getField("epoch").as("epoch"),
                                epoch.getField("trainLoss").as("trainLoss"),
                                array(lit(0.5)).as("rates"),
                                epoch.getField("trainAccuracy").as("trainAccuracy"),
                                epoch.getField("learningRate").as("learningRate"),
                                epoch.getField("rounds").as("rounds"),
                                epoch.getField("examples").as("examples")))));

    // Neither validationLoss nor validationAccuracy, as without validation rows.
    assertSameModel(NeuralNetworkClassificationModel.load(saved.toString()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"inputs", "outputs", "loss", "description", "parameters", "workers", "history"})
  void aMissingColumnIsRefused(String column) throws IOException {
    rewrite(data -> data.drop(column));

    assertThat(refusal(saved))
        .isEqualTo(refused(saved) + "its data are not one row with all columns");
  }

  @Test
  void anEpochWithoutItsLossIsRefused() throws IOException {
    rewrite(
        data ->
            data.withColumn(
                "history",
                transform(
                    col("history"),
                    epoch ->
                        struct(
                            epoch.getField("epoch").as("epoch"),
                            epoch.getField("rounds").as("rounds"),
                            epoch.getField("examples").as("examples")))));

    assertThat(refusal(saved))
        .isEqualTo(refused(saved) + "its history has an epoch without trainLoss");
  }

  @Test
  void valuesThatMakeNoNetworkAreRefused() throws IOException {
    rewrite(data -> data.withColumn("kind", lit("transformer")));
    assertThat(refusal(saved))
        .isEqualTo(
            refused(saved)
                + "its network is of the kind transformer, and this version of Convene reads"
                + " dense and dl4j: upgrade Convene");
    rewrite(data -> data.withColumn("kind", lit("dense")).withColumn("outputs", lit(-3)));
    assertThat(refusal(saved))
        .isEqualTo(refused(saved) + "there is no network of 4 inputs and -3 outputs");
    rewrite(data -> data.withColumn("outputs", lit(2)).withColumn("loss", lit("x")));
    assertThat(refusal(saved))
        .isEqualTo(
            refused(saved)
                + "its loss is x, and not one of softmax-cross-entropy, mean-squared-error");
    rewrite(
        data ->
            data.withColumn("loss", lit("softmax-cross-entropy"))
                .withColumn("description", lit("hidden=[-3] activation=relu dropout=0.0")));
    assertThat(refusal(saved))
        .isEqualTo(
            refused(saved)
                + "no dense network is described by hidden=[-3] activation=relu dropout=0.0");
  }

  @Test
  void damagedDataAreRefusedOrHarmless() throws IOException {
    // Parquet has bytes that nobody reads.
    assertThat(refusalsOfDamaged("data", 120)).isGreaterThan(60);
  }

  @Test
  void damagedMetadataAreRefusedOrSayOtherParams() throws IOException {
    assertThat(refusalsOfDamaged("metadata", 80)).isGreaterThan(40);
  }

  /**
   * How many of so many damaged copies are refused, as on a storage without checksums of its own;
   * all others hold the same network.
   */
  private int refusalsOfDamaged(String part, int copies) throws IOException {
    Random random = new Random(11);
    int refusals = 0;
    for (int i = 0; i < copies; i++) {
      Path damaged = copy("damaged" + i);
      damage(damaged.resolve(part), random);
      try {
        assertSameNetwork(NeuralNetworkClassificationModel.load(damaged.toString()));
      } catch (ConveneException refused) {
        assertThat(refused.status()).isEqualTo(ExitStatus.DATA);
        assertThat(refused).hasMessageStartingWith(refused(damaged));
        refusals++;
      }
    }
    return refusals;
  }

  private Path copy(String name) throws IOException {
    Path copy = folder.resolve(name);
    FileUtils.copyDirectory(
        saved.toFile(), copy.toFile(), file -> !file.getName().endsWith(".crc"));
    return copy;
  }

  /** Flips a bit, or overwrites or takes out some bytes, or cuts off the end. */
  private static void damage(Path folder, Random random) throws IOException {
    Path file = part(folder);
    byte[] bytes = Files.readAllBytes(file);
    int at = random.nextInt(bytes.length);
    int until = Math.min(bytes.length, at + 1 + random.nextInt(16));
    byte[] damaged =
        switch (random.nextInt(4)) {
          case 0 -> {
            bytes[at] ^= (byte) (1 << random.nextInt(8));
            yield bytes;
          }
          case 1 -> {
            Arrays.fill(bytes, at, until, (byte) random.nextInt());
            yield bytes;
          }
          case 2 ->
              ArrayUtils.addAll(
                  Arrays.copyOf(bytes, at), Arrays.copyOfRange(bytes, until, bytes.length));
          default -> Arrays.copyOf(bytes, at);
        };
    Files.write(file, damaged);
  }

  private static Path part(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(it -> it.getFileName().toString().startsWith("part-")).findFirst().get();
    }
  }

  /** Changes the columns of the saved model. */
  private void rewrite(UnaryOperator<Dataset<Row>> change) throws IOException {
    Path data = saved.resolve("data");
    Path rewritten = folder.resolve("rewritten");
    change
        .apply(LocalSpark.session().read().parquet(data.toString()))
        .write()
        .parquet(rewritten.toString());
    FileUtils.deleteDirectory(data.toFile());
    Files.move(rewritten, data);
  }

  private static void assertSameNetwork(NeuralNetworkClassificationModel loaded) {
    assertThat(loaded.network()).isEqualTo(MODEL.network());
    assertThat(loaded.parameters()).isEqualTo(MODEL.parameters());
  }

  private static void assertSameModel(NeuralNetworkClassificationModel loaded) {
    assertSameNetwork(loaded);
    assertThat(loaded.summary()).isEqualTo(MODEL.summary());
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

  private static String refused(Path path) {
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
