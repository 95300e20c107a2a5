package dev.convene.data.idx;

import dev.convene.data.IdxFiles;
import dev.convene.testkit.DamagedCopies;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Damaged IDX files are read, or refused: see {@link DamagedCopies}. */
class DamagedIdxTest {
  private static final Configuration HADOOP = new Configuration();

  @TempDir Path folder;

  @ParameterizedTest
  @Timeout(120)
  @CsvSource({
    "train-images-idx3-ubyte, false",
    "train-labels-idx1-ubyte, false",
    "train-images-idx3-ubyte.gz, true",
    "train-labels-idx1-ubyte.gz, true",
  })
  void areReadOrRefused(String name, boolean gzip) throws IOException {
    Random random = new Random(5);
    IdxFiles.writePair(
        folder, "train", gzip, 40, 6, 5, (image, place) -> random.nextInt(256), i -> i % 10);
    Path file = folder.resolve(name);

    new DamagedCopies(name, Files.readAllBytes(file))
        .areReadOrRefused(
            500,
            copy -> {
              Files.write(file, copy);
              readAll();
            });
  }

  private void readAll() throws IOException {
    FileSystem local = FileSystem.getLocal(HADOOP);
    IdxPair pair =
        IdxPair.at(local, local.getFileStatus(new org.apache.hadoop.fs.Path(folder.toString())));
    try (var cursor = pair.openAt(0, HADOOP)) {
      for (long i = 0; i < pair.count() && cursor.next(); i++) {
        cursor.label();
        cursor.pixels();
      }
    }
  }
}
