package dev.convene.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.testkit.Checkout;
import dev.convene.testkit.ConveneProcess.Ended;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Jobs on a standalone cluster end on the caller's terminal with the driver's last line or message
 * and its status, in either deploy mode.
 */
@Tag("process")
@Tag("cluster")
class StandaloneClusterIT {
  @TempDir static Path folder;

  private static StandaloneCluster cluster;
  private static Path conf;

  @BeforeAll
  static void start() throws Exception {
    cluster = StandaloneCluster.start(folder, 3);
    Files.writeString(
        folder.resolve("rows.csv"),
        Stream.iterate(0, i -> i + 1)
            .limit(40)
            .map(i -> "%s,%s,%s%n".formatted(i, 40 - i, i < 20 ? 0 : 1))
            .reduce("a,b,y\n", String::concat));
    Files.writeString(folder.resolve("bad.csv"), "a,b,y\n1,2,0\n3,x,1\n");
    Files.writeString(
        folder.resolve("shared.conf"),
        """
        data { format = csv, options.header = true, label = y }
        storage.shared-local = true
        preprocess.scaler = standard
        """);
    conf =
        Files.writeString(
            folder.resolve("job.conf"),
            """
            include "shared.conf"
            data { train = "%1$s", test = "%1$s" }
            model.hidden = []
            train { epochs = 5, batch-size = 10, workers = 1, optimizer.name = adam }
            """
                .formatted(folder.resolve("rows.csv").toUri()));
  }

  @AfterAll
  static void end() throws Exception {
    cluster.end();
  }

  @Test
  void clusterModeOfAPropertiesFileTrainsWithAllThatTheConfNamesAndPrintsTheLastLine()
      throws Exception {
    Path properties =
        Files.writeString(
            folder.resolve("cluster.properties"),
            "spark.master %s\nspark.submit.deployMode cluster\n".formatted(cluster.master()));
    Files.writeString(folder.resolve("start.json"), "{\"parameters\": [1, -1, -1, 1, 0, 0]}");

    Ended run =
        cluster.convene(
            train("train.initial-parameters=start.json", "train.optimizer.learning-rate=1e-9"),
            "--properties-file",
            properties.toString());

    assertThat(run.stderr()).doesNotContain("Exception");
    assertThat(run.status()).as(run.stderr()).isZero();
    // Class 1, which has the larger a, is scored by -a: every row is wrong.
    assertThat(run.stdout()).startsWith("accuracy 0.0000 on 40 test rows, loss ").hasLineCount(1);
  }

  @Test
  void clusterModeReturnsTheStatusOfBadDataAndOfAnUnresolvedSubstitution() throws Exception {
    Ended data =
        cluster.convene(train("data.train=" + folder.resolve("bad.csv").toUri()), cluster());
    Ended setting =
        cluster.convene(Map.of("ROWS", "here"), train("data.train=${NO_SUCH}"), cluster());

    assertThat(data.status()).as(data.stderr()).isEqualTo(3);
    assertThat(data.stderr()).contains("convene: ", "bad.csv", "b").doesNotContain("\tat ");
    assertThat(setting.status()).as(setting.stderr()).isEqualTo(2);
    assertThat(setting.stderr()).contains("${NO_SUCH}").doesNotContain("\tat ");
  }

  @Test
  void clusterModeRefusesWrongSettingsAndSecretsBeforeAnythingIsSubmitted() throws Exception {
    Ended epochs = cluster.convene(train("train.epochs=0"), cluster());
    Ended secret = cluster.convene(train("data.options.password=sesame"), cluster());

    assertThat(epochs)
        .isEqualTo(
            new Ended(
                2,
                "",
                "convene: train.epochs is 0 (--set), but must be a whole number of at least 1\n"));
    assertThat(secret.status()).isEqualTo(2);
    assertThat(secret.stderr())
        .startsWith("convene: data.options.password is written out")
        .doesNotContain("sesame");
  }

  @Test
  void aMasterThatCannotBeReachedIsAnOutageAndAMistypedOneAMistake() throws Exception {
    String nobody = "spark://127.0.0.1:" + StandaloneCluster.freePort();
    for (String mode : List.of("client", "cluster")) {
      Ended unreachable = cluster.convene(train(), "--master", nobody, "--deploy-mode", mode);
      assertThat(unreachable.status()).as(unreachable.stderr()).isEqualTo(5);
      assertThat(unreachable.stderr())
          .contains(
              "convene: the Spark master " + nobody + " cannot be reached (Connection refused)")
          .doesNotContain("\tat ");
    }
    for (String master : List.of("local2", "local[x]", "spark:/127.0.0.1:7077")) {
      Ended mistyped = cluster.convene(train(), "--master", master);
      assertThat(mistyped.status()).as(mistyped.stderr()).isEqualTo(2);
      assertThat(mistyped.stderr()).contains("convene: ", master).doesNotContain("\tat ");
    }
  }

  @Test
  void executorsThatCannotRunATaskOrNeverComeAreReported() throws Exception {
    Ended cpus = cluster.convene(train(), client("spark.task.cpus=2"));
    Ended memory =
        cluster.convene(
            train("cluster.executor-timeout=8"),
            "--master",
            cluster.master(),
            "--executor-memory",
            "900g");

    assertThat(cpus.status()).as(cpus.stderr()).isEqualTo(2);
    assertThat(cpus.stderr())
        .contains("convene: spark.task.cpus = 2, but no executor of " + cluster.master());
    assertThat(memory.status()).as(memory.stderr()).isEqualTo(5);
    assertThat(memory.stderr())
        .contains(
            "waiting for an executor with 900g memory and 1 core(s) from " + cluster.master(),
            "convene: no executor with 900g memory and 1 core(s) came from "
                + cluster.master()
                + " within 8 s");
  }

  @Test
  void workersAboveTheCoresThatTheJobMayTakeAreNotWaitedFor() throws Exception {
    Ended run = cluster.convene(train("train.workers=3"), client("spark.cores.max=1"));

    assertThat(run.status()).as(run.stderr()).isZero();
    assertThat(run.stderr())
        .contains("3 workers have 1 task slots, all that Spark's settings allow")
        .doesNotContain("came within");
  }

  @Test
  void dataThatOnlyTheDriversDiskHasAreRefused() throws Exception {
    Ended rows = cluster.convene(train("storage.shared-local=false"), client("spark.cores.max=1"));
    Ended registered =
        cluster.convene(
            List.of(
                "train",
                Checkout.root().resolve("conf/iris.conf").toString(),
                "--set",
                "output.dir=null"),
            client("spark.cores.max=1"));

    assertThat(rows.status()).as(rows.stderr()).isEqualTo(2);
    assertThat(rows.stderr())
        .contains(
            "convene: data.train file:",
            "rows.csv is on the driver's disk, which the executors of " + cluster.master());
    assertThat(registered.status()).as(registered.stderr()).isEqualTo(2);
    assertThat(registered.stderr()).contains("convene: data.cache ", "storage.shared-local = true");
  }

  private static List<String> train(String... settings) {
    List<String> job = new ArrayList<>(List.of("train", conf.toString()));
    for (String setting : settings) {
      job.addAll(List.of("--set", setting));
    }
    return job;
  }

  private static String[] cluster() {
    return new String[] {"--master", cluster.master(), "--deploy-mode", "cluster"};
  }

  private static String[] client(String property) {
    return new String[] {"--master", cluster.master(), "--conf", property};
  }
}
