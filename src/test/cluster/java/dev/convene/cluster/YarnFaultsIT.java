package dev.convene.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.cluster.EventLog.Arrival;
import dev.convene.testkit.ConveneProcess;
import dev.convene.testkit.ConveneProcess.Ended;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a training on YARN, and on executors without it, survives with its data in HDFS, to the bits
 * of one that was not disturbed. Prints how long each took.
 */
@Tag("process")
@Tag("cluster")
@ExtendWith(HadoopCluster.Shared.class)
class YarnFaultsIT {
  /** Long enough for an executor's successor to come meanwhile. */
  private static final int MANY_EPOCHS = 100;

  private static final int EPOCHS = 20;

  private static final String EXECUTOR = "CoarseGrainedExecutorBackend";

  @TempDir static Path folder;

  private static HadoopCluster cluster;
  private static TrainingInHdfs training;

  @BeforeAll
  static void writeRows(HadoopCluster shared) throws Exception {
    cluster = shared;
    training = TrainingInHdfs.on(cluster, EPOCHS);
  }

  /** Of a training in one process, by its epochs. */
  private static final Map<Integer, String> UNDISTURBED = new HashMap<>();

  private static String undisturbed(int epochs) throws Exception {
    if (!UNDISTURBED.containsKey(epochs)) {
      String output = "/undisturbed-" + epochs;
      String setting = "train.epochs=" + epochs;
      Ended ended =
          cluster.run("client", training.job("train", output, setting), "--master", "local[2]");
      assertThat(ended.status()).as(ended.stderr()).isZero();
      UNDISTURBED.put(epochs, training.sha256(output));
    }
    return UNDISTURBED.get(epochs);
  }

  private static ConveneProcess start(String deployMode, List<String> job, String... options)
      throws Exception {
    List<String> all = new ArrayList<>(List.of(options));
    for (String property : List.of("spark.executor.instances=2", "spark.executor.cores=1")) {
      all.addAll(List.of("--conf", property));
    }
    return cluster.start(deployMode, job, all.toArray(String[]::new));
  }

  private static void printTimes(String fault, long begin, String output) throws Exception {
    System.out.printf(
        "%s: %.1f s, of which its epochs lost %.1f s%n",
        fault, (System.nanoTime() - begin) / 1e9, training.secondsLost(output));
  }

  @ParameterizedTest
  @ValueSource(strings = {"yarn", "local-cluster[2,1,1024]"})
  void theSuccessorOfAKilledExecutorWorksWithinTwoRounds(String master) throws Exception {
    Path events = Files.createDirectories(folder.resolve("events-" + master));
    String output = "/executor-killed-" + master.replaceAll("\\W.*", "");
    long begin = System.nanoTime();
    try (ConveneProcess process =
        start(
            "client",
            training.job("train", output, "train.epochs=" + MANY_EPOCHS),
            "--master",
            master,
            "--conf",
            "spark.eventLog.enabled=true",
            "--conf",
            "spark.eventLog.dir=" + events.toUri())) {
      process.awaitLine("epoch 2/");
      List<ProcessHandle> executors =
          Stream.concat(
                  cluster.containers(EXECUTOR).stream(),
                  HadoopCluster.jvms(process.process().toHandle(), EXECUTOR))
              .toList();
      assertThat(executors).hasSize(2);
      executors.get(0).destroyForcibly();

      Ended ended = process.end();
      assertThat(ended.status()).as(ended.stderr()).isZero();
    }
    printTimes("executor of " + master + " killed", begin, output);

    assertThat(training.sha256(output)).isEqualTo(undisturbed(MANY_EPOCHS));
    List<Arrival> arrivals = EventLog.in(events).arrivals();
    assertThat(arrivals).hasSize(3);
    Arrival successor = arrivals.get(2);
    List<Set<String>> rounds = EventLog.in(events).executorsOfRoundsSince(successor.millis());
    assertThat(rounds).hasSizeGreaterThan(2);
    assertThat(rounds.subList(2, rounds.size()))
        .allSatisfy(executors -> assertThat(executors).hasSize(2).contains(successor.executor()));
  }

  @Test
  void aTrainingThatLosesDriverExecutorsAndADataNodeAtOnceGoesOnWhenItIsSentAgain()
      throws Exception {
    List<String> job = training.job("train", "/all-killed");
    long begin = System.nanoTime();
    try (ConveneProcess process = start("cluster", job)) {
      while (!training.hasCheckpoint("/all-killed")) {
        assertThat(process.process().isAlive()).isTrue();
        TimeUnit.MILLISECONDS.sleep(100);
      }
      List<ProcessHandle> drivers = cluster.containers("ApplicationMaster");
      List<ProcessHandle> executors = cluster.containers(EXECUTOR);
      assertThat(drivers).hasSize(1);
      assertThat(executors).hasSize(2);
      drivers.forEach(ProcessHandle::destroyForcibly);
      executors.forEach(ProcessHandle::destroyForcibly);
      cluster.stopDataNode();

      Ended killed = process.end();
      assertThat(killed.status()).as(killed.stderr()).isEqualTo(5);
      assertThat(killed.stderr())
          .contains("convene: the driver on the cluster left no report (")
          .doesNotContain("\tat ");

      Ended again = cluster.run("cluster", job);
      printTimes("all killed, and sent again", begin, "/all-killed");
      assertThat(again.status()).as(again.stderr()).isZero();
      assertThat(again.stdout())
          .matches("training goes on after epoch \\d+.* of 20\naccuracy .* on 600 test rows, .*\n");
    } finally {
      cluster.startDataNode();
    }
    assertThat(training.sha256("/all-killed")).isEqualTo(undisturbed(EPOCHS));
    assertThat(training.leftovers()).isEmpty();
  }

  @Test
  void aDataNodeThatStopsChangesNothing() throws Exception {
    long begin = System.nanoTime();
    try (ConveneProcess process = start("client", training.job("train", "/data-node-stopped"))) {
      process.awaitLine("epoch 2/");
      cluster.stopDataNode();

      Ended ended = process.end();
      assertThat(ended.status()).as(ended.stderr()).isZero();
    } finally {
      cluster.startDataNode();
    }
    printTimes("DataNode stopped", begin, "/data-node-stopped");

    assertThat(training.sha256("/data-node-stopped")).isEqualTo(undisturbed(EPOCHS));
  }
}
