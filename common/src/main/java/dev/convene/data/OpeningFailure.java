package dev.convene.data;

import dev.convene.ConveneException;
import dev.convene.ExitStatus;
import dev.convene.FailureOrigin;
import dev.convene.FileDamage;
import dev.convene.SparkError;
import dev.convene.SparkError.Meaning;
import java.io.IOException;
import java.net.URISyntaxException;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.apache.commons.lang3.exception.ExceptionUtils;
import org.apache.hadoop.fs.UnsupportedFileSystemException;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Reports why a source cannot be opened. */
final class OpeningFailure {
  private OpeningFailure() {}

  /**
   * The failure to report for a source that could not be opened: a {@link ConveneException}, unless
   * it is a defect.
   *
   * @param open opens a source like this one, to see which option is at fault
   */
  static RuntimeException explain(
      DataSource source, Exception failure, Function<DataSource, Dataset<Row>> open) {
    for (Throwable cause : ExceptionUtils.getThrowableList(failure)) {
      Optional<ConveneException> known = known(source, cause);
      if (known.isPresent()) {
        return known.get();
      }
    }
    return wrongOption(source, open)
        .<RuntimeException>map(option -> refusal(option, failure))
        .orElseGet(() -> unknown(source, failure));
  }

  private static Optional<ConveneException> known(DataSource source, Throwable cause) {
    if (cause instanceof ConveneException known) {
      return Optional.of(known);
    }
    if (cause instanceof UnsupportedFileSystemException) {
      return Optional.of(
          ConveneException.usage("%s names no storage: %s", source, cause.getMessage()));
    }
    if (cause instanceof URISyntaxException) {
      return Optional.of(
          ConveneException.data(
              "Hadoop cannot read %s: there is no such path, or a file whose name has a colon:"
                  + " rename it",
              source));
    }
    if (cause instanceof SQLException && "No suitable driver".equals(cause.getMessage())) {
      return Optional.of(
          ConveneException.usage(
              "no JDBC driver for the table %s: check data.options.url, and add the driver's jar"
                  + " to Spark (--jars)",
              source));
    }
    return TableFormats.of(source)
        .describe(cause)
        .or(() -> SparkError.in(cause).flatMap(error -> described(source, error)));
  }

  private static Optional<ConveneException> described(DataSource source, SparkError error) {
    Map<String, String> parameters = error.parameters();
    return switch (error.meaning()) {
      case NO_SUCH_SOURCE ->
          Optional.of(
              ConveneException.usage(
                  "%s is no data source that Spark has: set data.format to idx, csv, parquet or"
                      + " another",
                  source.format()));
      case NO_SUCH_PATH ->
          Optional.of(ConveneException.data("no such path: %s", parameters.get("path")));
      case NO_SUCH_TABLE ->
          Optional.of(ConveneException.data("no such table in the catalog: %s", source));
      case NO_FILES ->
          Optional.of(
              ConveneException.data(
                  "%s has no rows: there is no %s file in it", source, source.format()));
      case DUPLICATE_COLUMN ->
          Optional.of(
              ColumnNames.duplicate(source, parameters.get("columnName").replaceAll("^`|`$", "")));
      default -> Optional.empty();
    };
  }

  /** The option without which the source can be opened. */
  private static Optional<String> wrongOption(
      DataSource source, Function<DataSource, Dataset<Row>> open) {
    if (opens(source, open)) {
      // It was storage, which is back.
      return Optional.empty();
    }
    return source.options().keySet().stream()
        .sorted()
        .filter(option -> opens(without(source, option), open))
        .findFirst();
  }

  private static DataSource without(DataSource source, String option) {
    Map<String, String> others = new HashMap<>(source.options());
    others.remove(option);
    return source.withOptions(others);
  }

  private static boolean opens(DataSource source, Function<DataSource, Dataset<Row>> open) {
    try {
      return open.apply(source) != null;
    } catch (Exception e) {
      // Another option, or the file, is wrong.
      return false;
    }
  }

  private static ConveneException refusal(String option, Exception failure) {
    return new ConveneException(
        ExitStatus.USAGE, "data.options." + option + ": " + reason(failure), failure);
  }

  private static RuntimeException unknown(DataSource source, Exception failure) {
    Throwable root = FailureOrigin.root(failure);
    boolean isData =
        ExceptionUtils.indexOfType(failure, AnalysisException.class) >= 0
            || FileDamage.isCauseOf(failure)
            || isRefusedByDatabase(root);
    boolean isStorage = root instanceof IOException || root instanceof SQLException;
    if (!isData && !isStorage && failure instanceof RuntimeException defect) {
      return defect;
    }
    return new ConveneException(
        isData ? ExitStatus.DATA : ExitStatus.UNAVAILABLE,
        "cannot read %s as %s: %s".formatted(source, source.format(), reason(failure)),
        failure);
  }

  /** By SQLSTATE: access rules, data exceptions and the class of what is not there. */
  private static boolean isRefusedByDatabase(Throwable root) {
    return root instanceof SQLException refusal
        && refusal.getSQLState() != null
        && refusal.getSQLState().matches("(22|28|42).*");
  }

  /** What Spark says of the file if it names one, and why. */
  private static String reason(Exception failure) {
    Throwable root = FailureOrigin.root(failure);
    String why = root.getMessage() == null ? root.toString() : SparkError.reason(root);
    return SparkError.in(failure)
        .map(
            error ->
                error.meaning() == Meaning.UNREADABLE_FOOTER
                    ? error.reason()
                    : error.file().map(file -> file + ": " + why).orElse(why))
        .orElse(why);
  }
}
