package dev.convene.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.testkit.ConveneProcess.Ended;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.apache.hadoop.yarn.api.records.ApplicationReport;
import org.apache.hadoop.yarn.api.records.FinalApplicationStatus;
import org.apache.hadoop.yarn.client.api.YarnClient;
import org.apache.hadoop.yarn.conf.YarnConfiguration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Jobs on YARN with their data in HDFS end on the caller's terminal with the driver's last line or
 * message and its status, in either deploy mode.
 */
@Tag("process")
@Tag("cluster")
@ExtendWith(HadoopCluster.Shared.class)
class YarnIT {
  @TempDir static Path folder;

  private static HadoopCluster cluster;
  private static TrainingInHdfs training;

  @BeforeAll
  static void writeRows(HadoopCluster shared) throws Exception {
    cluster = shared;
    training = TrainingInHdfs.on(cluster, 5);
    training.write("/bad.csv", "a,b,kind\n1,2,0\n3,x,1\n");
  }

  @Test
  void bothModesGiveTheSameModelFromAllThatTheConfNamesAndItScoresRowsInHdfs() throws Exception {
    Random random = new Random(7);
    String parameters =
        random
            .doubles(TrainingInHdfs.PARAMETERS, -0.5, 0.5)
            .mapToObj(String::valueOf)
            .collect(Collectors.joining(",", "{\"parameters\": [", "]}"));
    Path file = Files.writeString(folder.resolve("start.json"), parameters);
    String start = "train.initial-parameters=" + file.toUri();

    Ended client = cluster.run("client", training.job("train", "/client", start));
    Ended driverOnYarn =
        cluster.run(
            "cluster", training.jobOf(TrainingInHdfs.INCLUDING_CONF, "train", "/cluster", start));

    assertThat(client.status()).as(client.stderr()).isZero();
    assertThat(driverOnYarn.status()).as(driverOnYarn.stderr()).isZero();
    assertThat(driverOnYarn.stdout())
        .isEqualTo(client.lastLine() + "\n")
        .matches("accuracy 0\\.\\d{4} on 600 test rows, loss 0\\.\\d{4}\n");
    assertThat(training.sha256("/cluster")).isEqualTo(training.sha256("/client"));

    Ended evaluated = cluster.run("cluster", training.job("evaluate", "/client"));
    assertThat(evaluated.status()).as(evaluated.stderr()).isZero();
    assertThat(evaluated.lastLine()).isEqualTo(client.lastLine());

    Ended predicted =
        cluster.run(
            "client",
            training.job(
                "predict",
                "/cluster",
                "predict.input=hdfs:///rows.csv",
                "predict.output=/predictions",
                "predict.format=json"));
    assertThat(predicted.status()).as(predicted.stderr()).isZero();
    assertThat(training.lines("/predictions"))
        .hasSize(600)
        .allMatch(line -> line.contains("\"prediction\":"));
    assertThat(training.leftovers()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"client", "cluster"})
  void aMistakeEndsInItsStatusAndOneMessageAndIsNotRepeated(String mode) throws Exception {
    long begin = System.currentTimeMillis();
    Ended setting = fail(mode, "train.batch-size=0");
    Ended ofTheDriver = fail(mode, "data.options.nullValue=${NO_SUCH}");
    Ended data = fail(mode, "data.train=/bad.csv");

    assertMessage(setting, 2, "train.batch-size is 0 (--set)");
    assertMessage(ofTheDriver, 2, "${NO_SUCH}");
    assertMessage(data, 3, "/bad.csv, line 3: column b holds 'x', not a finite number");
    assertThat(training.leftovers()).isEmpty();
    assertThat(attemptsOfThoseThatFailedSince(begin)).allMatch(attempts -> attempts == 1);
    if (mode.equals("cluster")) {
      assertThat(attemptsOfThoseThatFailedSince(begin)).hasSize(2);
    }
  }

  @Test
  void divergenceIsNotRepeated() throws Exception {
    long begin = System.currentTimeMillis();
    Ended divergence = fail("cluster", "train.optimizer.learning-rate=1e30");

    assertMessage(divergence, 4, "training diverged in epoch ");
    assertThat(training.leftovers()).isEmpty();
    assertThat(attemptsOfThoseThatFailedSince(begin)).containsExactly(1);
  }

  private static Ended fail(String mode, String setting) throws Exception {
    return cluster.run(mode, training.job("train", "/none", setting));
  }

  private static void assertMessage(Ended ended, int status, String part) {
    assertThat(ended.status()).as(ended.stderr()).isEqualTo(status);
    List<String> messages =
        ended.stderr().lines().filter(line -> line.startsWith("convene: ")).toList();
    assertThat(messages).as(ended.stderr()).hasSize(1).first().asString().contains(part);
    assertThat(ended.stderr()).doesNotContain("\tat ");
  }

  /** How often YARN tried each application of these. */
  private static List<Integer> attemptsOfThoseThatFailedSince(long millis) throws Exception {
    try (YarnClient yarn = YarnClient.createYarnClient()) {
      yarn.init(new YarnConfiguration(cluster.configuration()));
      yarn.start();
      return yarn.getApplications().stream()
          .filter(each -> each.getStartTime() >= millis)
          .filter(each -> each.getFinalApplicationStatus() == FinalApplicationStatus.FAILED)
          .map(ApplicationReport::getCurrentApplicationAttemptId)
          .map(attempt -> attempt.getAttemptId())
          .toList();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"client", "cluster"})
  void aServiceThatIsDownIsAnOutage(String mode) throws Exception {
    List<String> job = training.job("train", "/none");

    Ended withoutHdfs = cluster.runWithout("fs.defaultFS", mode, job);
    Ended withoutYarn = cluster.runWithout("yarn.resourcemanager.address", mode, job);

    assertMessage(
        withoutHdfs,
        5,
        "the cluster's file system hdfs://localhost:1 cannot be reached (Connection");
    assertMessage(withoutYarn, 5, "YARN's ResourceManager at localhost:1 cannot be reached (");
  }

  @Test
  void dl4jTrains() throws Exception {
    Ended ended = cluster.run("client", training.job("train", "/dl4j", "train.trainer=dl4j"));

    assertThat(ended.status()).as(ended.stderr()).isZero();
    assertThat(ended.lastLine()).matches("accuracy 0\\.\\d{4} on 600 test rows, loss \\d\\.\\d{4}");
  }
}
