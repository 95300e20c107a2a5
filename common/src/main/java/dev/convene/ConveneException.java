package dev.convene;

import com.google.errorprone.annotations.FormatMethod;

/**
 * A failure its user can act on. The message stands alone: what is wrong, where (file, record,
 * column or key) and what to do. Everything that is not a {@code ConveneException} is a defect or
 * comes from Spark or the storage below.
 */
public class ConveneException extends RuntimeException {
  private final ExitStatus status;

  public ConveneException(ExitStatus status, String message) {
    this(status, message, null);
  }

  public ConveneException(ExitStatus status, String message, Throwable cause) {
    super(message, cause);
    this.status = status;
  }

  /** A wrong command line or setting: {@link ExitStatus#USAGE}. */
  @FormatMethod
  public static ConveneException usage(String format, Object... arguments) {
    return new ConveneException(ExitStatus.USAGE, String.format(format, arguments));
  }

  /** Wrong, missing or unwanted data and files: {@link ExitStatus#DATA}. */
  @FormatMethod
  public static ConveneException data(String format, Object... arguments) {
    return new ConveneException(ExitStatus.DATA, String.format(format, arguments));
  }

  /** How the process that meets this failure ends. */
  public ExitStatus status() {
    return status;
  }
}
