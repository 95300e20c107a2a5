package dev.convene.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.convene.cluster.EventLog.Arrival;
import dev.convene.testkit.ConveneProcess;
import dev.convene.testkit.ConveneProcess.Ended;
import dev.convene.testkit.JavaProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The successor of an executor that was lost gets its shard, on a cluster without YARN. */
@Tag("process")
@Tag("cluster")
class LostExecutorIT {
  /** Long enough for the successor to come meanwhile. */
  private static final int EPOCHS = 100;

  @TempDir Path folder;

  private ConveneProcess train(String output, String master, String... options) throws IOException {
    String quickStart = String.join(" ", JavaProcess.QUICK_START);
    List<String> all = new ArrayList<>(List.of("--master", master));
    all.addAll(List.of("--driver-java-options", quickStart));
    all.addAll(List.of("--conf", "spark.executor.extraJavaOptions=" + quickStart));
    all.addAll(List.of(options));
    return ConveneProcess.start(
        folder,
        Map.of(),
        List.of("train", "job.conf", "--set", "output.dir=" + folder.resolve(output).toUri()),
        all);
  }

  private String sha256(String output) throws IOException {
    return new ObjectMapper()
        .readTree(folder.resolve(output).resolve("metrics.json").toFile())
        .required("parametersSha256")
        .asText();
  }

  @Test
  void theSuccessorWorksWithinTwoRounds() throws Exception {
    Path rows = Files.writeString(folder.resolve("rows.csv"), TrainingInHdfs.rows());
    Files.writeString(
        folder.resolve("job.conf"),
        """
        data { format = csv, options.header = true, label = kind }
        storage.shared-local = true
        """
            + TrainingInHdfs.conf(rows.toUri().toString(), EPOCHS));
    Path events = Files.createDirectories(folder.resolve("events"));
    try (ConveneProcess process = train("undisturbed", "local[2]")) {
      assertThat(process.end().status()).isZero();
    }

    try (ConveneProcess process =
        train(
            "killed",
            "local-cluster[2,1,1024]",
            "--conf",
            "spark.eventLog.enabled=true",
            "--conf",
            "spark.eventLog.dir=" + events.toUri())) {
      process.awaitLine("epoch 2/");
      List<ProcessHandle> executors =
          process
              .process()
              .descendants()
              .filter(
                  each ->
                      each.info().commandLine().orElse("").contains("CoarseGrainedExecutorBackend"))
              .toList();
      assertThat(executors).hasSize(2);
      executors.get(0).destroyForcibly();
      Ended ended = process.end();
      assertThat(ended.status()).as(ended.stderr()).isZero();
    }

    assertThat(sha256("killed")).isEqualTo(sha256("undisturbed"));
    EventLog log = EventLog.in(events);
    assertThat(log.arrivals()).hasSize(3);
    Arrival successor = log.arrivals().get(2);
    List<Set<String>> rounds = log.executorsOfRoundsSince(successor.millis());
    assertThat(rounds).hasSizeGreaterThan(2);
    assertThat(rounds.subList(2, rounds.size()))
        .allSatisfy(executors -> assertThat(executors).hasSize(2).contains(successor.executor()));
  }
}
