package dev.convene.data.cifar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.convene.ConveneException;
import dev.convene.ExitStatus;
import dev.convene.data.DataReader;
import dev.convene.data.DataSource;
import dev.convene.data.IdxFiles;
import dev.convene.data.PackedFeatures;
import dev.convene.data.Sources;
import dev.convene.testkit.LocalSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.spark.ml.attribute.AttributeGroup;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("spark")
class Cifar10DataSourceTest {
  private static final SparkSession SPARK = LocalSpark.session();

  @TempDir Path temp;

  private static Dataset<Row> load(Path... paths) {
    return SPARK
        .read()
        .format("cifar10")
        .load(Arrays.stream(paths).map(Path::toString).toArray(String[]::new));
  }

  /** A pixel of an image in {@link #records}: every place of a record, and every byte, differs. */
  private static int pixel(int image, int place) {
    return (31 * image + place + place / 256) % 256;
  }

  /** One record for each label. */
  private static byte[] records(int... labels) {
    byte[] bytes = new byte[labels.length * 3073];
    for (int image = 0; image < labels.length; image++) {
      bytes[image * 3073] = (byte) labels[image];
      for (int place = 0; place < 3072; place++) {
        bytes[image * 3073 + 1 + place] = (byte) pixel(image, place);
      }
    }
    return bytes;
  }

  private Path write(String name, byte[] content) {
    return IdxFiles.write(temp.resolve(name), content);
  }

  private static List<Double> labels(Dataset<Row> rows) {
    return rows.select("label").as(Encoders.DOUBLE()).collectAsList();
  }

  @ParameterizedTest
  @ValueSource(strings = {"three.bin", "three.bin.gz"})
  void readsLabelsPixelsAndRows(String name) {
    Dataset<Row> rows = load(write(name, records(7, 0, 9)));
    assertThat(rows.columns()).containsExactly("label", "features", "row");
    assertThat(AttributeGroup.fromStructField(rows.schema().apply("features")).size())
        .isEqualTo(3072);
    List<Row> collected = rows.collectAsList();
    double[] expectedLabels = {7, 0, 9};
    assertThat(collected).hasSize(3);
    for (int image = 0; image < 3; image++) {
      int of = image;
      Row row = collected.get(image);
      assertThat(row.getDouble(0)).isEqualTo(expectedLabels[image]);
      assertThat(row.<Vector>getAs(1).toArray())
          .containsExactly(
              IntStream.range(0, 3072).mapToDouble(place -> pixel(of, place)).toArray());
      assertThat(row.getLong(2)).isEqualTo(image);
    }
    assertThat(rows.count()).isEqualTo(3);
  }

  @Test
  void tellsGzipByContentNotByName() throws IOException {
    Path gzipped = write("x.bin.gz", records(1, 2));
    assertThat(labels(load(Files.move(gzipped, temp.resolve("x.bin"))))).containsExactly(1.0, 2.0);
  }

  @Test
  void filesOfADirectoryComeInTheOrderOfTheirNames() {
    write("set/data_batch_2.bin", records(2));
    write("set/data_batch_1.bin.gz", records(1, 1));
    write("set/data_batch_3.bin", records(3));
    write("set/data_batch_3.bin.gz", records(9));
    write("set/data_batch_5.bin", records(5));
    write("set/data_batch_4.bin", records(4));
    write("set/batches.meta.txt", new byte[] {1});
    write("set/.data_batch_6.bin", new byte[] {1});
    assertThat(labels(load(temp.resolve("set")))).containsExactly(1.0, 1.0, 2.0, 3.0, 4.0, 5.0);
    assertThat(labels(load(temp.resolve("set/data_batch_[13]*")))).containsExactly(1.0, 1.0, 3.0);
    assertThat(labels(load(temp.resolve("set/data_batch_[23].bin")))).containsExactly(2.0, 3.0);
    assertThat(labels(load(temp.resolve("set/data_batch_3.bin"), temp.resolve("set"))))
        .containsExactly(3.0, 1.0, 1.0, 2.0, 3.0, 4.0, 5.0);
  }

  @Test
  void plainFilesAreSplitBetweenRecords() {
    int[] labels = IntStream.range(0, 25).map(i -> i % 10).toArray();
    Path plain = write("plain.bin", records(labels));
    Path gzipped = write("gzipped.bin.gz", records(labels));
    SparkSession session = SPARK.newSession();
    session.conf().set("spark.sql.files.maxPartitionBytes", "20000");
    SparkSession.setActiveSession(session);
    try {
      Dataset<Row> split = session.read().format("cifar10").load(plain.toString());
      assertThat(split.rdd().getNumPartitions()).isEqualTo(5);
      Dataset<Row> whole = session.read().format("cifar10").load(gzipped.toString());
      assertThat(whole.rdd().getNumPartitions()).isEqualTo(1);
      assertThat(split.collectAsList()).hasSize(25).isEqualTo(whole.collectAsList());
    } finally {
      SparkSession.setActiveSession(SPARK);
    }
  }

  @Test
  void rowsOfARegisteredSetAreLabelAndFeatures() {
    for (int batch = 1; batch <= 5; batch++) {
      write("cifar10/train/data_batch_" + batch + ".bin", records(batch, 0));
    }
    write("cifar10/test/test_batch.bin", records(9));
    DataReader reader = new DataReader(SPARK, temp.toString());
    Dataset<Row> train =
        PackedFeatures.unpack(
            reader.read(Sources.of("cifar10", "cifar10:train"), Sources.columns("label")));
    assertThat(train.columns()).containsExactly("label", "features");
    assertThat(labels(train)).containsExactly(1.0, 0.0, 2.0, 0.0, 3.0, 0.0, 4.0, 0.0, 5.0, 0.0);
    Dataset<Row> test =
        reader.read(Sources.of("cifar10", "cifar10:test"), Sources.columns("label"));
    assertThat(labels(test)).containsExactly(9.0);
    assertThatThrownBy(
            () -> reader.read(Sources.of("idx", "cifar10:test"), Sources.columns("label")))
        .isInstanceOfSatisfying(
            ConveneException.class, e -> assertThat(e.status()).isEqualTo(ExitStatus.USAGE))
        .hasMessage("cifar10:test is a data set of format cifar10, not idx");
  }

  @Test
  void derivedVectorsAreChecked() {
    DataReader reader = new DataReader(SPARK, temp.toString());
    Path file = write("two.bin", records(1, 2));
    DataSource source =
        Sources.withDerived(
            Sources.of("cifar10", file.toString()),
            Map.of("features", "CASE WHEN label = 1 THEN features END"));
    assertThat(failureOf(reader.read(source, Sources.columns("label"))))
        .hasMessageContaining(
            "column features holds no value, not a vector: correct the row, or leave the column out"
                + " of data.features");
  }

  @Test
  void emptyFilesHaveNoRows() {
    Path empty = write("empty.bin", new byte[0]);
    DataReader reader = new DataReader(SPARK, temp.toString());
    DataSource source = Sources.of("cifar10", empty.toString());
    assertThatThrownBy(() -> reader.read(source, Sources.columns("label")))
        .isInstanceOf(ConveneException.class)
        .hasMessage("%s has no rows", empty);
  }

  @Test
  void directoriesWithoutOneSetOfFilesAreRefused() {
    write("none/readme.html", new byte[] {1});
    assertThatThrownBy(() -> load(temp.resolve("none")))
        .isInstanceOfSatisfying(
            ConveneException.class, e -> assertThat(e.status()).isEqualTo(ExitStatus.DATA))
        .hasMessage(
            "no CIFAR-10 files in file:%s/none: a directory must hold files of the binary version,"
                + " named like data_batch_1.bin (each may end in .gz)",
            temp);
    assertThatThrownBy(() -> load(temp.resolve("nowhere")))
        .isInstanceOf(ConveneException.class)
        .hasMessage("no such path: %s/nowhere", temp);
    write("unpacked/data_batch_1.bin", records(1));
    write("unpacked/test_batch.bin", records(1));
    for (String path : List.of("unpacked", "unpacked/*_batch*", "unpack*")) {
      assertThatThrownBy(() -> load(temp.resolve(path)))
          .isInstanceOfSatisfying(
              ConveneException.class, e -> assertThat(e.status()).isEqualTo(ExitStatus.DATA))
          .hasMessage(
              "%1$s/%2$s holds training and test images, data_batch_*.bin and test_batch.bin:"
                  + " name the files of one of them, file:%1$s/unpacked/data_batch_*.bin for example",
              temp, path);
    }
  }

  @Test
  void plainFilesOfWrongLengthAreToldWhenLoading() {
    Path file = write("cut.bin", Arrays.copyOf(records(1, 2), 6145));
    assertThatThrownBy(() -> load(file))
        .isInstanceOfSatisfying(
            ConveneException.class, e -> assertThat(e.status()).isEqualTo(ExitStatus.DATA))
        .hasMessage(
            "file:%s has 6145 bytes, no multiple of the 3073 of a record: it is truncated, or no"
                + " file of CIFAR-10's binary version",
            file);
  }

  @Test
  void wrongLabelsAreToldByTheTaskThatReadsThem() {
    byte[] bytes = records(1, 9, 10);
    Path file = write("label.bin", bytes);
    assertThat(failureOf(load(file)))
        .hasMessage(
            "file:%s: record 3 has the label 10, not one of 0..9: the file is damaged, or none of"
                + " CIFAR-10's binary version",
            file);
    assertThat(load(file).select("features").collectAsList()).hasSize(3);
    bytes[0] = (byte) 255;
    write("label.bin", bytes);
    assertThat(failureOf(load(file)))
        .hasMessageContaining("label.bin: record 1 has the label 255, not one of 0..9:");
  }

  @Test
  void filesThatShrinkBeforeTheyAreReadAreTold() throws IOException {
    Path file = write("shrinking.bin", records(1, 2, 3));
    Dataset<Row> rows = load(file);
    Files.write(file, records(1, 2));
    assertThat(failureOf(rows)).hasMessage("file:%s is truncated: it ends within record 3", file);
  }

  @Test
  void damagedGzipIsToldByTheTaskThatReads() throws IOException {
    Path file = write("x.bin.gz", Arrays.copyOf(records(1, 2), 4000));
    assertThat(failureOf(load(file)))
        .hasMessage("file:%s is truncated: it ends within record 2", file);
    byte[] gzipped = IdxFiles.gzip(records(1, 2, 3));
    Files.write(file, Arrays.copyOf(gzipped, 5));
    assertThat(failureOf(load(file)))
        .hasMessage("file:%s is truncated: it ends within record 1", file);
    Files.write(file, Arrays.copyOf(gzipped, gzipped.length - 20));
    assertThat(failureOf(load(file)))
        .hasMessageMatching("file:.*/x.bin.gz is truncated: it ends within record [123]");
    gzipped[gzipped.length - 8] ^= 1;
    Files.write(file, gzipped);
    assertThat(failureOf(load(file)))
        .hasMessage("file:%s is no sound gzip file: Corrupt GZIP trailer", file);
  }

  /** The ConveneException in the chain of causes. */
  private static ConveneException failureOf(Dataset<Row> rows) {
    Throwable failure = catchThrowable(rows::collectAsList);
    while (failure != null && !(failure instanceof ConveneException)) {
      failure = failure.getCause();
    }
    return (ConveneException) failure;
  }
}
