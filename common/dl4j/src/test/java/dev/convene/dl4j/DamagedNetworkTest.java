package dev.convene.dl4j;

import dev.convene.ml.NeuralNetworkClassificationModel;
import dev.convene.nn.Activation;
import dev.convene.nn.DenseNetwork;
import dev.convene.nn.Initializer;
import dev.convene.nn.Loss;
import dev.convene.testkit.DamagedCopies;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Damaged networks of DL4J are read, or refused: see {@link DamagedCopies}. */
class DamagedNetworkTest {
  private static byte[] zip() throws IOException {
    DenseNetwork network =
        DenseNetwork.of(4, List.of(3), 2, Activation.RELU, 0, Loss.SOFTMAX_CROSS_ENTROPY);
    ByteArrayOutputStream zip = new ByteArrayOutputStream();
    Dl4jModelFile.write(
        NeuralNetworkClassificationModel.of(
            network, Initializer.NORMAL.initialParameters(network, 1)),
        zip);
    return zip.toByteArray();
  }

  @Test
  @Timeout(300)
  void zipsAreReadOrRefused() throws IOException {
    new DamagedCopies("a zip of DL4J", zip())
        .areReadOrRefused(
            1000, copy -> Dl4jModelFile.read(new ByteArrayInputStream(copy), "the copy"));
  }

  @Test
  @Timeout(300)
  void descriptionsAreReadOrRefused() throws IOException {
    ZipInputStream entries = new ZipInputStream(new ByteArrayInputStream(zip()));
    ZipEntry entry = entries.getNextEntry();
    while (!entry.getName().equals("configuration.json")) {
      entry = entries.getNextEntry();
    }

    new DamagedCopies("a description of DL4J", entries.readAllBytes())
        .areReadOrRefused(
            500,
            copy ->
                ConfiguredNetwork.of(
                    SafeConfiguration.parse(new String(copy, StandardCharsets.UTF_8), "the copy"),
                    "the copy"));
  }
}
