package dev.convene.config;

import dev.convene.testkit.Checkout;
import dev.convene.testkit.DamagedCopies;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Damaged settings files are read, or refused: see {@link DamagedCopies}. */
class DamagedConfTest {
  @TempDir Path folder;

  @ParameterizedTest
  @Timeout(120)
  @ValueSource(strings = {"mnist-dropout.conf", "adult.conf"})
  void areReadOrRefused(String conf) throws IOException {
    Path file = folder.resolve("copy.conf");
    byte[] good = Files.readAllBytes(Checkout.root().resolve("conf").resolve(conf));

    new DamagedCopies(conf, good)
        .areReadOrRefused(
            1000,
            copy -> {
              Files.write(file, copy);
              Settings.load(file, List.of());
            });
  }

  @Test
  void deepNestingIsRefused() throws IOException {
    for (String opening : List.of("a={", "a=[", "include \"", "a.")) {
      Path file = folder.resolve("deep.conf");
      byte[] deep = opening.repeat(20_000).getBytes(StandardCharsets.UTF_8);

      new DamagedCopies(opening + opening + "...", deep)
          .areReadOrRefused(
              3,
              copy -> {
                Files.write(file, copy);
                Settings.load(file, List.of());
              });
    }
  }
}
