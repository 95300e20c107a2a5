package dev.convene.jobs;

import dev.convene.ConveneException;
import dev.convene.SparkError;
import dev.convene.SparkError.Meaning;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.apache.commons.lang3.exception.ExceptionUtils;

/** predict.options, tried out before they are needed: each format has its own way to refuse one. */
final class WriterOptions {
  /** What takes options: it throws, as Spark does, what it likes. */
  @FunctionalInterface
  interface Trial {
    void run(Map<String, String> options) throws Exception;
  }

  private WriterOptions() {}

  /**
   * Tries the options.
   *
   * @throws ConveneException (usage) naming the option without which the trial succeeds; any other
   *     failure is the trial's own
   */
  static void require(Map<String, String> options, String format, Trial trial) {
    try {
      trial.run(options);
    } catch (Exception e) {
      if (SparkError.in(e).filter(error -> error.meaning() == Meaning.NO_SUCH_SOURCE).isPresent()) {
        throw ConveneException.usage(
            "predict.format = %s is no format that Spark writes: set it to parquet, csv, json, orc,"
                + " table or another",
            format);
      }
      requireEach(options, format, trial, e);
      throw ExceptionUtils.<RuntimeException>rethrow(e);
    }
  }

  private static void requireEach(
      Map<String, String> options, String format, Trial trial, Exception failure) {
    for (String name : new TreeMap<>(options).keySet()) {
      Map<String, String> others = new HashMap<>(options);
      String value = others.remove(name);
      if (succeeds(trial, others)) {
        throw ConveneException.usage(
            "predict.options.%s = %s is refused by format %s: %s",
            name, value, format, firstLine(failure));
      }
    }
  }

  private static boolean succeeds(Trial trial, Map<String, String> options) {
    try {
      trial.run(options);
      return true;
    } catch (Exception e) {
      return false;
    }
  }

  private static String firstLine(Exception failure) {
    Throwable root = ExceptionUtils.getRootCause(failure);
    return String.valueOf(root.getMessage()).lines().findFirst().orElse("");
  }
}
