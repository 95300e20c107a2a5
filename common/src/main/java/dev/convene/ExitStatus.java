package dev.convene;

/** What the exit status of a job's process says. */
public enum ExitStatus {
  /** The job did what it was asked. */
  DONE(0),
  /** A defect of Convene itself. */
  BUG(1),
  /** The command line or a setting is wrong. */
  USAGE(2),
  /** Data or a file is wrong, missing or in the way. */
  DATA(3),
  /** Training diverged. */
  DIVERGED(4),
  /** Spark, storage or the network failed; a retry may help. */
  UNAVAILABLE(5);

  private final int code;

  ExitStatus(int code) {
    this.code = code;
  }

  /** The number a shell sees. */
  public int code() {
    return code;
  }
}
