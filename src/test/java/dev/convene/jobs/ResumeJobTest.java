package dev.convene.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.convene.testkit.JavaProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A training whose process is killed goes on when it is started again. */
@Tag("process")
class ResumeJobTest {
  /** The system property {@code convene.kills} asks for more moments at which it is killed. */
  private static final int KILLS = Integer.getInteger("convene.kills", 3);

  @TempDir Path folder;
  private Path conf;

  @BeforeEach
  void table() throws IOException {
    Random random = new Random(3);
    List<String> lines = new ArrayList<>(List.of("a,b,kind"));
    for (int i = 0; i < 600; i++) {
      double a = random.nextGaussian();
      double b = random.nextGaussian();
      lines.add("%s,%s,%s".formatted(a, b, a * b > 0 ? "same" : "other"));
    }
    Files.write(folder.resolve("rows.csv"), lines);
    conf = folder.resolve("train.conf");
    Files.writeString(
        conf,
        """
        data {
          format = csv
          train = "%1$s/rows.csv"
          options.header = true
          label = kind
          categorical = [kind]
          validation-fraction = 0.2
        }
        preprocess.scaler = standard
        model { hidden = [16], dropout = 0.1 }
        train {
          epochs = 40
          batch-size = 20
          workers = 2
          averaging.period = 3
          checkpoint.every-rounds = 1
        }
        """
            .formatted(folder));
  }

  private JavaProcess train(int cores, String output, String... settings) {
    List<String> arguments = new ArrayList<>(List.of("train", conf.toString()));
    arguments.addAll(List.of("--set", "output.dir=" + folder.resolve("outputs").resolve(output)));
    for (String setting : settings) {
      arguments.addAll(List.of("--set", setting));
    }
    return JavaProcess.of(Main.class, arguments.toArray(String[]::new))
        .withJvmOptions(List.of("-Dspark.master=local[" + cores + "]", "-Dspark.ui.enabled=false"));
  }

  private String sha256(String output) throws IOException {
    return new ObjectMapper()
        .readTree(folder.resolve("outputs").resolve(output).resolve("metrics.json").toFile())
        .required("parametersSha256")
        .asText();
  }

  private List<String> outputs() throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("outputs"))) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

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
    List<String> lines = train(2, "undisturbed").lines();
    assertThat(lines).noneMatch(line -> line.contains("goes on"));

    Random random = new Random(11);
    int resumed = 0;
    for (int kill = 0; kill < KILLS; kill++) {
      String output = "killed-" + kill;
      int milliseconds = random.nextInt(2000);
      boolean wasKilled = killed(train(2, output), milliseconds);
      List<String> second = wasKilled ? train(1 + kill % 2, output).lines() : List.of();

      assertThat(sha256(output)).isEqualTo(sha256("undisturbed"));
      List<String> goesOn = second.stream().filter(line -> line.contains("goes on")).toList();
      System.out.printf(
          "killed %s ms after the first epoch: %s, %s%n", milliseconds, wasKilled, goesOn);
      resumed += goesOn.size();
    }
    assertThat(resumed).isPositive();
    assertThat(outputs()).hasSize(KILLS + 1).noneMatch(name -> name.startsWith("."));
  }

  @Test
  void aFinishedTrainingContinuesToMoreEpochs() throws Exception {
    train(2, "long", "train.epochs=12").lines();
    train(2, "short", "train.epochs=7").lines();
    String from = "train.continue-from=" + folder.resolve("outputs/short");

    List<String> lines = train(1, "longer", "train.epochs=12", from).lines();
    assertThat(lines).contains("training goes on after epoch 7 of 12");
    assertThat(sha256("longer")).isEqualTo(sha256("long"));
    assertThat(Files.readAllLines(folder.resolve("outputs/longer/history.jsonl"))).hasSize(12);
  }
}
