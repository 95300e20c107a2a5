package dev.convene.data;

import dev.convene.ConveneException;
import dev.convene.ExitStatus;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.commons.lang3.exception.ExceptionUtils;
import org.apache.spark.sql.SparkSession;

/** Finds the file and line to blame for a failed pass over rows that {@link DataReader} opened. */
public final class BadRowLocator {
  private BadRowLocator() {}

  /**
   * The failure to report in the place of a given one: with the line of a csv file that is to
   * blame, which a second pass over that file finds, or with Spark's complaint about a file in our
   * words.
   *
   * @return the failure itself if there is nothing to add
   */
  public static Exception locate(SparkSession spark, Exception failure) {
    for (Throwable cause : ExceptionUtils.getThrowableList(failure)) {
      if (cause instanceof BadRowException bad) {
        OptionalLong line = TableFormats.of(bad.source()).lineOf(spark, bad);
        return line.isPresent() ? bad.inLine(line.getAsLong()) : bad;
      }
      Optional<String> description =
          TableFormats.named().stream()
              .flatMap(format -> format.describe(cause).stream())
              .findFirst();
      if (description.isPresent()) {
        return new ConveneException(ExitStatus.DATA, description.get(), failure);
      }
    }
    return failure;
  }
}
