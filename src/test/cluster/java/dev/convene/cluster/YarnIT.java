package dev.convene.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.convene.testkit.ConveneProcess;
import dev.convene.testkit.ConveneProcess.Ended;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Jobs on YARN with their data in HDFS end on the caller's terminal with the driver's last line or
 * message and its status, in either deploy mode.
 */
@Tag("process")
@Tag("cluster")
class YarnIT {
  @TempDir static java.nio.file.Path folder;

  private static HadoopCluster cluster;
  private static FileSystem hdfs;

  @BeforeAll
  static void start() throws Exception {
    cluster = HadoopCluster.start(folder);
    hdfs = FileSystem.get(cluster.configuration());
    Random random = new Random(3);
    List<String> rows = new ArrayList<>(List.of("a,b,kind"));
    for (int i = 0; i < 600; i++) {
      double a = random.nextGaussian();
      double b = random.nextGaussian();
      rows.add("%s,%s,%s".formatted(a, b, a * b > 0 ? 1 : 0));
    }
    write("/rows.csv", String.join("\n", rows));
    write("/bad.csv", "a,b,kind\n1,2,0\n3,x,1\n");
    Files.writeString(
        folder.resolve("shared.conf"),
        """
        data { format = csv, options.header = true, label = kind }
        preprocess.scaler = standard
        """);
    Files.writeString(
        folder.resolve("job.conf"),
        """
        include "shared.conf"
        data { train = "hdfs:///rows.csv", test = "hdfs:///rows.csv" }
        model { hidden = [16], dropout = 0.1 }
        train { epochs = 5, batch-size = 20, workers = 2, averaging.period = 3 }
        """);
  }

  private static void write(String path, String text) throws IOException {
    try (var out = hdfs.create(new Path(path))) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
  }

  @AfterAll
  static void end() throws Exception {
    cluster.end();
  }

  @ParameterizedTest
  @ValueSource(strings = {"client", "cluster"})
  void trains(String mode) throws Exception {
    Ended ended = convene(mode, train("output.dir=/trained-" + mode));

    assertThat(ended.status()).as(ended.stderr()).isZero();
    assertThat(ended.lastLine()).startsWith("accuracy 0.9");
  }

  private static List<String> train(String... settings) {
    List<String> job = new ArrayList<>(List.of("train", "job.conf"));
    for (String setting : settings) {
      job.addAll(List.of("--set", setting));
    }
    return job;
  }

  private static Ended convene(String mode, List<String> job, String... options) throws Exception {
    List<String> all = new ArrayList<>(List.of("--deploy-mode", mode));
    all.addAll(List.of(options));
    try (ConveneProcess process =
        cluster.convene(cluster.conf(), job, all.toArray(String[]::new))) {
      return process.end();
    }
  }

  static String sha256(String output) throws IOException {
    try (InputStream in = hdfs.open(new Path(output, "metrics.json"))) {
      return new ObjectMapper().readTree(in).required("parametersSha256").asText();
    }
  }
}
