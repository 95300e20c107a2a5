package dev.convene.jobs;

import dev.convene.ConveneException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Settings of Spark whose mistake shows only when a task runs. */
final class SparkMistake {
  /** Kryo's words, wherever they are wrapped. */
  private static final Pattern UNREGISTERED = Pattern.compile("Class is not registered: (\\S+)");

  private SparkMistake() {}

  static Optional<ConveneException> in(Throwable root) {
    Matcher unregistered = UNREGISTERED.matcher(String.valueOf(root.getMessage()));
    return unregistered.find()
        ? Optional.of(
            ConveneException.usage(
                "spark.kryo.registrationRequired = true, but %s is not registered: leave it false, or"
                    + " add the class to spark.kryo.classesToRegister",
                unregistered.group(1)))
        : Optional.empty();
  }
}
