package dev.convene.data;

import dev.convene.ConveneException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.commons.lang3.exception.ExceptionUtils;
import org.apache.spark.sql.SparkSession;

/** Finds the file and line to blame for a failed pass over rows that {@link DataReader} opened. */
public final class BadRowLocator {
  private BadRowLocator() {}

  /**
   * The failure to report in the place of a given one: with the line of a csv file that is to
   * blame, which a second pass over that file finds; with the file that cannot be read, which a
   * pass over each of the sources' files finds; or with Spark's complaint about a file in our
   * words.
   *
   * @param sources those that the pass may have read
   * @return the failure itself if there is nothing to add
   */
  public static Exception locate(
      SparkSession spark, String cache, List<DataSource> sources, Exception failure) {
    for (Throwable cause : ExceptionUtils.getThrowableList(failure)) {
      if (cause instanceof BadRowException bad) {
        OptionalLong line = TableFormats.of(bad.source()).lineOf(spark, bad);
        return line.isPresent() ? bad.inLine(line.getAsLong()) : bad;
      }
      if (cause instanceof ConveneException) {
        return failure;
      }
      Optional<ConveneException> description =
          TableFormats.named().stream()
              .flatMap(format -> format.describe(cause).stream())
              .findFirst();
      if (description.isPresent()) {
        return new ConveneException(
            description.get().status(), description.get().getMessage(), failure);
      }
    }
    return ReadingFailure.explain(spark, cache, sources, failure)
        .<Exception>map(known -> known)
        .orElse(failure);
  }
}
