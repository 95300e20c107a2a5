package dev.convene.cluster;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * A training whose rows and outputs are in a cluster's HDFS, and whose conf is on the caller's
 * disk.
 */
final class TrainingInHdfs {
  /** Of its network. */
  static final int PARAMETERS = 2 * 16 + 16 + 16 * 2 + 2;

  private static final String CONF = "job.conf";

  /** Includes the conf of {@link #job}. */
  static final String INCLUDING_CONF = "including.conf";

  private final FileSystem hdfs;

  private TrainingInHdfs(FileSystem hdfs) {
    this.hdfs = hdfs;
  }

  static TrainingInHdfs on(HadoopCluster cluster, int epochs) throws IOException {
    TrainingInHdfs training = new TrainingInHdfs(FileSystem.get(cluster.configuration()));
    training.write("/rows.csv", rows());
    Files.writeString(
        cluster.folder().resolve(CONF),
        """
        data { format = csv, options.header = true, label = kind }
        preprocess.scaler = standard
        """
            + conf("hdfs:///rows.csv", epochs));
    Files.writeString(cluster.folder().resolve(INCLUDING_CONF), "include \"" + CONF + "\"\n");
    return training;
  }

  /** A table of 600 rows: a, b and a kind. */
  private static String rows() {
    Random random = new Random(3);
    List<String> rows = new ArrayList<>(List.of("a,b,kind"));
    for (int i = 0; i < 600; i++) {
      double a = random.nextGaussian();
      double b = random.nextGaussian();
      rows.add("%s,%s,%s".formatted(a, b, a * b > 0 ? 1 : 0));
    }
    return String.join("\n", rows);
  }

  /** The settings of a training of two workers, five rounds an epoch, on such a table. */
  private static String conf(String rows, int epochs) {
    return """
        data { train = "%1$s", test = "%1$s" }
        model { hidden = [16], dropout = 0.1 }
        train {
          epochs = %2$s
          batch-size = 20
          workers = 2
          averaging.period = 3
          checkpoint.every-rounds = 5
        }
        """
        .formatted(rows, epochs);
  }

  /** The command line of a job. */
  List<String> job(String name, String output, String... settings) {
    return jobOf(CONF, name, output, settings);
  }

  List<String> jobOf(String conf, String name, String output, String... settings) {
    List<String> job = new ArrayList<>(List.of(name, conf, "--set", "output.dir=" + output));
    for (String setting : settings) {
      job.addAll(List.of("--set", setting));
    }
    return job;
  }

  void write(String file, String text) throws IOException {
    try (OutputStream out = hdfs.create(new Path(file))) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
  }

  /** All lines of the files in a directory. */
  List<String> lines(String directory) throws IOException {
    List<String> lines = new ArrayList<>();
    for (FileStatus file : hdfs.listStatus(new Path(directory))) {
      try (BufferedReader reader =
          new BufferedReader(
              new InputStreamReader(hdfs.open(file.getPath()), StandardCharsets.UTF_8))) {
        lines.addAll(reader.lines().toList());
      }
    }
    return lines;
  }

  String sha256(String output) throws IOException {
    try (InputStream in = hdfs.open(new Path(output, "metrics.json"))) {
      return new ObjectMapper().readTree(in).required("parametersSha256").asText();
    }
  }

  /**
   * How much longer a training's epochs took than if each had taken the median epoch's time, in
   * seconds.
   */
  double secondsLost(String output) throws IOException {
    List<Double> seconds = new ArrayList<>();
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                hdfs.open(new Path(output, "history.jsonl")), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        seconds.add(new ObjectMapper().readTree(line).required("seconds").asDouble());
      }
    }
    double median = seconds.stream().sorted().toList().get(seconds.size() / 2);
    return seconds.stream().mapToDouble(each -> each - median).sum();
  }

  /** Whether a training that runs has written a checkpoint. */
  boolean hasCheckpoint(String output) throws IOException {
    Path directory = new Path("/._" + new Path(output).getName() + ".checkpoints");
    if (!hdfs.exists(directory)) {
      return false;
    }
    for (FileStatus file : hdfs.listStatus(directory)) {
      if (file.getPath().getName().startsWith("checkpoint-")) {
        return true;
      }
    }
    return false;
  }

  /**
   * What jobs that have ended left: outputs begun, locks, checkpoints, reports, Spark's own files.
   */
  List<String> leftovers() throws IOException {
    List<String> leftovers = new ArrayList<>();
    Path home = hdfs.getHomeDirectory();
    for (Path folder :
        List.of(
            new Path("/"), new Path(home, ".sparkStaging"), new Path(home, ".convene/reports"))) {
      if (!hdfs.exists(folder)) {
        continue;
      }
      for (FileStatus file : hdfs.listStatus(folder)) {
        Path path = file.getPath();
        if (!folder.isRoot() || path.getName().startsWith(".")) {
          leftovers.add(path.toUri().getPath());
        }
      }
    }
    return leftovers;
  }
}
