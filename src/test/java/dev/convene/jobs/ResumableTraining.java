package dev.convene.jobs;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.convene.testkit.JavaProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/**
 * A training on a table that writes a checkpoint after every round, four an epoch, into outputs of
 * a folder.
 */
public record ResumableTraining(Path folder, Path conf) {
  /** Writes table and settings. */
  public static ResumableTraining in(Path folder) throws IOException {
    Random random = new Random(3);
    List<String> lines = new ArrayList<>(List.of("a,b,kind"));
    for (int i = 0; i < 600; i++) {
      double a = random.nextGaussian();
      double b = random.nextGaussian();
      lines.add("%s,%s,%s".formatted(a, b, a * b > 0 ? "same" : "other"));
    }
    Files.write(folder.resolve("rows.csv"), lines);
    Path conf = folder.resolve("train.conf");
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
    return new ResumableTraining(folder, conf);
  }

  /** In a JVM of its own, whose master is local. */
  public JavaProcess process(int cores, String output, String... settings) {
    return JavaProcess.of(Main.class, arguments(output, settings))
        .withJvmOptions(List.of("-Dspark.master=local[" + cores + "]", "-Dspark.ui.enabled=false"));
  }

  /** In the session of this JVM. */
  JobRun here(String output, String... settings) {
    return JobRun.of(arguments(output, settings));
  }

  private String[] arguments(String output, String... settings) {
    List<String> arguments = new ArrayList<>(List.of("train", conf.toString()));
    arguments.addAll(List.of("--set", "output.dir=" + output(output)));
    for (String setting : settings) {
      arguments.addAll(List.of("--set", setting));
    }
    return arguments.toArray(String[]::new);
  }

  public Path output(String name) {
    return folder.resolve("outputs").resolve(name);
  }

  /** All that is where the outputs are. */
  public List<String> outputs() throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("outputs"))) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  public String parametersSha256(String output) throws IOException {
    return new ObjectMapper()
        .readTree(output(output).resolve("metrics.json").toFile())
        .required("parametersSha256")
        .asText();
  }
}
