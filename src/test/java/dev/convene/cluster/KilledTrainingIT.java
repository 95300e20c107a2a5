package dev.convene.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.jobs.ResumableTraining;
import dev.convene.testkit.JavaProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A training whose process is killed goes on when it is started again. */
@Tag("spark")
@Tag("process")
@Tag("cluster")
class KilledTrainingIT {
  /** The system property {@code convene.kills} asks for more moments at which it is killed. */
  private static final int KILLS = Integer.getInteger("convene.kills", 3);

  @TempDir Path folder;

  /** Kills it that long after the first epoch; it may have ended by then. */
  private static boolean killed(JavaProcess training, int milliseconds) throws Exception {
    try (JavaProcess.Running running = training.start()) {
      while (running.process().isAlive()
          && !Files.readString(running.output()).contains("epoch 1/")) {
        Thread.sleep(20);
      }
      boolean hasEnded = running.process().waitFor(milliseconds, TimeUnit.MILLISECONDS);
      running.process().destroyForcibly().waitFor();
      return !hasEnded;
    }
  }

  @Test
  void aKilledTrainingGoesOnToTheSameBitsAndLeavesNothing() throws Exception {
    ResumableTraining training = ResumableTraining.in(folder);
    List<String> lines = training.process(2, "undisturbed").lines();
    assertThat(lines).noneMatch(line -> line.contains("goes on"));

    Random random = new Random(11);
    int resumed = 0;
    for (int kill = 0; kill < KILLS; kill++) {
      String output = "killed-" + kill;
      int milliseconds = random.nextInt(2000);
      boolean wasKilled = killed(training.process(2, output), milliseconds);
      List<String> second = wasKilled ? training.process(1 + kill % 2, output).lines() : List.of();

      assertThat(training.parametersSha256(output))
          .isEqualTo(training.parametersSha256("undisturbed"));
      List<String> goesOn = second.stream().filter(line -> line.contains("goes on")).toList();
      System.out.printf(
          "killed %s ms after the first epoch: %s, %s%n", milliseconds, wasKilled, goesOn);
      resumed += goesOn.size();
    }
    assertThat(resumed).isPositive();
    assertThat(training.outputs()).hasSize(KILLS + 1).noneMatch(name -> name.startsWith("."));
  }
}
