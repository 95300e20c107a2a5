package dev.convene.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.convene.ConveneException;
import dev.convene.ExitStatus;
import dev.convene.config.Keys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JobPlacesTest {
  @TempDir Path folder;

  @BeforeEach
  void files() throws IOException {
    Files.createDirectories(folder.resolve("in/more"));
    Files.writeString(folder.resolve("in/tab.csv"), "1\n");
    Files.writeString(folder.resolve("in/more/tab.csv"), "1\n");
    Files.createSymbolicLink(folder.resolve("link"), folder.resolve("in"));
  }

  private JobPlaces places(String input, String output) throws IOException {
    return new JobPlaces(new Configuration())
        .reads(Keys.DATA_TRAIN, folder + "/" + input)
        .writes(Keys.OUTPUT_DIR, folder + "/" + output);
  }

  @ParameterizedTest
  @CsvSource({
    "in/tab.csv,      in,              holds",
    "in/tab.csv,      in/tab.csv,      is the same place as",
    "in,              in/run,          lies inside",
    "in,              link,            is the same place as",
    "link,            in/run,          lies inside",
    "in/more/tab.csv, link,            holds",
    "in,              in/../in/run,    lies inside",
    "in/,             in/no/such/run,  lies inside",
    "in/tab*.csv,     in,              holds",
    "in/*,            in/more,         is the same place as",
    "in/*,            in/more/run,     lies inside",
    "in/*,            in/run,          matches",
    "'in/{a,run*}',   in/run1/x,       matches",
    "no/such.csv,     no,              holds",
  })
  void anOutputLiesApartFromWhatIsRead(String input, String output, String relation)
      throws IOException {
    JobPlaces places = places(input, output);
    ConveneException refused = catchThrowableOfType(ConveneException.class, places::requireApart);
    assertThat(refused)
        .hasMessage(
            "output.dir = %1$s/%2$s %3$s data.train = %1$s/%4$s, which this job reads: choose a place"
                    .formatted(folder, output, relation, input)
                + " of its own for it");
    assertThat(refused.status()).isEqualTo(ExitStatus.USAGE);
  }

  @ParameterizedTest
  @CsvSource({
    "in/tab.csv, run",
    "in/tab.csv, in/run",
    "in/*.csv,   in/run",
    "in,         in2",
    "in,         in.bad-rows",
    "in/tab.csv, in/tab.csv2",
    "in/run [1,  in/run",
  })
  void aPlaceOfItsOwnIsTaken(String input, String output) {
    assertThatCode(() -> places(input, output).requireApart()).doesNotThrowAnyException();
  }

  @Test
  void outputsLieApartFromEachOtherAndFromTheConf() throws IOException {
    JobPlaces twice =
        new JobPlaces(new Configuration())
            .writes(Keys.PREDICT_OUTPUT, folder + "/p")
            .writes(Keys.PREDICT_BAD_ROWS, folder + "/p/bad");
    assertThat(catchThrowableOfType(ConveneException.class, twice::requireApart))
        .hasMessage(
            "predict.bad-rows = %1$s/p/bad lies inside predict.output = %1$s/p, which this job"
                    .formatted(folder)
                + " writes, too: choose a place of its own for it");
    JobPlaces conf =
        new JobPlaces(new Configuration())
            .readsConf(folder.resolve("in/my run.conf"))
            .writes(Keys.OUTPUT_DIR, folder + "/in");
    assertThat(catchThrowableOfType(ConveneException.class, conf::requireApart))
        .hasMessageContaining("/in holds the conf " + folder + "/in/my run.conf, which");
  }

  @ParameterizedTest
  @ValueSource(strings = {"run[1]", "{a}", "*", "a?", "scored-2026-11-26T18:21", "a,b", "a\\b"})
  void aNameThatCouldNotBeReadAgainIsRefused(String name) {
    for (String path : new String[] {name, "/tmp/" + name, "hdfs://node:8020/" + name + "/x"}) {
      ConveneException refused =
          catchThrowableOfType(
              ConveneException.class, () -> StoragePath.requirePlain(Keys.OUTPUT_DIR, path));
      assertThat(refused)
          .hasMessageStartingWith("output.dir " + path + " has a '")
          .hasMessageContaining(
              "in its path, which Hadoop cannot hold or Spark reads as a pattern");
      assertThat(refused.status()).isEqualTo(ExitStatus.USAGE);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"größe 1", "hdfs://node:8020/x", "s3a://bucket/a=1", "/tmp/a%20b#c+d"})
  void otherNamesAreTaken(String name) {
    assertThatCode(() -> StoragePath.requirePlain(Keys.OUTPUT_DIR, name))
        .doesNotThrowAnyException();
  }
}
