package dev.convene.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.data.IdxFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A user's mistakes, each with the one message that it ends in, its exit status, and nothing left
 * behind. In messages TMP stands for the test's folder.
 */
@Tag("spark")
class BadInputTest {
  private static final int USAGE = 2;
  private static final int DATA = 3;
  private static final int DIVERGED = 4;

  @TempDir Path folder;
  private Path output;
  private Path good;

  @BeforeEach
  void files() throws IOException {
    output = Files.createDirectories(folder.resolve("output"));
    good = csv("good", "a,b,label", "1,2,0", "3,4,1", "5,6,2", "7,8,0");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "train.epoch=3           | unknown setting train.epoch (--set); the nearest known one is train.epochs",
        "train.epochs=0          | train.epochs is 0 (--set), but must be a whole number of at least 1",
        "model.dropout=1         | model.dropout is 1 (--set), but must be a number in [0, 1), or a list of such numbers",
        "train.batch-size=all    | train.batch-size is \"all\" (--set), but must be a whole number of at least 1, or full",
        "train.optimizer.beta1=1 | train.optimizer.beta1 is 1 (--set), but must be a number in [0, 1)",
        "train.optimizer.momentum=0.9 | train.optimizer.momentum is set (--set), but optimizer adam has no momentum; it has learning-rate, weight-decay, beta1, beta2, eps, amsgrad; sgd, rmsprop have it",
        "train.early-stopping.patience=2 | train.early-stopping.patience = 2 (--set) needs validation rows: set data.validation or data.validation-fraction",
        "data.train=null         | data.train is not set: name it in a conf, or with --set data.train=PATH",
        "data.format=cvs         | cvs is no data source that Spark has: set data.format to idx, csv, parquet or another",
        "data.train=tape://a/b   | data.train: tape://a/b names no storage: No FileSystem for scheme \"tape\"",
        "model.dl4j-configuration=tape://a/b | model.dl4j-configuration: tape://a/b names no storage: No FileSystem for scheme \"tape\"",
        "train.initial-parameters=tape://a/b | train.initial-parameters: tape://a/b names no storage: No FileSystem for scheme \"tape\"",
        "output.dir=tape://a/b   | output.dir: tape://a/b names no storage: No FileSystem for scheme \"tape\"",
      })
  void settings(String setting, String message) throws IOException {
    assertRefused(USAGE, message, "data.train=" + good, setting);
  }

  @Test
  void missingConf() {
    JobRun run = JobRun.of("train", folder.resolve("my.conf").toString());
    assertThat(told(run)).isEqualTo("convene: there is no conf file TMP/my.conf\n");
    assertThat(run.status()).isEqualTo(USAGE);
  }

  @ParameterizedTest
  @CsvSource({"train", "test", "validation"})
  void missingFile(String which) throws IOException {
    assertRefused(
        DATA,
        "no such path: file:TMP/none.csv",
        "data.train=" + good,
        "data." + which + "=" + folder.resolve("none.csv"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "3,x,1    | file:TMP/bad.csv, line 3: column b holds 'x', not a finite number: correct the row, name the column in data.categorical, or leave it out of data.features",
        "3,NaN,1  | file:TMP/bad.csv, line 3: column b holds 'NaN', not a finite number: correct the row, or set preprocess.missing to fill such values",
        "3,,1     | file:TMP/bad.csv, line 3: column b holds no value, not a finite number: correct the row, or set preprocess.missing to fill such values",
        "3,4,cat  | file:TMP/bad.csv, line 3: column label holds 'cat', not a finite number: correct the row, or name the column in data.categorical",
        "3,4,     | file:TMP/bad.csv, line 3: column label holds no value, not a finite number: correct the row or leave it out",
        "3,1      | file:TMP/bad.csv, line 3: a row does not have 3 fields as the first one does: 3,1",
        "3,1e39,1 | file:TMP/bad.csv, line 3: column b holds '1e39', not a number within float32's range: correct the row, name the column in data.categorical, or leave it out of data.features",
        "-4e38,4,1 | file:TMP/bad.csv, line 3: column a holds '-4e38', not a number within float32's range: correct the row, name the column in data.categorical, or leave it out of data.features",
        "3,4,-1   | label -1 in data.train = TMP/bad.csv, column label: class labels are whole numbers from 0; take its values as categories (data.categorical, or a StringIndexer)",
        "3,4,1.5  | label 1.5 in data.train = TMP/bad.csv, column label: class labels are whole numbers from 0; take its values as categories (data.categorical, or a StringIndexer)",
        "3,4,2e9  | a network of widths 2 [2000000001] has more than 2^31 parameters: make the hidden layers narrower or the largest class label smaller",
      })
  void trainingRow(String row, String message) throws IOException {
    assertRefused(DATA, message, "data.train=" + csv("bad", "a,b,label", "1,2,0", row));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "NaN  | file:TMP/bad.csv, line 3: column label holds 'NaN', not a finite number: correct the row or leave it out",
        "1e39 | file:TMP/bad.csv, line 3: column label holds '1e39', not a number within float32's range: correct the row, or name the column in data.categorical",
      })
  void regressionLabel(String label, String message) throws IOException {
    assertRefused(
        DATA,
        message,
        "model.task=regression",
        "data.train=" + csv("bad", "a,b,label", "1,2,0", "3,4," + label));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "a,b,label;1,2,3  | label 3 in data.test = TMP/test.csv is outside the model's 3 classes 0..2",
        "a,b,label;1,2,.5 | label 0.5 in data.test = TMP/test.csv is outside the model's 3 classes 0..2",
        "a,b,label;1,x,2  | file:TMP/test.csv, line 2: column b holds 'x', not a finite number: correct the row, name the column in data.categorical, or leave it out of data.features",
        "a,b,label        | TMP/test.csv has no rows",
        "a,label;1,0      | TMP/test.csv has no column b; it has a, label",
        "a,b;1,0          | TMP/test.csv has no column label; it has a, b",
      })
  void testData(String lines, String message) throws IOException {
    Path test = csv("test", lines.split(";", -1));
    assertRefused(DATA, message, "data.train=" + good, "data.test=" + test);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "a,b,label | TMP/bad.csv has no rows",
        "``        | TMP/bad.csv has no rows",
        "a,b,c;1,2,3 | TMP/bad.csv has no column label; it has a, b, c",
        "label;1   | TMP/bad.csv has no features: its only column is the label, label",
      })
  void trainingTable(String lines, String message) throws IOException {
    assertRefused(DATA, message, "data.train=" + csv("bad", lines.split(";", -1)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "data.features=[a, c] | TMP/good.csv has no column c; it has a, b, label",
        "data.validation-fraction=1e-9 | data.validation-fraction = 1.0E-9 leaves no rows of data.train = TMP/good.csv to validate on: make it larger",
        "data.validation-fraction=0.999999999 | data.validation-fraction = 0.999999999 leaves no rows of data.train = TMP/good.csv to train on: make it smaller",
        "model.hidden=[100000, 100000] | a network of widths 2 [100000, 100000, 3] has more than 2^31 parameters: make the hidden layers narrower or the largest class label smaller",
      })
  void settingsThatDoNotFitTheData(String setting, String message) throws IOException {
    assertRefused(DATA, message, "data.train=" + good, setting);
  }

  @Test
  void dropLastLeavesNoMinibatch() throws IOException {
    assertRefused(
        DATA,
        "4 training rows on 1 workers give no minibatch of 5 rows: make minibatches smaller, or"
            + " keep incomplete ones (drop-last = false)",
        "data.train=" + good,
        "train.drop-last=true",
        "train.batch-size=5");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"parameters\": [1, 2]}     | there are 2 initial parameters, but a network of 2 inputs and layers of [3] has 9",
        "{\"parameters\": [1, 2}      | train.initial-parameters: TMP/start.json is not JSON: see line 1, column 22",
        "{\"parameter\": [1]}         | train.initial-parameters: TMP/start.json has no {\"parameters\": [numbers]}",
        "``                           | train.initial-parameters: TMP/start.json has no {\"parameters\": [numbers]}",
        "{\"parameters\": [1, \"x\"]} | train.initial-parameters: element 1 of TMP/start.json is \"x\", not a finite number",
        "{\"parameters\": [1e39]}     | train.initial-parameters: element 0 of TMP/start.json is 1.0E39, not a finite number",
      })
  void initialParameters(String json, String message) throws IOException {
    Path file = Files.writeString(folder.resolve("start.json"), json);
    assertRefused(DATA, message, "data.train=" + good, "train.initial-parameters=" + file);
  }

  @Test
  void missingInitialParameters() throws IOException {
    assertRefused(
        DATA,
        "train.initial-parameters: there is no file TMP/none.json",
        "data.train=" + good,
        "train.initial-parameters=" + folder.resolve("none.json"));
  }

  @Test
  void directoryWithoutIdxFiles() throws IOException {
    assertIdxRefused(
        Files.createDirectory(folder.resolve("empty")),
        "no IDX files in file:TMP/empty: a directory must hold one images file, named like"
            + " train-images-idx3-ubyte, and its labels file, train-labels-idx1-ubyte"
            + " (each may end in .gz)");
  }

  @ParameterizedTest
  @CsvSource({"images-idx3, images, 3", "labels-idx1, labels, 2"})
  void truncatedGzip(String kind, String items, int item) throws IOException {
    Path pair = pair("train", true);
    Path file = pair.resolve("train-" + kind + "-ubyte.gz");
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(bytes, bytes.length - 12));
    assertIdxRefused(
        pair,
        "file:TMP/pair/train-%s-ubyte.gz is truncated: its gzip stream ends within item %d of 4 %s"
            .formatted(kind, item, items));
  }

  @Test
  void labelsAreFewerThanImages() throws IOException {
    Path pair = pair("train", false);
    IdxFiles.write(pair.resolve("train-labels-idx1-ubyte"), IdxFiles.labels(3, i -> 0));
    assertIdxRefused(
        pair,
        "file:TMP/pair/train-images-idx3-ubyte holds 4 images, but"
            + " file:TMP/pair/train-labels-idx1-ubyte holds 3 labels");
  }

  @Test
  void imagesInThePlaceOfLabels() throws IOException {
    Path pair = pair("train", false);
    byte[] images = Files.readAllBytes(pair.resolve("train-images-idx3-ubyte"));
    IdxFiles.write(pair.resolve("train-labels-idx1-ubyte"), images);
    assertIdxRefused(
        pair,
        "file:TMP/pair/train-labels-idx1-ubyte starts with the number 2051, not with 2049: it is no"
            + " IDX file of labels");
  }

  @Test
  void twoPairsInOneFolder() throws IOException {
    pair("train", false);
    assertIdxRefused(
        pair("t10k", false),
        "2 pairs of IDX files in file:TMP/pair (t10k-images-idx3-ubyte, train-images-idx3-ubyte):"
            + " name the images file instead of the directory");
  }

  @Test
  void divergence() throws IOException {
    assertRefused(
        DIVERGED,
        "training diverged in epoch 1, round 1: worker 0 has a loss or parameters that are not"
            + " finite, at learning rate 1.0E39. Try a smaller learning rate, or scale the"
            + " features; on-divergence = continue would go on",
        "data.train=" + good,
        "train.optimizer.name=sgd",
        "train.optimizer.learning-rate=1e39");
  }

  @Test
  void existingOutputStaysAsItIs() throws IOException {
    Path run = Files.createDirectory(output.resolve("run"));
    Files.writeString(run.resolve("mine"), "precious");
    JobRun refused = train("data.train=" + good);
    assertThat(told(refused))
        .isEqualTo(
            "convene: output.dir TMP/output/run exists already: choose another, or set"
                + " output.overwrite = true\n");
    assertThat(refused.status()).isEqualTo(DATA);
    assertThat(run.resolve("mine")).hasContent("precious");
    // Not before the new one is whole either.
    assertThat(train("data.train=" + csv("bad", "a,label"), "output.overwrite=true").status())
        .isEqualTo(DATA);
    assertThat(output).isDirectoryNotContaining(file -> !file.endsWith("run"));
    assertThat(run.resolve("mine")).hasContent("precious");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "output.dir=null | 2 | output.dir is not set: name the output of a training, whose model is to be used",
        "data.test=null  | 2 | data.test is not set: name it in a conf, or with --set data.test=PATH",
        "output.dir=TMP/none | 3 | there is no output TMP/none",
        "output.dir=TMP/output | 3 | there is no model in TMP/output: name the output of a training",
      })
  void evaluate(String setting, int status, String message) {
    JobRun run =
        JobRun.of(
            "evaluate",
            "--set",
            "data.test=" + good,
            "--set",
            "output.dir=" + output,
            "--set",
            setting.replace("TMP", folder.toString()));
    assertThat(told(run)).isEqualTo("convene: " + message + "\n");
    assertThat(run.status()).isEqualTo(status);
  }

  private Path csv(String name, String... lines) throws IOException {
    return Files.write(folder.resolve(name + ".csv"), List.of(lines));
  }

  /** Four images of 2 x 2, two of each class. */
  private Path pair(String prefix, boolean gzip) {
    return IdxFiles.writePair(
        folder.resolve("pair"), prefix, gzip, 4, 2, 2, (image, place) -> image + place, i -> i % 2);
  }

  private void assertIdxRefused(Path data, String message) throws IOException {
    assertRefused(DATA, message, "data.format=idx", "data.train=" + data);
  }

  private void assertRefused(int status, String message, String... settings) throws IOException {
    JobRun run = train(settings);
    assertThat(told(run)).isEqualTo("convene: " + message + "\n");
    assertThat(run.status()).isEqualTo(status);
    assertThat(output).isEmptyDirectory();
  }

  private JobRun train(String... settings) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "data.format=csv",
                "data.options.header=true",
                "train.epochs=1",
                "train.workers=1",
                "output.dir=" + output.resolve("run")));
    all.addAll(List.of(settings));
    List<String> args = new ArrayList<>(List.of("train"));
    all.forEach(setting -> args.addAll(List.of("--set", setting)));
    return JobRun.of(args.toArray(String[]::new));
  }

  private String told(JobRun run) {
    return run.stderr().replace(folder.toString(), "TMP");
  }
}
