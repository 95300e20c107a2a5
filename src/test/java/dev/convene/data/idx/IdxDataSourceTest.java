package dev.convene.data.idx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.convene.ConveneException;
import dev.convene.ExitStatus;
import dev.convene.data.IdxFiles;
import dev.convene.testkit.LocalSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.apache.spark.ml.attribute.AttributeGroup;
import org.apache.spark.ml.classification.LogisticRegression;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("spark")
class IdxDataSourceTest {
  private static final SparkSession SPARK = LocalSpark.session();

  @TempDir Path temp;

  private static Dataset<Row> load(Path... paths) {
    return SPARK
        .read()
        .format("idx")
        .load(Arrays.stream(paths).map(Path::toString).toArray(String[]::new));
  }

  /** Three 2x2 images whose pixels are 100 image + place, except one of 255; labels 7, 0, 200. */
  private Path threeImages(String directory, boolean gzip) {
    int[] labels = {7, 0, 200};
    return IdxFiles.writePair(
        temp.resolve(directory),
        "train",
        gzip,
        3,
        2,
        2,
        (image, place) -> image == 2 && place == 3 ? 255 : 100 * image + place,
        i -> labels[i]);
  }

  private Path blankImages(String directory, String prefix, int count, int size) {
    return IdxFiles.writePair(
        temp.resolve(directory), prefix, false, count, size, size, (i, p) -> 0, i -> 0);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void readsPixelsLabelsAndRowIndices(boolean gzip) {
    Dataset<Row> rows = load(threeImages("three", gzip));
    assertThat(rows.columns()).containsExactly("label", "features", "row");
    assertThat(rows.collectAsList())
        .containsExactly(
            RowFactory.create(7.0, Vectors.dense(0, 1, 2, 3), 0L),
            RowFactory.create(0.0, Vectors.dense(100, 101, 102, 103), 1L),
            RowFactory.create(200.0, Vectors.dense(200, 201, 202, 255), 2L));
    assertThat(AttributeGroup.fromStructField(rows.schema().apply("features")).size()).isEqualTo(4);
    assertThat(rows.count()).isEqualTo(3);
  }

  @Test
  void tellsGzipByContentNotByName() throws IOException {
    Path directory = threeImages("renamed", true);
    for (String name : List.of("train-images-idx3-ubyte", "train-labels-idx1-ubyte")) {
      Files.move(directory.resolve(name + ".gz"), directory.resolve(name));
    }
    assertThat(load(directory).select("label").as(Encoders.DOUBLE()).collectAsList())
        .containsExactly(7.0, 0.0, 200.0);
  }

  @Test
  void imagesFileFindsItsLabelsBesideIt() {
    blankImages("two", "t10k", 5, 2);
    Path directory = threeImages("two", true);
    assertThat(load(directory.resolve("train-images-idx3-ubyte.gz")).count()).isEqualTo(3);
    assertThat(load(directory.resolve("t10k-images-idx3-ubyte")).count()).isEqualTo(5);
    assertThat(load(directory.resolve("t*")).count()).isEqualTo(8);
    assertThatThrownBy(() -> load(directory))
        .isInstanceOf(ConveneException.class)
        .hasMessage(
            "2 pairs of IDX files in file:%s (t10k-images-idx3-ubyte, train-images-idx3-ubyte.gz):"
                + " name the images file instead of the directory",
            directory);
  }

  @Test
  void unpackedFileBesideItsOriginalIsOnePair() {
    threeImages("both", true);
    assertThat(load(threeImages("both", false)).count()).isEqualTo(3);
  }

  @Test
  void severalPathsAreReadInOrder() {
    Dataset<Row> rows = load(threeImages("b", false), threeImages("a", true));
    assertThat(rows.select("label").as(Encoders.DOUBLE()).collectAsList())
        .containsExactly(7.0, 0.0, 200.0, 7.0, 0.0, 200.0);
    Path small = threeImages("c", false);
    Path large = blankImages("d", "train", 1, 3);
    assertThatThrownBy(() -> load(small, large))
        .hasMessage(
            "file:%s/train-images-idx3-ubyte has images of 2 x 2, but"
                + " file:%s/train-images-idx3-ubyte of 3 x 3: they cannot be read together",
            small, large);
  }

  @Test
  void plainFilesAreSplitByRowsAndGzipFilesAreNot() {
    Path plain =
        IdxFiles.writePair(
            temp.resolve("plain"), "x", false, 100, 10, 10, (i, p) -> i + p, i -> i % 10);
    Path zipped =
        IdxFiles.writePair(
            temp.resolve("zipped"), "x", true, 100, 10, 10, (i, p) -> i + p, i -> i % 10);
    SparkSession session = SPARK.newSession();
    session.conf().set("spark.sql.files.maxPartitionBytes", "1700");
    Dataset<Row> split =
        withActive(session, () -> session.read().format("idx").load(plain.toString()));
    withActive(
        session,
        () -> {
          assertThat(split.rdd().getNumPartitions()).isEqualTo(6);
          assertThat(session.read().format("idx").load(zipped.toString()).rdd().getNumPartitions())
              .isEqualTo(1);
          assertThat(split.collectAsList()).isEqualTo(load(zipped).collectAsList());
          return null;
        });
    assertThat(load(plain).rdd().getNumPartitions()).isEqualTo(1);
  }

  private static <T> T withActive(SparkSession session, Supplier<T> work) {
    SparkSession.setActiveSession(session);
    try {
      return work.get();
    } finally {
      SparkSession.setActiveSession(SPARK);
    }
  }

  @Test
  void readingLabelsLeavesTheImagesAlone() throws IOException {
    Path directory = threeImages("pruned", false);
    Dataset<Row> rows = load(directory);
    Files.delete(directory.resolve("train-images-idx3-ubyte"));
    assertThat(rows.select("row", "label").collectAsList())
        .containsExactly(
            RowFactory.create(0L, 7.0), RowFactory.create(1L, 0.0), RowFactory.create(2L, 200.0));
    Files.delete(directory.resolve("train-labels-idx1-ubyte"));
    assertThat(rows.count()).isEqualTo(3);
  }

  @Test
  void mllibTrainsOnIt() {
    Path directory =
        IdxFiles.writePair(
            temp.resolve("separable"),
            "train",
            false,
            20,
            1,
            2,
            (i, p) -> i % 2 == p ? 250 : 5,
            i -> i % 2);
    Dataset<Row> rows = load(directory);
    assertThat(new LogisticRegression().fit(rows).evaluate(rows).accuracy()).isEqualTo(1.0);
  }

  @Test
  void missingFilesAreNamed() throws IOException {
    Path none = temp.resolve("none");
    assertThatThrownBy(() -> load(none)).hasMessage("no such path: %s", none);
    Files.createDirectory(none);
    Files.write(none.resolve("readme.txt"), new byte[] {1});
    assertThatThrownBy(() -> load(none))
        .isInstanceOfSatisfying(
            ConveneException.class, e -> assertThat(e.status()).isEqualTo(ExitStatus.DATA))
        .hasMessage(
            "no IDX files in file:%s: a directory must hold one images file, named like"
                + " train-images-idx3-ubyte, and its labels file, train-labels-idx1-ubyte"
                + " (each may end in .gz)",
            none);
    assertThatThrownBy(() -> load(none.resolve("readme.txt")))
        .hasMessage(
            "file:%s/readme.txt is truncated: it ends within its header of 16 bytes"
                + " (the file has 1 bytes)",
            none);
    Path directory = threeImages("unlabelled", false);
    Files.delete(directory.resolve("train-labels-idx1-ubyte"));
    assertThatThrownBy(() -> load(directory))
        .hasMessage(
            "file:%s/train-images-idx3-ubyte has no labels file: no train-labels-idx1-ubyte[.gz]"
                + " beside it",
            directory);
  }

  @Test
  void wrongHeadersAreToldWhenLoading() {
    Path directory = blankImages("wrong", "train", 3, 2);
    String images = "file:" + directory + "/train-images-idx3-ubyte";
    String labels = "file:" + directory + "/train-labels-idx1-ubyte";
    IdxFiles.write(directory.resolve("train-labels-idx1-ubyte"), IdxFiles.labels(4, i -> 0));
    assertThatThrownBy(() -> load(directory))
        .hasMessage("%s holds 3 images, but %s holds 4 labels", images, labels);
    IdxFiles.write(
        directory.resolve("train-labels-idx1-ubyte"), IdxFiles.images(3, 1, 1, (i, p) -> 0));
    assertThatThrownBy(() -> load(directory))
        .hasMessage(
            "%s starts with the number 2051, not with 2049: it is no IDX file of labels", labels);
    IdxFiles.write(directory.resolve("train-images-idx3-ubyte"), IdxFiles.labels(3, i -> 0));
    assertThatThrownBy(() -> load(directory))
        .hasMessage(
            "%s starts with the number 2049, not with 2051: it is no IDX file of images", images);
    IdxFiles.write(
        directory.resolve("train-images-idx3-ubyte"), IdxFiles.images(3, -1, 2, (i, p) -> 0));
    assertThatThrownBy(() -> load(directory))
        .hasMessage("%s has a damaged header: 3 images of -1 x 2", images);
  }

  @Test
  void plainFilesOfWrongLengthAreToldWhenLoading() {
    Path directory = blankImages("lengths", "train", 3, 2);
    Path images = directory.resolve("train-images-idx3-ubyte");
    byte[] whole = IdxFiles.images(3, 2, 2, (i, p) -> 0);
    IdxFiles.write(images, Arrays.copyOf(whole, 27));
    assertThatThrownBy(() -> load(directory))
        .hasMessage(
            "file:%s is truncated: its header declares 3 images of 2 x 2, 28 bytes in all, but it"
                + " has 27",
            images);
    IdxFiles.write(images, Arrays.copyOf(whole, 30));
    assertThatThrownBy(() -> load(directory))
        .hasMessage(
            "file:%s is too long: its header declares 3 images of 2 x 2, 28 bytes in all, but it"
                + " has 30",
            images);
  }

  @Test
  void damagedGzipIsToldByTheTaskThatReads() throws IOException {
    Path directory =
        IdxFiles.writePair(
            temp.resolve("gz"),
            "train",
            true,
            50,
            20,
            20,
            (i, p) -> (i * 31 + p * p) % 256,
            i -> 1);
    Path images = directory.resolve("train-images-idx3-ubyte.gz");
    byte[] content = IdxFiles.images(50, 20, 20, (i, p) -> (i * 31 + p * p) % 256);
    byte[] zipped = IdxFiles.gzip(content);

    Files.write(images, Arrays.copyOf(zipped, zipped.length / 2));
    assertThat(failureOf(load(directory)))
        .hasMessageMatching(
            "file:.*/train-images-idx3-ubyte.gz is truncated: its gzip stream ends within item"
                + " \\d+ of 50 images");

    byte[] wrongChecksum = zipped.clone();
    wrongChecksum[zipped.length - 8] ^= 1;
    Files.write(images, wrongChecksum);
    assertThat(failureOf(load(directory)))
        .hasMessage("file:%s is no sound gzip file: Corrupt GZIP trailer", images);

    IdxFiles.write(images, Arrays.copyOf(content, 416));
    assertThat(failureOf(load(directory)))
        .hasMessage(
            "file:%s is truncated: its header declares 50 images of 20 x 20, 20016 bytes in all,"
                + " but it has 416",
            images);

    IdxFiles.write(images, Arrays.copyOf(content, 20017));
    assertThat(failureOf(load(directory)))
        .hasMessage(
            "file:%s is too long: bytes follow after the 20016 that its header declares", images);
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
