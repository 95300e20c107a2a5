package dev.convene.data;

import dev.convene.ConveneException;
import dev.convene.ExitStatus;
import dev.convene.FailureOrigin;
import dev.convene.FileDamage;
import dev.convene.SparkError;
import dev.convene.SparkError.Meaning;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;

/** Reports why a pass over sources failed, where a row of theirs, or a file, is to blame. */
final class ReadingFailure {
  private final SparkSession spark;
  private final String cache;
  private final Exception failure;

  private ReadingFailure(SparkSession spark, String cache, Exception failure) {
    this.spark = spark;
    this.cache = cache;
    this.failure = failure;
  }

  /**
   * A failure (data) that names the file, if the sources are to blame.
   *
   * @param failure one that neither a row's check nor a format knows
   */
  static Optional<ConveneException> explain(
      SparkSession spark, String cache, List<DataSource> sources, Exception failure) {
    ReadingFailure reading = new ReadingFailure(spark, cache, failure);
    Optional<SparkError> error = SparkError.in(failure);
    if (error.isPresent() && error.get().meaning() == Meaning.OTHER_TYPE_IN_FILE) {
      return Optional.of(reading.refusal(otherType(error.get())));
    }
    if (error.isPresent() && error.get().meaning() == Meaning.FAILED_EXPRESSION) {
      return reading.failedExpression(sources, error.get()).map(reading::refusal);
    }
    return FileDamage.isCauseOf(failure)
        ? error
            .flatMap(SparkError::file)
            .or(() -> reading.file(sources))
            .map(
                file ->
                    reading.refusal(
                        "cannot read %s: %s: write the file again, or leave it out"
                            .formatted(file, reading.reason())))
        : Optional.empty();
  }

  private ConveneException refusal(String message) {
    return new ConveneException(ExitStatus.DATA, message, failure);
  }

  private static String otherType(SparkError error) {
    return "%s: column %s is of type %s there, not %s as in other files: write all files with the same types"
        .formatted(
            error.file().orElseThrow(),
            error.parameters().get("column").replaceAll("^\\[|]$", ""),
            error.parameters().get("physicalType").toLowerCase(Locale.ROOT),
            error.parameters().get("logicalType"));
  }

  private Optional<String> failedExpression(List<DataSource> sources, SparkError error) {
    Optional<String> problem =
        sources.stream()
            .flatMap(source -> SqlExpressions.describe(source, error).stream())
            .findFirst();
    return problem.map(known -> file(sources).map(file -> file + ": " + known).orElse(known));
  }

  private Optional<String> file(List<DataSource> sources) {
    return sources.stream().flatMap(source -> fileAtFault(source).stream()).findFirst();
  }

  /** The first file of a source that fails by itself as the pass did. */
  private Optional<String> fileAtFault(DataSource source) {
    if (!TableFormats.of(source).readsPaths()) {
      return Optional.empty();
    }
    try {
      List<String> files =
          Arrays.stream(SourceTable.open(spark, cache, source).rows().inputFiles())
              .map(uri -> new Path(URI.create(uri)).toString())
              .sorted()
              .toList();
      return narrowed(source, files);
    } catch (Exception e) {
      // The failure is to be reported whether or not its file can be found.
      return Optional.empty();
    }
  }

  private Optional<String> narrowed(DataSource source, List<String> files) {
    if (files.isEmpty() || !fails(source.at(files))) {
      return Optional.empty();
    }
    if (files.size() == 1) {
      return Optional.of(files.get(0));
    }
    int half = files.size() / 2;
    return narrowed(source, files.subList(0, half))
        .or(() -> narrowed(source, files.subList(half, files.size())));
  }

  private boolean fails(DataSource source) {
    try {
      SourceTable.open(spark, cache, source).rows().write().format("noop").mode("overwrite").save();
      return false;
    } catch (Exception e) {
      Throwable expected = FailureOrigin.root(failure);
      Throwable found = FailureOrigin.root(e);
      return found.getClass() == expected.getClass()
          && Objects.equals(found.getMessage(), expected.getMessage());
    }
  }

  private String reason() {
    Throwable root = FailureOrigin.root(failure);
    return root.getMessage() == null ? root.toString() : SparkError.reason(root);
  }
}
