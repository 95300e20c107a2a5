package dev.convene.jobs;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convene.ConveneException;
import dev.convene.testkit.DamagedCopies;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Damaged files of initial parameters are read, or refused: see {@link DamagedCopies}. */
class DamagedParametersTest {
  private static final Configuration HADOOP = new Configuration();

  @TempDir Path folder;

  private void read(byte[] content) throws IOException {
    Path file = Files.write(folder.resolve("parameters.json"), content);
    InitialParametersFile.read(file.toString(), HADOOP);
  }

  @Test
  @Timeout(120)
  void areReadOrRefused() {
    String numbers =
        new Random(3)
            .doubles(60, -1, 1)
            .mapToObj(Double::toString)
            .collect(Collectors.joining(", ", "{\"parameters\": [", "]}"));

    new DamagedCopies("parameters.json", numbers.getBytes(StandardCharsets.UTF_8))
        .areReadOrRefused(3000, this::read);
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-16LE", "UTF-32BE", "ISO-8859-1"})
  void textInAnotherEncodingIsReadOrRefused(String encoding) throws IOException {
    byte[] text = "{\"parameters\": [1, 2], \"größe\": 3}".getBytes(encoding);

    new DamagedCopies("parameters.json in " + encoding, text).areReadOrRefused(500, this::read);
  }

  @Test
  void whatIsNoTextIsNoJson() {
    // As UTF-32, which the first bytes seem to be, no character.
    byte[] noText = {0, 0, 0, '{', 1, 2, 3, 4, 5, 6, 7, 8};

    assertThatThrownBy(() -> read(noText))
        .isInstanceOf(ConveneException.class)
        .hasMessageStartingWith(
            "train.initial-parameters: " + folder.resolve("parameters.json") + " is not JSON");
  }
}
