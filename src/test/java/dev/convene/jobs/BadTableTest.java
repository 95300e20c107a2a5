package dev.convene.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What is wrong with tables and models as users have them: the message that each ends in, its exit
 * status, and nothing left behind. In messages TMP stands for the test's folder.
 */
@Tag("spark")
class BadTableTest {
  private static final int DONE = 0;
  private static final int USAGE = 2;
  private static final int DATA = 3;

  @TempDir Path folder;
  private Path good;

  @BeforeEach
  void files() throws IOException {
    good = csv("good", "1,2,red,yes,1", "3,4,blue,no,2", "5,,red,yes,1", "7,8,,no,1");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "data.label=z | TMP/good.csv has no column z; it has a, b, c, y, w",
        "data.weight=z | TMP/good.csv has no column z; it has a, b, c, y, w",
        "data.categorical=[c, y, z] | TMP/good.csv has no column z; it has a, b, c, y, w",
        "data.features=[a, y] | column y of TMP/good.csv is the label and a feature: leave it out of the features",
        "data.weight=a; data.features=[a, b] | column a of TMP/good.csv is the weight and a feature: leave it out of the features",
        "data.categorical=y | file:TMP/good.csv, line 1: column c holds 'red', not a finite number: correct the row, name the column in data.categorical, or leave it out of data.features",
        "data.categorical=c | file:TMP/good.csv, line 1: column y holds 'yes', not a finite number: correct the row, or name the column in data.categorical",
        "preprocess.missing=error | file:TMP/good.csv, line 3: column b holds no value, not a finite number: correct the row, or set preprocess.missing to fill such values",
        "preprocess.unseen-category=error | file:TMP/good.csv, line 4: column c holds no value, not a category: correct the row, or set preprocess.unseen-category = keep",
        "preprocess.hashed.a=4 | preprocess.hashed = {\"a\":\"4\"} (--set) has column a, which is not among data.categorical: add it there",
        "preprocess.missing=error; preprocess.missing-indicator=true | preprocess.missing-indicator needs missing values, which preprocess.missing = error refuses: choose mean, median, mode or constant",
        "model.class-weights.maybe=2 | model.class-weights names 'maybe', which is no class; the classes are no, yes",
        "model.thresholds.Yes=0.3 | model.thresholds names 'Yes', which is no class; the classes are no, yes",
        "model.thresholds.yes=0; model.thresholds.no=0 | model.thresholds is 0 for no, yes: one class at most can come before all others",
        "model.class-weights.yes=0; model.class-weights.no=0 | model.class-weights weighs every class 0, so that nothing can be learnt: give one a weight above 0",
        "model.thresholds.maybe=2 | model.thresholds names 'maybe', which is no class; the classes are no, yes",
        "data.columns=[a, b] | data.columns has 2 names, but the first row of TMP/good.csv has 5 fields",
        "data.columns=[a, b, c, y, a] | TMP/good.csv has two columns named a: rename one of them",
        "data.derive.b=foo(a) | data.derive.b = foo(a): Cannot resolve function `foo` on search path [`system`.`builtin`, `system`.`session`, `spark_catalog`.`default`]",
        "data.derive.b=1 + | data.derive.b = 1 +: Syntax error at or near end of input",
        "data.derive.b=nothing * 2 | data.derive.b = nothing * 2: there is no column `nothing`; TMP/good.csv has a, b, c, y, w",
      })
  void settings(String settings, String message) throws IOException {
    assertRefused(message, good, settings.split("; ?"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "1,2,red,yes,-1 | file:TMP/bad.csv, line 2: column w holds '-1', not a weight, finite and at least 0: correct the row or leave it out",
        "1,2,red,yes,NaN | file:TMP/bad.csv, line 2: column w holds 'NaN', not a weight, finite and at least 0: correct the row or leave it out",
        "1,2,red,yes, | file:TMP/bad.csv, line 2: column w holds no value, not a weight, finite and at least 0: correct the row or leave it out",
        "1,2,red,,1 | file:TMP/bad.csv, line 2: column y holds no value, not a category: correct the row or leave it out",
        "1,two,red,yes,1 | file:TMP/bad.csv, line 2: column b holds 'two', not a finite number: correct the row, name the column in data.categorical, or leave it out of data.features",
        "1,2,red,yes | file:TMP/bad.csv, line 2: a row does not have 5 fields as the first one does: 1,2,red,yes",
      })
  void rows(String row, String message) throws IOException {
    assertRefused(message, csv("bad", "1,2,red,no,1", row));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "1,,red,yes,1;2,,blue,no,1 | feature column b has no value in any of the 2 training rows: leave it out of data.features",
        "1,1,red,yes,1;2,3,red,yes,1 | label y of data.train = TMP/bad.csv is 'yes' in every training row: classification needs two classes",
        "1,1,red,yes,0;2,3,red,no,0 | the weights of all 2 training rows are 0: nothing can be learnt",
        " | TMP/bad.csv has no rows",
      })
  void tables(String rows, String message) throws IOException {
    assertRefused(message, csv("bad", rows == null ? new String[0] : rows.split(";")));
  }

  @Test
  void constantColumnsAndUnseenCategoriesAreTaken() throws IOException {
    Path test = csv("test", "9,1,green,yes,1");
    JobRun run = train(csv("same", "1,2,red,yes,1", "1,3,blue,no,1"), "data.test=" + test);
    assertThat(run.lastLine()).startsWith("accuracy ").contains(" on 1 test rows");
    assertThat(run.status()).isEqualTo(DONE);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "1,2,red,maybe,1 | label 'maybe' in data.test = TMP/test.csv is none of the training's: no, yes",
        "1,2,red,,1 | file:TMP/test.csv, line 1: column y holds no value, not a category: correct the row or leave it out",
        "1,2,green,yes,1 | column c holds 'green', a category that training did not see: clean the row, or train with preprocess.unseen-category = keep",
      })
  void testRows(String row, String message) throws IOException {
    assertRefused(
        message,
        csv("whole", "1,2,red,yes,1", "3,4,blue,no,2"),
        "data.test=" + csv("test", row),
        "preprocess.unseen-category=error");
  }

  @Test
  void testColumns() throws IOException {
    Path test = Files.write(folder.resolve("test.csv"), List.of("a,y", "1,yes"));
    Path train =
        Files.write(folder.resolve("train.csv"), List.of("a,b,c,y,w", "1,2,x,yes,1", "2,1,x,no,1"));
    assertRefused(
        "TMP/test.csv has no columns w, b, c; it has a, y",
        train,
        "data.columns=null",
        "data.options.header=true",
        "data.test=" + test);
  }

  @Test
  void models() throws IOException {
    assertThat(train(good).status()).isEqualTo(DONE);
    Path model = folder.resolve("output/run/model");
    assertModelRefused(
        USAGE, "predict.output is not set: name where the predictions go", "predict.output=null");
    assertModelRefused(
        USAGE,
        "predict.input is not set: name it in a conf, or with --set predict.input=PATH",
        "predict.input=null");
    assertModelRefused(
        USAGE,
        "predict.columns names z, which is no column; there are a, b, c, y, w, prediction, predictedLabel, probability, rawPrediction",
        "predict.columns=[a, z]");
    assertModelRefused(
        USAGE,
        "predict.partition-by names z, which is not written; the columns are a, b, c, y, w, prediction, predictedLabel, probability",
        "predict.partition-by=z");
    assertModelRefused(
        USAGE,
        "predict.format = oops is no format that Spark writes: set it to parquet, csv, json, orc, table or another",
        "predict.format=oops");
    assertModelRefused(
        DATA,
        "predict.output TMP/taken exists already: choose another, or set predict.overwrite = true",
        "predict.output=" + Files.createDirectory(folder.resolve("taken")));
    assertModelRefused(
        USAGE,
        "predict.output = TMP/good.csv is the same place as predict.input = TMP/good.csv, which this job reads: choose a place of its own for it",
        "predict.output=" + good);
    assertModelRefused(
        DATA, "TMP/good.csv has no column b; it has a, z, c, y, w", "data.columns=[a, z, c, y, w]");
    assertModelRefused(
        DATA, "no such path: file:TMP/none", "predict.input=" + folder.resolve("none"));
    assertModelRefused(
        DATA,
        "column b of TMP/good.csv is of type array<string>, not numeric: convert it by data.derive, as training had it",
        "data.derive.b=array('x')");
    try (Stream<Path> files = Files.walk(model)) {
      for (Path part :
          files
              .filter(file -> file.getFileName().toString().matches("part-.*parquet"))
              .collect(Collectors.toList())) {
        Files.write(part, new byte[] {1, 2, 3});
      }
    }
    assertModelRefused(
        DATA, "cannot read the model in TMP/output/run/model: it is damaged; train it again");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "1,,red,yes,1 | column b holds no value, not a finite number: correct the row, or train with preprocess.missing to fill such values",
        "1,NaN,red,yes,1 | column b holds 'NaN', not a finite number: correct the row, or train with preprocess.missing to fill such values",
        "1,x,red,yes,1 | column b holds 'x', not a finite number: correct the row, or train with the column in data.categorical or without it",
        "1,2,,yes,1 | column c holds no value, not a category: correct the row, or train with preprocess.unseen-category = keep",
        "1,2,red,,1 | column y holds no value, not a category: correct the row or leave it out",
      })
  void evaluatedRows(String row, String message) throws IOException {
    String[] strict = {"preprocess.missing=error", "preprocess.unseen-category=error"};
    assertThat(train(csv("whole", "1,2,red,yes,1", "3,4,blue,no,2"), strict).status())
        .isEqualTo(DONE);
    JobRun run = job("evaluate", List.of("data.test=" + csv("test", "1,2,red,yes,1", row)));
    assertThat(lastLine(run)).isEqualTo("convene: file:TMP/test.csv, line 2: " + message);
    assertThat(run.status()).isEqualTo(DATA);
  }

  private void assertModelRefused(int status, String message, String... settings) {
    List<String> all =
        new ArrayList<>(
            List.of("predict.input=" + good, "predict.output=" + folder.resolve("predictions")));
    all.addAll(List.of(settings));
    JobRun run = job("predict", all);
    assertThat(lastLine(run)).isEqualTo("convene: " + message);
    assertThat(run.status()).isEqualTo(status);
    assertThat(folder.resolve("predictions")).doesNotExist();
  }

  private Path csv(String name, String... lines) throws IOException {
    return Files.write(folder.resolve(name + ".csv"), List.of(lines));
  }

  private void assertRefused(String message, Path table, String... settings) throws IOException {
    JobRun run = train(table, settings);
    assertThat(lastLine(run)).isEqualTo("convene: " + message);
    assertThat(run.status()).isIn(USAGE, DATA);
    assertThat(folder.resolve("output/run")).doesNotExist();
  }

  private JobRun train(Path table, String... settings) {
    List<String> all = new ArrayList<>(List.of("data.train=" + table, "data.features=[a, b, c]"));
    all.addAll(List.of(settings));
    return job("train", all);
  }

  private JobRun job(String job, List<String> settings) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "data.format=csv",
                "data.columns=[a, b, c, y, w]",
                "data.label=y",
                "data.categorical=[c, y]",
                "data.weight=w",
                "preprocess.missing=mean",
                "preprocess.scaler=standard",
                "train.epochs=1",
                "train.workers=1",
                "output.dir=" + folder.resolve("output/run")));
    all.addAll(settings);
    List<String> args = new ArrayList<>(List.of(job));
    all.forEach(setting -> args.addAll(List.of("--set", setting)));
    return JobRun.of(args.toArray(String[]::new));
  }

  private String told(JobRun run) {
    return new String(run.stderr().getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8)
        .replace(folder.toString(), "TMP");
  }

  /** Warnings may come before it. */
  private String lastLine(JobRun run) {
    return told(run).lines().reduce((first, last) -> last).orElse("");
  }
}
