package dev.convene;

import java.io.CharConversionException;
import java.util.List;
import java.util.zip.ZipException;
import org.apache.hadoop.fs.ChecksumException;

/** Distinguishes failures that reading a file again would repeat from those of storage. */
public final class FileDamage {
  /** Those that make bytes of a file's bytes, or values. */
  private static final List<String> DECODERS =
      List.of(
          "com.fasterxml.jackson.",
          "com.github.luben.zstd.",
          "com.univocity.",
          "io.airlift.compress.",
          "net.jpountz.",
          "org.apache.hadoop.io.compress.",
          "org.apache.orc.",
          "org.apache.parquet.",
          "org.apache.spark.sql.catalyst.",
          "org.apache.spark.sql.execution.datasources.",
          "org.apache.spark.sql.execution.vectorized.",
          "org.apache.spark.unsafe.",
          "org.xerial.snappy.",
          "shaded.parquet.");

  private FileDamage() {}

  /** Whether a decoder refuses what it reads: the file is damaged, or of another format. */
  public static boolean isCauseOf(Throwable failure) {
    if (TransientFailure.isCauseOf(failure)) {
      return false;
    }
    Throwable root = FailureOrigin.root(failure);
    return root instanceof ZipException
        || root instanceof CharConversionException
        || root instanceof ChecksumException
        || root instanceof InternalError // The JVM's own, say of memory that native code got wrong.
        || (!(root instanceof OutOfMemoryError)
            && DECODERS.stream().anyMatch(FailureOrigin.className(root)::startsWith));
  }
}
