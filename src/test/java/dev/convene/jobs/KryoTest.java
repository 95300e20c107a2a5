package dev.convene.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.JavaProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.serializer.JavaSerializer;
import org.apache.spark.serializer.KryoSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code spark.serializer} is one for each JVM. Both have one of their own: the one that tests
 * share has maybe loaded another BLAS.
 */
class KryoTest {
  private static final List<String> KRYO =
      List.of(
          "-Dspark.serializer=" + KryoSerializer.class.getName(),
          // More than there is: what is cached or broadcast goes to disk, and through Kryo.
          "-Dspark.storage.unrollMemoryThreshold=" + (1L << 40));

  @TempDir Path folder;

  @Test
  void everyJobGivesTheBitsOfJavaSerialization() throws Exception {
    List<String> java = results("java", JavaSerializer.class, List.of());

    assertThat(results("kryo", KryoSerializer.class, KRYO))
        .hasSizeGreaterThan(EveryJob.ROWS)
        .isEqualTo(java);
  }

  private List<String> results(String name, Class<?> serializer, List<String> jvmOptions)
      throws Exception {
    Path own = Files.createDirectory(folder.resolve(name));
    assertThat(JavaProcess.lines(jvmOptions, EveryJob.class, own.toString()))
        .contains("serialized by " + serializer.getName());
    return Files.readAllLines(own.resolve(EveryJob.RESULTS));
  }
}
