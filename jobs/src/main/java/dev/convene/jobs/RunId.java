package dev.convene.jobs;

import java.util.Optional;

/** The name of a run in every line of its log: the launcher's, or the scheduler's. */
final class RunId {
  /**
   * An environment variable, which a log's pattern can name: <code>${env:CONVENE_RUN_ID}</code>.
   */
  static final String VARIABLE = "CONVENE_RUN_ID";

  private RunId() {}

  static Optional<String> current() {
    return Optional.ofNullable(System.getenv(VARIABLE)).filter(id -> !id.isBlank());
  }
}
