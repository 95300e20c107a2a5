package dev.convene.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.testkit.JavaProcess;
import dev.convene.testkit.JavaProcess.Running;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.serializer.JavaSerializer;
import org.apache.spark.serializer.KryoSerializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A Spark session has one {@code spark.serializer} for its life, so each of the two has a JVM of
 * its own: both alike but for that.
 */
@Tag("spark")
@Tag("process")
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
    try (Running byJava = start(java, List.of());
        Running byKryo = start(kryo, KRYO)) {
      assertThat(byJava.lines()).contains("serialized by " + JavaSerializer.class.getName());
      assertThat(byKryo.lines()).contains("serialized by " + KryoSerializer.class.getName());
    }
    assertThat(Files.readAllLines(kryo.resolve(EveryJob.RESULTS)))
        .hasSizeGreaterThan(EveryJob.ROWS)
        .isEqualTo(Files.readAllLines(java.resolve(EveryJob.RESULTS)));
  }

  private static Running start(Path folder, List<String> jvmOptions) throws IOException {
    return JavaProcess.of(EveryJob.class, folder.toString()).withJvmOptions(jvmOptions).start();
  }
}
