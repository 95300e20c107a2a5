package dev.convene.jobs;

import dev.convene.ConveneException;
import dev.convene.ExitStatus;
import java.nio.file.FileSystemException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.spark.SparkConf;

/** A disk has no space left: the operating system does not say which, the writer's code does. */
final class FullDisk {
  private static final Pattern MESSAGE =
      Pattern.compile("No space left on device|Disk quota exceeded");

  /** As Spark names the machine of a lost task. */
  private static final Pattern MACHINE = Pattern.compile("\\(TID \\d+\\) \\(([^ )]+)");

  private FullDisk() {}

  static Optional<ConveneException> in(List<Throwable> chain) {
    return chain.stream()
        .filter(link -> MESSAGE.matcher(String.valueOf(link.getMessage())).find())
        .reduce((outer, inner) -> inner)
        .map(
            full ->
                new ConveneException(
                    ExitStatus.UNAVAILABLE,
                    "no space is left on %s%s: free some or name a larger disk; a retry may help"
                        .formatted(disk(full), machine(chain))));
  }

  private static String disk(Throwable full) {
    if (full instanceof FileSystemException known && known.getFile() != null) {
      return "the disk of " + known.getFile();
    }
    boolean isOutput =
        Arrays.stream(full.getStackTrace())
            .anyMatch(frame -> frame.getClassName().startsWith(RawLocalFileSystem.class.getName()));
    return isOutput
        ? "the disk of the output (output.dir or predict.output)"
        : "Spark's scratch disk (spark.local.dir, SPARK_LOCAL_DIRS; %s)".formatted(scratch());
  }

  private static String scratch() {
    String directories = System.getenv("SPARK_LOCAL_DIRS");
    return directories != null
        ? directories
        : new SparkConf().get("spark.local.dir", System.getProperty("java.io.tmpdir"));
  }

  private static String machine(List<Throwable> chain) {
    return chain.stream()
        .map(link -> MACHINE.matcher(String.valueOf(link.getMessage())))
        .filter(Matcher::find)
        .map(machine -> " of " + machine.group(1))
        .findFirst()
        .orElse("");
  }
}
