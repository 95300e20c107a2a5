package dev.convene.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.data.image.ImageFiles;
import dev.convene.testkit.LocalSpark;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The jobs on images in folders, and what ends them: the whole message, in which TMP stands for the
 * test's folder, its exit status, and nothing left behind.
 */
@Tag("spark")
class ImageJobsTest {
  private static final int USAGE = 2;
  private static final int DATA = 3;

  @TempDir Path folder;

  @BeforeEach
  void photos() throws IOException {
    Random random = new Random(1);
    for (String split : List.of("train", "test")) {
      for (int i = 0; i < 12; i++) {
        write(split + "/sunrise/" + i + ".png", sky(random, 0xC04010));
        write(split + "/noon/" + i + ".jpg", sky(random, 0x3080F0));
      }
    }
  }

  private void write(String file, BufferedImage image) throws IOException {
    ImageFiles.write(image, folder.resolve(file));
  }

  /** A photo of one colour, more or less, and any size. */
  private static BufferedImage sky(Random random, int rgb) {
    int[][] pixels = new int[10 + random.nextInt(20)][10 + random.nextInt(20)];
    for (int[] row : pixels) {
      Arrays.setAll(row, x -> rgb + 0x010101 * random.nextInt(16));
    }
    return ImageFiles.image(BufferedImage.TYPE_3BYTE_BGR, pixels);
  }

  private JobRun job(String job, String... settings) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "data.format=image",
                "data.options.width=4",
                "data.options.height=3",
                "data.train=" + folder.resolve("train"),
                "data.test=" + folder.resolve("test"),
                "data.categorical=label",
                "preprocess.divide-by=255",
                "train.epochs=20",
                "train.batch-size=4",
                "train.workers=2",
                "train.optimizer.learning-rate=0.05",
                "output.dir=" + folder.resolve("output"),
                "predict.input=" + folder.resolve("inbox"),
                "predict.output=" + folder.resolve("predictions")));
    all.addAll(List.of(settings));
    List<String> args = new ArrayList<>(List.of(job));
    all.forEach(setting -> args.addAll(List.of("--set", setting)));
    return JobRun.of(args.toArray(String[]::new));
  }

  private JobRun done(String job, String... settings) {
    JobRun run = job(job, settings);
    assertThat(run.status()).as(run.stderr()).isZero();
    return run;
  }

  private void assertRefused(int status, String message, JobRun run) {
    String told = run.stderr().replace(folder.toString(), "TMP");
    assertThat(told.lines().reduce((first, last) -> last)).contains("convene: " + message);
    assertThat(run.status()).isEqualTo(status);
    assertThat(folder.resolve("predictions")).doesNotExist();
  }

  private void assertTrainingRefused(int status, String message, String... settings) {
    assertRefused(status, message, job("train", settings));
    assertThat(folder.resolve("output")).doesNotExist();
  }

  @Test
  void foldersAreClassesAndPredictionsTellThem() throws IOException {
    JobRun trained = done("train");
    assertThat(trained.lastLine()).startsWith("accuracy 1.0000 on 24 test rows, loss ");
    assertThat(Files.readString(folder.resolve("output/metrics.json")).replaceAll("\\s", ""))
        .contains("\"labels\":[\"noon\",\"sunrise\"]");
    assertThat(done("evaluate").lastLine()).isEqualTo(trained.lastLine());

    write("inbox/any.bmp", sky(new Random(2), 0x3080F0));
    write("inbox/today/other.png", sky(new Random(3), 0xC04010));
    assertThat(done("predict", "predict.columns=[path, predictedLabel]").lastLine())
        .isEqualTo("predicted 2 rows");
    assertThat(predictions().map(row -> row.get(0) + " " + row.get(1)))
        .containsExactlyInAnyOrder(
            "file:" + folder + "/inbox/any.bmp noon",
            "file:" + folder + "/inbox/today/other.png sunrise");
  }

  private Stream<Row> predictions() {
    return LocalSpark.session()
        .read()
        .parquet(folder.resolve("predictions").toString())
        .collectAsList()
        .stream();
  }

  @Test
  void foldersNamedByNumbersAreClassesAsTheyAre() throws IOException {
    Files.move(folder.resolve("train/sunrise"), folder.resolve("train/0"));
    Files.move(folder.resolve("train/noon"), folder.resolve("train/1"));
    assertThat(done("train", "data.categorical=[]", "data.test=null", "train.epochs=1").lastLine())
        .isEqualTo("trained, no test data");
  }

  @Test
  void unreadableImagesAreSetAside() throws IOException {
    done("train", "train.epochs=1");
    write("inbox/good.png", sky(new Random(2), 0x3080F0));
    damage();
    assertRefused(
        DATA,
        "TMP/inbox: the file file:TMP/inbox/empty.jpg is empty; remove the file, or leave it out by"
            + " data.options.pathGlobFilter, or set predict.on-bad-row = set-aside",
        job("predict", "data.options.pathGlobFilter=*.jpg"));
    JobRun run = done("predict", "predict.on-bad-row=set-aside", "predict.columns=[path, label]");
    assertThat(run.lastLine())
        .isEqualTo("predicted 1 rows, set 5 bad ones aside in " + folder + "/predictions.bad-rows");
    assertThat(predictions().map(row -> row.get(0) + " " + row.get(1)))
        .containsExactly("file:" + folder + "/inbox/good.png inbox");
    Dataset<Row> aside =
        LocalSpark.session().read().json(folder.resolve("predictions.bad-rows").toString());
    assertThat(aside.columns()).containsExactly("label", "path", "reason");
    String inbox = "file:" + folder + "/inbox/";
    assertThat(aside.collectAsList().stream().map(row -> row.<String>getAs("reason")))
        .containsExactlyInAnyOrder(
            folder + "/inbox: the file " + inbox + "empty.jpg is empty",
            folder
                + "/inbox: the file "
                + inbox
                + "long.bmp has 268435457 bytes, more than the 268435456 that an image may take",
            inbox
                + "huge.png: the image is of 60000 x 50000 pixels of 3 bytes, more than the 300000000 bytes"
                + " that are decoded",
            inbox + "half.png: the image is damaged: Error reading PNG image data",
            inbox + "notes.txt: the file is no image (PNG, JPEG, GIF or BMP)");
  }

  /** Files in the inbox, each bad in a way of its own. */
  private void damage() throws IOException {
    Path inbox = folder.resolve("inbox");
    byte[] whole = ImageFiles.encoded(sky(new Random(4), 0xC04010), "png");
    Files.write(inbox.resolve("empty.jpg"), new byte[0]);
    try (RandomAccessFile sparse = new RandomAccessFile(inbox.resolve("long.bmp").toFile(), "rw")) {
      sparse.setLength((256 << 20) + 1);
    }
    Files.write(inbox.resolve("huge.png"), ImageFiles.claiming(60_000, 50_000));
    Files.write(inbox.resolve("half.png"), Arrays.copyOf(whole, whole.length / 2));
    Files.write(inbox.resolve("notes.txt"), "a note".getBytes(StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "empty.jpg | TMP/train: the file file:TMP/train/noon/empty.jpg is empty",
        "long.bmp | TMP/train: the file file:TMP/train/noon/long.bmp has 268435457 bytes, more than the 268435456 that an image may take",
        "huge.png | file:TMP/train/noon/huge.png: the image is of 60000 x 50000 pixels of 3 bytes, more than the 300000000 bytes that are decoded",
        "half.png | file:TMP/train/noon/half.png: the image is damaged: Error reading PNG image data",
        "notes.txt | file:TMP/train/noon/notes.txt: the file is no image (PNG, JPEG, GIF or BMP)",
      })
  void anUnreadableImageEndsATraining(String name, String problem) throws IOException {
    Files.createDirectories(folder.resolve("inbox"));
    damage();
    Files.move(folder.resolve("inbox").resolve(name), folder.resolve("train/noon").resolve(name));
    assertTrainingRefused(
        DATA, problem + ": remove the file, or leave it out by data.options.pathGlobFilter");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "data.options.width=null | data.options.width is not set: format image needs the width and height, in pixels, to which it stretches every image",
        "data.options.height=null | data.options.height is not set: format image needs the width and height, in pixels, to which it stretches every image",
        "data.options.width=wide | data.options.width = wide is no whole number of at least 1",
        "data.options.height=0 | data.options.height = 0 is no whole number of at least 1",
        "data.options.channels=4 | data.options.channels = 4: set it to 1 (grey) or 3 (red, green, blue)",
        "data.options.width=1000000 | data.options: 1000000 x 3 pixels of 3 channels are more features than 4000000, the most that an image may have: make width and height smaller",
        "data.options.width=2147483647; data.options.height=2147483647 | data.options: 2147483647 x 2147483647 pixels of 3 channels are more features than 4000000, the most that an image may have: make width and height smaller",
      })
  void wrongOptions(String settings, String message) {
    assertTrainingRefused(USAGE, message, settings.split("; "));
  }

  @Test
  void noImages() throws IOException {
    assertTrainingRefused(
        DATA,
        "TMP/train has no rows: there is no image file in it that data.options.pathGlobFilter ="
            + " *.tiff matches",
        "data.options.pathGlobFilter=*.tiff");
    Path none = Files.createDirectories(folder.resolve("none/cat"));
    assertTrainingRefused(
        DATA,
        "TMP/none has no rows: there is no image file in it",
        "data.train=" + none.getParent());
    assertTrainingRefused(
        DATA, "no such path: file:TMP/nowhere", "data.train=" + folder.resolve("nowhere"));
  }

  @Test
  void oneClass() {
    assertTrainingRefused(
        DATA,
        "label label of data.train = TMP/train/noon is 'noon' in every training row: classification"
            + " needs two classes, and images one folder for each",
        "data.train=" + folder.resolve("train/noon"));
  }

  @Test
  void anImageBesideTheFolders() throws IOException {
    write("train/stray.png", sky(new Random(2), 0x3080F0));
    assertTrainingRefused(
        DATA,
        "file:TMP/train/stray.png: column label holds no value, not a category: it lies beside the"
            + " folders of classes: move it into one of them");
  }

  @Test
  void namesThatAreNoNumbers() throws IOException {
    Files.move(folder.resolve("train/sunrise"), folder.resolve("train/1"));
    assertTrainingRefused(
        DATA,
        "file:TMP/train/noon/0.jpg: column label holds 'noon', not a finite number: correct the"
            + " row, or name the column in data.categorical",
        "data.categorical=[]",
        "data.options.pathGlobFilter=0.*");
  }

  @Test
  void otherFoldersThanInTraining() throws IOException {
    write("test/night/0.png", sky(new Random(2), 0x000010));
    assertTrainingRefused(
        DATA, "label 'night' in data.test = TMP/test is none of the training's: noon, sunrise");
  }
}
