package dev.convene.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.convene.testkit.ConveneProcess.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jobs on a standalone cluster whose processes know each other by a secret and encrypt all. */
@Tag("process")
@Tag("cluster")
class SecureClusterIT {
  private static final String SECRET = "spark.authenticate.secret sesame\n";
  private static final String AUTHENTICATION =
      "spark.authenticate true\nspark.network.crypto.enabled true\n";

  @TempDir static Path folder;

  private static StandaloneCluster cluster;

  @BeforeAll
  static void start() throws Exception {
    Path properties =
        Files.writeString(folder.resolve("secure.properties"), AUTHENTICATION + SECRET);
    cluster = StandaloneCluster.start(folder, 2, properties);
    Random random = new Random(5);
    Path rows =
        Files.writeString(
            folder.resolve("rows.csv"),
            Stream.generate(
                    () ->
                        "%s,%s,%d%n"
                            .formatted(
                                random.nextGaussian(), random.nextGaussian(), random.nextInt(2)))
                .limit(200)
                .reduce("a,b,y\n", String::concat));
    Files.writeString(
        folder.resolve("job.conf"),
        """
        data { format = csv, options.header = true, label = y, train = "%s" }
        storage.shared-local = true
        preprocess.scaler = standard
        model { hidden = [8], dropout = 0.2 }
        train { epochs = 4, batch-size = 10, workers = 2, averaging.period = 3 }
        """
            .formatted(rows.toUri()));
  }

  @AfterAll
  static void end() throws Exception {
    cluster.end();
  }

  @Test
  void encryptionChangesNoBit() throws Exception {
    Ended plain = train("plain", "--master", "local[2]");
    Ended secure =
        train(
            "secure",
            "--master",
            cluster.master(),
            "--properties-file",
            folder.resolve("secure.properties").toString(),
            "--conf",
            "spark.io.encryption.enabled=true");

    assertThat(plain.status()).as(plain.stderr()).isZero();
    assertThat(secure.status()).as(secure.stderr()).isZero();
    assertThat(sha256("secure")).isEqualTo(sha256("plain"));
    assertThat(secure.stdout() + secure.stderr()).doesNotContain("sesame");
  }

  private static Ended train(String output, String... options) throws Exception {
    return cluster.convene(
        List.of("train", "job.conf", "--set", "output.dir=" + folder.resolve(output).toUri()),
        options);
  }

  private static String sha256(String output) throws IOException {
    return new ObjectMapper()
        .readTree(folder.resolve(output).resolve("metrics.json").toFile())
        .required("parametersSha256")
        .asText();
  }
}
