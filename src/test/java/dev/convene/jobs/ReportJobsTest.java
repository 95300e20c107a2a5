package dev.convene.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.convene.data.IdxFiles;
import dev.convene.html.HeadlessBrowser;
import dev.convene.testkit.LocalSpark;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.util.Progressable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What people look at: reports, rows that are shown, runs side by side. */
@Tag("spark")
@Tag("process")
class ReportJobsTest {
  private static final int USAGE = 2;
  private static final int DATA = 3;
  private static final long MEGABYTE = 1_000_000;
  private static final String EVIL = "</script><img src=x onerror=alert(1)>";
  private static final String ESCAPED = "&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;";

  @TempDir Path folder;

  /** A column, a category, a class and a setting are called so. */
  @Test
  void aTableWithHtmlInItsNames() throws Exception {
    Path conf = table();
    JobRun trained = JobRun.of("train", conf, List.of("data.validation-fraction=0.2"));
    assertThat(trained.status()).as(trained.stderr()).isZero();

    String report = report("out/report.html");
    assertThat(report)
        .contains(ESCAPED, "Confusion matrix", "Permutation importance", "Defaults in force")
        .contains("rows of " + ESCAPED + " predicted as no, ")
        .contains("Where the time went", "dealing rows into shards")
        .doesNotContain("<img src=x");
    assertThat(report.split("</script>", -1)).hasSize(4);
    assertThat(report.length()).isLessThan((int) MEGABYTE);
    requireShown("out/report.html", "confusion");

    JobRun evaluated = JobRun.of("evaluate", conf, List.of());
    assertThat(evaluated.lastLine()).isEqualTo(trained.lastLine());
    assertThat(report("out/evaluation.html")).contains("Evaluation of ", ESCAPED);
  }

  @Test
  void imagesOfASoftmaxModel() throws Exception {
    Path conf = images();
    assertThat(JobRun.of("train", conf, List.of()).status()).isZero();

    String report = report("out/report.html");
    assertThat(report)
        .contains("Random ones: label and prediction", "Weights of every class")
        .contains("data:image/png;base64,");
    assertThat(report.split("<img ", -1).length - 1)
        .as("20 rows, 3 classes")
        .isGreaterThanOrEqualTo(23);
    requireShown("out/report.html", "images");
  }

  @Test
  void aRegression() throws Exception {
    List<String> lines = new ArrayList<>(List.of("x,price"));
    for (int i = 0; i < 60; i++) {
      lines.add(i + "," + 3 * i);
    }
    Files.write(folder.resolve("line.csv"), lines);
    Path conf =
        conf(
            """
            data { format = csv, options.header = true, train = "DIR/line.csv", test = "DIR/line.csv", label = price }
            preprocess.scaler = standard
            model { task = regression, hidden = [] }
            train { epochs = 3, workers = 1, batch-size = 10 }
            """);
    assertThat(JobRun.of("train", conf, List.of()).status()).isZero();
    assertThat(report("out/report.html"))
        .contains("price: predicted over true", "price: residuals", "nothing is averaged");
    requireShown("out/report.html", "regression");
    assertThat(JobRun.of("show", conf, List.of()).lastLine())
        .matches("label [0-9]+, predicted -?[0-9.]+");
  }

  @Test
  void noneIfNoneIsWanted() throws IOException {
    Path conf = table();
    assertThat(JobRun.of("train", conf, List.of("output.report=false")).status()).isZero();
    assertThat(JobRun.of("evaluate", conf, List.of("output.report=false")).status()).isZero();
    try (Stream<Path> files = Files.list(folder.resolve("out"))) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .noneMatch(name -> name.endsWith(".html"));
    }
  }

  @Test
  void aReportThatCannotBeWrittenLosesNoModel() throws IOException {
    LocalSpark.session()
        .sparkContext()
        .hadoopConfiguration()
        .setClass("fs.noreport.impl", NoReports.class, FileSystem.class);
    Path conf = table();

    JobRun trained =
        JobRun.of("train", conf, List.of("output.dir=noreport://x" + folder.resolve("out")));

    assertThat(trained.status()).as(trained.stderr()).isZero();
    assertThat(trained.lastLine()).startsWith("accuracy ");
    assertThat(folder.resolve("out/model/metadata")).isDirectory();
    assertThat(folder.resolve("out/metrics.json")).exists();
    assertThat(folder.resolve("out/_SUCCESS")).exists();
    assertThat(folder.resolve("out/report.html")).doesNotExist();
  }

  /** The local disk, but for reports. */
  public static final class NoReports extends RawLocalFileSystem {
    @Override
    public URI getUri() {
      return URI.create("noreport://x");
    }

    @Override
    public FSDataOutputStream create(
        org.apache.hadoop.fs.Path file,
        boolean overwrite,
        int bufferSize,
        short replication,
        long blockSize,
        Progressable progress)
        throws IOException {
      if (file.getName().endsWith(".html")) {
        throw new IOException("no space left for reports");
      }
      return super.create(file, overwrite, bufferSize, replication, blockSize, progress);
    }
  }

  @Test
  void anEvaluationWhoseReportCannotBeWrittenPrintsItsMetrics() throws IOException {
    Path conf = table();
    assertThat(JobRun.of("train", conf, List.of()).status()).isZero();
    Files.createDirectories(folder.resolve("out/evaluation.html/in-the-way"));

    JobRun evaluated = JobRun.of("evaluate", conf, List.of());

    assertThat(evaluated.status()).isZero();
    assertThat(evaluated.lastLine()).startsWith("accuracy ");
  }

  @Test
  void showsImages() throws Exception {
    Path conf = images();
    assertThat(JobRun.of("train", conf, List.of("output.report=false")).status()).isZero();
    Path picture = folder.resolve("row.png");

    JobRun shown = JobRun.of("show", conf, List.of("show.picture=" + picture));

    assertThat(shown.status()).as(shown.stderr()).isZero();
    assertThat(shown.lastLine()).matches("label [012], predicted [012]: (right|wrong)");
    assertThat(shown.stdout()).contains("class  probability").doesNotContain("\u001b");
    assertThat(shown.lines().stream().filter(line -> line.matches("[012]  +[01]\\.\\d{4}.*")))
        .hasSize(3);
    BufferedImage image = ImageIO.read(picture.toFile());
    // Images of 4 by 5 pixels, 56 times as large, and a frame of 8.
    assertThat(image.getWidth()).isEqualTo(4 * 56 + 16);
    assertThat(image.getHeight()).isEqualTo(5 * 56 + 16);
    boolean right = shown.lastLine().endsWith("right");
    assertThat(image.getRGB(0, 0) & 0xFFFFFF).isEqualTo(right ? 0x157F4F : 0xC0312B);
    assertThat(JobRun.of("show", conf, List.of()).stdout()).isEqualTo(shown.stdout());
    assertThat(
            Stream.of(2, 3, 4, 5)
                .map(seed -> JobRun.of("show", conf, List.of("show.seed=" + seed)).stdout()))
        .anyMatch(
            other ->
                !other
                    .replaceFirst("seed = \\d", "")
                    .equals(shown.stdout().replaceFirst("seed = \\d", "")));
  }

  @Test
  void showsARowWithoutALabel() throws IOException {
    Path conf = table();
    assertThat(JobRun.of("train", conf, List.of("output.report=false")).status()).isZero();
    Path rows =
        Files.writeString(folder.resolve("new.csv"), "age,\"%s\"\n33,Rome\n".formatted(EVIL));

    JobRun shown = JobRun.of("show", conf, List.of("predict.input=" + rows));

    assertThat(shown.status()).as(shown.stderr()).isZero();
    assertThat(shown.lines()).anyMatch(line -> line.matches("age +33"));
    assertThat(shown.lastLine()).startsWith("no label, predicted ");
    JobRun picture =
        JobRun.of(
            "show", conf, List.of("predict.input=" + rows, "show.picture=" + folder + "/x.png"));
    assertThat(picture.status()).isEqualTo(USAGE);
    assertThat(picture.stderr())
        .contains(
            "show.picture is set, but the rows of predict.input = " + rows + " are no images");
  }

  @Test
  void comparesRuns() throws Exception {
    Path conf = table();
    for (int epochs = 1; epochs <= 2; epochs++) {
      JobRun run =
          JobRun.of(
              "train",
              conf,
              List.of("train.epochs=" + epochs, "output.dir=" + folder + "/run" + epochs));
      assertThat(run.status()).isZero();
    }
    Path page = folder.resolve("runs.html");

    JobRun compared =
        JobRun.of("compare", folder + "/run1", folder + "/run2", "--set", "compare.report=" + page);

    assertThat(compared.status()).as(compared.stderr()).isZero();
    assertThat(compared.lines()).anyMatch(line -> line.matches("train\\.epochs +1 +2"));
    assertThat(compared.lines()).anyMatch(line -> line.matches("metric +run1 +run2"));
    assertThat(compared.lines()).anyMatch(line -> line.matches("loss .*\\* .*"));
    assertThat(compared.lastLine()).isEqualTo("compared 2 runs, curves in " + page);
    assertThat(Files.readString(page)).contains("Settings that differ", "Training loss");
    requireShown("runs.html", "compared");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          metrics.json  | {"schemaVersion": 2}                         | metrics.json has schema version 2, and this Convene reads versions up to 1: use the newer Convene that wrote it
          history.jsonl | {"schemaVersion": 7, "epoch": 1}             | history.jsonl has schema version 7, and this Convene reads versions up to 1
          settings.conf | # Settings of a run of Convene, schema version 3 | settings.conf has schema version 3, and this Convene reads versions up to 1
          metrics.json  | {"accuracy": 0.9                             | metrics.json is damaged
          metrics.json  | 7                                            | metrics.json is damaged
          history.jsonl | {"epoch": 1}                                 | history.jsonl is damaged
          history.jsonl | ''                                           | history.jsonl is damaged
          settings.conf | train {                                      | the conf cannot be read
          history.jsonl | -                                            | has no history.jsonl: name the output of a training, one that is complete
          metrics.json  | -                                            | has no metrics.json
          """)
  void damagedRunsAreRefused(String file, String text, String message) throws IOException {
    Path run = run("run");
    Path other = run("other");
    if (text.equals("-")) {
      Files.delete(run.resolve(file));
    } else {
      Files.writeString(run.resolve(file), text);
    }

    JobRun compared = JobRun.of("compare", other.toString(), run.toString());

    assertThat(compared.status()).as(compared.stderr()).isEqualTo(DATA);
    assertThat(compared.stderr().lines().filter(line -> line.startsWith("convene: ")))
        .singleElement()
        .asString()
        .contains(message);
  }

  /** As they were before there were versions. */
  @Test
  void runsWithoutASchemaVersionAreRead() throws IOException {
    JobRun compared = JobRun.of("compare", run("a").toString(), run("b").toString());
    assertThat(compared.status()).as(compared.stderr()).isZero();
    assertThat(compared.lastLine()).isEqualTo("compared 2 runs");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          2 | compare                                       | compare takes the output.dir of two trainings or more
          2 | compare DIR/a                                 | compare takes the output.dir of two trainings or more
          3 | compare DIR/a DIR/none                        | there is no output DIR/none
          2 | compare DIR/a DIR/a --set compare.report=x.csv | compare.report = x.csv does not end in .html
          3 | compare DIR/a DIR/a --set compare.report=DIR/file/x.html | compare.report = DIR/file/x.html cannot be written
          2 | show --set output.dir=DIR/a                   | data.test is not set
          2 | show --set data.test=x --set show.picture=x.jpg --set output.dir=DIR/a | show.picture = x.jpg does not end in .png
          3 | show --set data.test=x --set output.dir=DIR/a | there is no model in DIR/a
          """)
  void mistakes(int status, String line, String message) throws IOException {
    run("a");
    Files.writeString(folder.resolve("file"), "");
    JobRun run = JobRun.of(line.replace("DIR", folder.toString()).split(" +"));

    assertThat(run.stderr()).contains("convene: " + message.replace("DIR", folder.toString()));
    assertThat(run.status()).isEqualTo(status);
  }

  @Test
  void settingsOfANewerSchemaAreRefused() throws IOException {
    Path conf =
        Files.writeString(
            folder.resolve("newer.conf"),
            "# Settings of a run of Convene, schema version 2\ntrain.epochs = 3\n");
    JobRun run = JobRun.of("settings", conf, List.of());
    assertThat(run.status()).isEqualTo(USAGE);
    assertThat(run.stderr())
        .contains(conf + " has schema version 2, and this Convene reads versions up to 1");
  }

  /** What a training leaves but for the model, without schema versions. */
  private Path run(String name) throws IOException {
    Path run = Files.createDirectories(folder.resolve(name));
    Files.writeString(run.resolve("metrics.json"), "{\"accuracy\": 0.9, \"workers\": 2}\n");
    Files.writeString(
        run.resolve("history.jsonl"),
        """
        {"epoch":1,"rounds":1,"examples":9,"trainLoss":0.5,"trainAccuracy":null,"validationLoss":null,\
        "validationAccuracy":null,"learningRate":0.1,"seconds":0.5}
        """);
    Files.writeString(run.resolve("settings.conf"), "train.epochs = 1\n");
    return run;
  }

  private String report(String file) throws IOException {
    return Files.readString(folder.resolve(file));
  }

  /** In a real browser, where there is one. */
  private void requireShown(String file, String name) throws Exception {
    assumeTrue(
        HeadlessBrowser.installed().isPresent(),
        "no Chromium here: " + file + " was not opened in a browser");
    HeadlessBrowser.Shown shown =
        HeadlessBrowser.installed()
            .orElseThrow()
            .open(folder.resolve(file), Files.createDirectory(folder.resolve(name + "-browser")));
    assertThat(shown.console()).isEmpty();
    assertThat(shown.requests()).isEmpty();
    int charts = shown.dom().split("data-chart=", -1).length - 1;
    assertThat(charts).isPositive();
    assertThat(shown.dom().split("<canvas", -1).length - 1).isEqualTo(charts);
  }

  private Path table() throws IOException {
    Random random = new Random(1);
    List<String> lines = new ArrayList<>(List.of("age,\"%s\",bought".formatted(EVIL)));
    for (int i = 0; i < 200; i++) {
      int age = 20 + random.nextInt(60);
      String city = List.of("Oslo", "Rome", EVIL).get(random.nextInt(3));
      lines.add("%d,\"%s\",\"%s\"".formatted(age, city, age > 50 ? "no" : EVIL));
    }
    Files.write(folder.resolve("table.csv"), lines);
    return conf(
        """
        data { format = csv, options.header = true, train = "DIR/table.csv", test = "DIR/table.csv", label = bought }
        data.categorical = ["%1$s", bought]
        preprocess.scaler = standard
        model.hidden = [4]
        train { epochs = 3, workers = 2, batch-size = 20 }
        """
            .formatted(EVIL));
  }

  private Path images() throws IOException {
    IdxFiles.Pixels pixels = (image, place) -> place == image % 3 ? 200 + image : 3 * image;
    IdxFiles.writePair(folder.resolve("train"), "train", false, 30, 5, 4, pixels, i -> i % 3);
    IdxFiles.writePair(folder.resolve("test"), "t10k", false, 20, 5, 4, pixels, i -> i % 3);
    return conf(
        """
        data { format = idx, train = "DIR/train", test = "DIR/test" }
        preprocess.divide-by = 255
        model.hidden = []
        train { epochs = 3, workers = 2, batch-size = 5 }
        """);
  }

  private Path conf(String settings) throws IOException {
    return Files.writeString(
        folder.resolve("run.conf"),
        (settings + "output { dir = \"DIR/out\", overwrite = true }\n")
            .replace("DIR", folder.toString()));
  }
}
