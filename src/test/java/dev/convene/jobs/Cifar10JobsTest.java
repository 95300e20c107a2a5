package dev.convene.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.data.IdxFiles;
import dev.convene.testkit.LocalSpark;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntUnaryOperator;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The jobs on files of CIFAR-10's form, whose images are red, green or blue throughout. */
@Tag("spark")
class Cifar10JobsTest {
  private static final int DATA = 3;

  @TempDir Path folder;

  @BeforeEach
  void files() {
    for (int batch = 1; batch <= 5; batch++) {
      write("train/data_batch_" + batch + ".bin", coloured(12, image -> image % 3));
    }
    write("test/test_batch.bin", coloured(9, image -> image % 3));
  }

  /** Images whose channel of their label, 0, 1 or 2, is bright. */
  private static byte[] coloured(int count, IntUnaryOperator labels) {
    byte[] records = new byte[count * 3073];
    for (int image = 0; image < count; image++) {
      int label = labels.applyAsInt(image);
      int begin = image * 3073;
      records[begin] = (byte) label;
      int channel = begin + 1 + label % 3 * 1024;
      Arrays.fill(records, channel, channel + 1024, (byte) (200 + image));
    }
    return records;
  }

  private Path write(String file, byte[] content) {
    return IdxFiles.write(folder.resolve("cache/cifar10").resolve(file), content);
  }

  private JobRun run(String job, String... settings) {
    List<String> args = new ArrayList<>(List.of(job));
    List<String> all =
        new ArrayList<>(
            List.of(
                "data.format=cifar10",
                "data.train=cifar10:train",
                "data.cache=" + folder.resolve("cache"),
                "preprocess.divide-by=255",
                "model.hidden=[]",
                "train.epochs=3",
                "train.batch-size=10",
                "train.workers=2",
                "train.optimizer.learning-rate=0.01",
                "output.dir=" + folder.resolve("out")));
    all.addAll(List.of(settings));
    all.forEach(setting -> args.addAll(List.of("--set", setting)));
    return JobRun.of(args.toArray(String[]::new));
  }

  @Test
  void trainsOnTheRegisteredSetAndPredicts() {
    JobRun trained = run("train", "data.test=cifar10:test");
    assertThat(trained.lastLine()).startsWith("accuracy 1.0000 on 9 test rows, loss 0.");
    assertThat(trained.status()).isZero();

    Path input = write("some.bin.gz", coloured(4, image -> 2 - image % 3));
    Path output = folder.resolve("predictions");
    JobRun predicted =
        run(
            "predict",
            "predict.input=" + input,
            "predict.output=" + output,
            "predict.columns=[row, label, prediction]");
    assertThat(predicted.status()).as(predicted.stderr()).isZero();
    assertThat(
            LocalSpark.session().read().parquet(output.toString()).orderBy("row").collectAsList())
        .containsExactly(
            RowFactory.create(0L, 2.0, 2.0),
            RowFactory.create(1L, 1.0, 1.0),
            RowFactory.create(2L, 0.0, 0.0),
            RowFactory.create(3L, 2.0, 2.0));
  }

  @Test
  void damagedFilesEndTrainingInOneMessage() {
    byte[] records = coloured(6, image -> image % 3);
    records[4 * 3073] = 77;
    Path label = write("label.bin", records);
    assertRefused(
        "file:"
            + label
            + ": record 5 has the label 77, not one of 0..9: the file is damaged, or none of"
            + " CIFAR-10's binary version",
        label);
    Path cut = write("cut.bin", Arrays.copyOf(records, 10_000));
    assertRefused(
        "file:"
            + cut
            + " has 10000 bytes, no multiple of the 3073 of a record: it is truncated, or no file"
            + " of CIFAR-10's binary version",
        cut);
  }

  private void assertRefused(String message, Path train) {
    JobRun run = run("train", "data.train=" + train);
    assertThat(run.stderr()).endsWith("convene: " + message + "\n");
    assertThat(run.status()).isEqualTo(DATA);
    assertThat(folder.resolve("out")).doesNotExist();
  }
}
