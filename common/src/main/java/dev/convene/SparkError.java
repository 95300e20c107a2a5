package dev.convene;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.lang3.exception.ExceptionUtils;
import org.apache.hadoop.fs.Path;
import org.apache.spark.QueryContext;
import org.apache.spark.SparkThrowable;
import org.apache.spark.sql.AnalysisException;

/**
 * An error of Spark 3.5 whose class Convene knows. Spark's classes are in {@code
 * error/error-classes.json} of spark-common-utils.
 *
 * @param parameters what Spark's message is made of, by its names for them
 * @param reason Spark's message in one line, without its error class, its query and its advice
 * @param expression the SQL that failed; empty if none did
 */
public record SparkError(
    Meaning meaning, Map<String, String> parameters, String reason, String expression) {

  /** What a class of errors says, and the exit status that it deserves. */
  public enum Meaning {
    /** There is no data source of that name. */
    NO_SUCH_SOURCE(ExitStatus.USAGE),
    /** Parameter path. */
    NO_SUCH_PATH(ExitStatus.DATA),
    NO_SUCH_TABLE(ExitStatus.DATA),
    /** The path has no file of the format. */
    NO_FILES(ExitStatus.DATA),
    /** Parameter columnName, in backticks. */
    DUPLICATE_COLUMN(ExitStatus.DATA),
    /** Parameter objectName. */
    UNRESOLVED_COLUMN(ExitStatus.USAGE),
    /** The file is not of the format, or damaged. */
    UNREADABLE_FOOTER(ExitStatus.DATA),
    /** Parameters column in brackets, logicalType as expected and physicalType as found. */
    OTHER_TYPE_IN_FILE(ExitStatus.DATA),
    /** A file cannot be read; why is the cause's to say. */
    UNREADABLE_FILE(ExitStatus.DATA),
    /** An expression cannot be computed for a row. */
    FAILED_EXPRESSION(ExitStatus.DATA);

    private final ExitStatus status;

    Meaning(ExitStatus status) {
      this.status = status;
    }

    /** How a process ends that meets such an error. */
    public ExitStatus status() {
      return status;
    }
  }

  private static final Map<String, Meaning> BY_CLASS =
      Map.ofEntries(
          Map.entry("DATA_SOURCE_NOT_FOUND", Meaning.NO_SUCH_SOURCE),
          Map.entry("PATH_NOT_FOUND", Meaning.NO_SUCH_PATH),
          Map.entry("TABLE_OR_VIEW_NOT_FOUND", Meaning.NO_SUCH_TABLE),
          Map.entry("UNABLE_TO_INFER_SCHEMA", Meaning.NO_FILES),
          Map.entry("COLUMN_ALREADY_EXISTS", Meaning.DUPLICATE_COLUMN),
          Map.entry("UNRESOLVED_COLUMN.WITH_SUGGESTION", Meaning.UNRESOLVED_COLUMN),
          Map.entry("UNRESOLVED_COLUMN.WITHOUT_SUGGESTION", Meaning.UNRESOLVED_COLUMN),
          Map.entry("CANNOT_READ_FILE_FOOTER", Meaning.UNREADABLE_FOOTER),
          Map.entry("_LEGACY_ERROR_TEMP_2063", Meaning.OTHER_TYPE_IN_FILE),
          Map.entry("_LEGACY_ERROR_TEMP_2064", Meaning.UNREADABLE_FILE));

  /** The SQL standard's class of data exceptions. */
  private static final String DATA_EXCEPTION = "22";

  /** The error that a failure is, or that the outermost of its known causes is. */
  public static Optional<SparkError> in(Throwable failure) {
    return ExceptionUtils.getThrowableList(failure).stream()
        .filter(SparkThrowable.class::isInstance)
        .map(SparkThrowable.class::cast)
        .filter(error -> error.getErrorClass() != null)
        .flatMap(error -> known(error).stream())
        .findFirst();
  }

  private static Optional<SparkError> known(SparkThrowable error) {
    return meaning(error)
        .map(
            meaning ->
                new SparkError(
                    meaning,
                    error.getMessageParameters(),
                    reason((Throwable) error),
                    expression(error)));
  }

  private static Optional<Meaning> meaning(SparkThrowable error) {
    return String.valueOf(error.getSqlState()).startsWith(DATA_EXCEPTION)
        ? Optional.of(Meaning.FAILED_EXPRESSION)
        : Optional.ofNullable(BY_CLASS.get(error.getErrorClass()));
  }

  /** The file that could not be read; empty if there is none. */
  public Optional<String> file() {
    String uri =
        switch (meaning) {
          case UNREADABLE_FILE -> parameters.get("path");
          case OTHER_TYPE_IN_FILE -> parameters.get("filePath");
          default -> null;
        };
    return Optional.ofNullable(uri).map(encoded -> new Path(URI.create(encoded)).toString());
  }

  /** Spark's message for an error of any class, in one line, as {@link #reason} has it. */
  public static String reason(Throwable error) {
    String message =
        error instanceof AnalysisException refusal
            ? refusal.getSimpleMessage() // Without the query's plan.
            : String.valueOf(error.getMessage());
    return message
        .strip()
        .lines()
        .findFirst()
        .orElse("")
        .replaceFirst("^\\[[^]]*] ", "")
        .replaceFirst("\\.?(; line \\d+ pos \\d+)?$", "")
        .replaceFirst("\\. (Correct|Use|If necessary|Please) .*", "");
  }

  private static String expression(SparkThrowable error) {
    return List.of(error.getQueryContext()).stream()
        .map(QueryContext::fragment)
        .findFirst()
        .orElse("");
  }
}
