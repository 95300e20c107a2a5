package dev.convene.ml;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.testkit.DamagedCopies;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Damaged model files are read, or refused: see {@link DamagedCopies}. */
@Tag("spark")
class DamagedModelTest {
  @TempDir Path folder;

  @ParameterizedTest
  @Timeout(600)
  @CsvSource({"data, 20", "metadata, 40"})
  void areReadOrRefused(String part, int copies) throws IOException {
    Path saved = folder.resolve("model");
    new NeuralNetworkClassifier()
        .setHidden(new int[] {3})
        .setEpochs(2)
        .setWorkers(1)
        .fit(Rows.in(1, Rows.classes(40, 2)))
        .save(saved.toString());
    Path file = onlyFile(saved.resolve(part));
    assertThat(NeuralNetworkClassificationModel.load(saved.toString()).numClasses()).isEqualTo(2);

    new DamagedCopies(part + " of a model", Files.readAllBytes(file))
        .areReadOrRefused(
            copies,
            copy -> {
              Files.write(file, copy);
              NeuralNetworkClassificationModel.load(saved.toString());
            });
  }

  /** Hadoop's checksums, which object stores do not have, are removed. */
  private static Path onlyFile(Path part) throws IOException {
    try (Stream<Path> files = Files.list(part)) {
      List<Path> all = files.toList();
      for (Path file : all) {
        if (file.getFileName().toString().endsWith(".crc")) {
          Files.delete(file);
        }
      }
      return all.stream()
          .filter(file -> file.getFileName().toString().startsWith("part-"))
          .findFirst()
          .orElseThrow();
    }
  }
}
