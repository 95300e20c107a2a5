package dev.convene.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.JavaProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.serializer.KryoSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code spark.serializer} is one for each JVM: Kryo runs beside the session that tests share. */
class KryoTest {
  private static final List<String> KRYO =
      List.of(
          "-Dspark.serializer=" + KryoSerializer.class.getName(),
          // More than there is: what is cached or broadcast goes to disk, and through Kryo.
          "-Dspark.storage.unrollMemoryThreshold=" + (1L << 40));

  @TempDir Path folder;

  @Test
  void everyJobGivesTheBitsOfJavaSerialization() throws Exception {
    Path java = Files.createDirectory(folder.resolve("java"));
    Path kryo = Files.createDirectory(folder.resolve("kryo"));
    EveryJob.main(java.toString());

    List<String> printed = JavaProcess.lines(KRYO, EveryJob.class, kryo.toString());

    assertThat(printed).contains("serialized by org.apache.spark.serializer.KryoSerializer");
    assertThat(Files.readAllLines(kryo.resolve(EveryJob.RESULTS)))
        .hasSizeGreaterThan(EveryJob.ROWS)
        .isEqualTo(Files.readAllLines(java.resolve(EveryJob.RESULTS)));
  }
}
