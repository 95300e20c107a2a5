package dev.convene.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.cluster.EventLog.Arrival;
import dev.convene.testkit.ConveneProcess;
import dev.convene.testkit.ConveneProcess.Ended;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a training on YARN and HDFS survives, to the bits of one that was not disturbed. Prints how
 * long each took.
 */
@Tag("process")
@Tag("cluster")
class YarnFaultsIT {
  /** Long enough for YARN to send an executor's successor meanwhile. */
  private static final int MANY_EPOCHS = 100;

  private static final int EPOCHS = 20;

  @TempDir static Path folder;

  private static HadoopCluster cluster;
  private static TrainingInHdfs training;

  @BeforeAll
  static void start() throws Exception {
    cluster = HadoopCluster.start(folder);
    training = TrainingInHdfs.on(cluster, EPOCHS);
  }

  /** Of a training in one process. */
  private static String undisturbed(int epochs) throws Exception {
    String output = "/undisturbed-" + epochs + "-" + UUID.randomUUID();
    String setting = "train.epochs=" + epochs;
    Ended ended =
        cluster.run("client", training.job("train", output, setting), "--master", "local[2]");
    assertThat(ended.status()).as(ended.stderr()).isZero();
    return training.sha256(output);
  }

  @AfterAll
  static void end() throws Exception {
    cluster.end();
  }

  private static void printTime(String fault, long begin) {
    System.out.printf("%s: %.1f s%n", fault, (System.nanoTime() - begin) / 1e9);
  }

  @Test
  void theSuccessorOfAKilledExecutorWorksWithinTwoRounds() throws Exception {
    Path events = Files.createDirectories(folder.resolve("events"));
    long begin = System.nanoTime();
    try (ConveneProcess process =
        cluster.start(
            "client",
            training.job("train", "/executor-killed", "train.epochs=" + MANY_EPOCHS),
            "--conf",
            "spark.eventLog.enabled=true",
            "--conf",
            "spark.eventLog.dir=" + events.toUri())) {
      process.awaitLine("epoch 2/");
      List<ProcessHandle> executors = cluster.containers("YarnCoarseGrainedExecutorBackend");
      assertThat(executors).hasSize(2);
      executors.get(0).destroyForcibly();

      Ended ended = process.end();
      assertThat(ended.status()).as(ended.stderr()).isZero();
    }
    printTime("executor killed", begin);

    assertThat(training.sha256("/executor-killed")).isEqualTo(undisturbed(MANY_EPOCHS));
    List<Arrival> arrivals = EventLog.in(events).arrivals();
    assertThat(arrivals).hasSize(3);
    Arrival successor = arrivals.get(2);
    List<Set<String>> rounds = EventLog.in(events).executorsOfRoundsSince(successor.millis());
    assertThat(rounds).hasSizeGreaterThan(2);
    assertThat(rounds.subList(2, rounds.size()))
        .allSatisfy(executors -> assertThat(executors).hasSize(2).contains(successor.executor()));
  }

  @Test
  void aTrainingWhoseDriverWasKilledGoesOnWhenItIsSentAgain() throws Exception {
    List<String> job = training.job("train", "/driver-killed");
    long begin = System.nanoTime();
    try (ConveneProcess process = cluster.start("cluster", job)) {
      while (!training.hasCheckpoint("/driver-killed")) {
        assertThat(process.process().isAlive()).isTrue();
        TimeUnit.MILLISECONDS.sleep(100);
      }
      List<ProcessHandle> drivers = cluster.containers("ApplicationMaster");
      assertThat(drivers).hasSize(1);
      drivers.get(0).destroyForcibly();

      Ended killed = process.end();
      assertThat(killed.status()).as(killed.stderr()).isEqualTo(5);
      assertThat(killed.stderr())
          .contains("convene: the driver on the cluster left no report (")
          .doesNotContain("\tat ");
    }
    Ended again = cluster.run("cluster", job);
    printTime("driver killed, and sent again", begin);

    assertThat(again.status()).as(again.stderr()).isZero();
    assertThat(again.stdout())
        .matches("training goes on after epoch \\d+.* of 20\naccuracy .* on 600 test rows, .*\n");
    assertThat(training.sha256("/driver-killed")).isEqualTo(undisturbed(EPOCHS));
    assertThat(training.leftovers()).isEmpty();
  }

  @Test
  void aDataNodeThatStopsChangesNothing() throws Exception {
    long begin = System.nanoTime();
    try (ConveneProcess process =
        cluster.start("client", training.job("train", "/data-node-stopped"))) {
      process.awaitLine("epoch 2/");
      cluster.stopDataNode();

      Ended ended = process.end();
      assertThat(ended.status()).as(ended.stderr()).isZero();
    }
    printTime("DataNode stopped", begin);

    assertThat(training.sha256("/data-node-stopped")).isEqualTo(undisturbed(EPOCHS));
  }
}
