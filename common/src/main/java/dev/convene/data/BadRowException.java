package dev.convene.data;

import dev.convene.ConveneException;
import dev.convene.ExitStatus;

/** A row that cannot be used, thrown by the task that reads it. */
final class BadRowException extends ConveneException {
  private final DataSource source;
  private final String file;
  private final String column;
  private final String value;
  private final String problem;

  /**
   * @param file null where the source has no files
   * @param column null if the row as a whole is wrong
   * @param value the column's value or the row, as text
   */
  BadRowException(DataSource source, String file, String column, String value, String problem) {
    this(source, file, column, value, problem, "", null);
  }

  private BadRowException(
      DataSource source,
      String file,
      String column,
      String value,
      String problem,
      String place,
      Throwable cause) {
    super(ExitStatus.DATA, (file == null ? source : file) + place + ": " + problem, cause);
    this.source = source;
    this.file = file;
    this.column = column;
    this.value = value;
    this.problem = problem;
  }

  DataSource source() {
    return source;
  }

  String file() {
    return file;
  }

  String column() {
    return column;
  }

  String value() {
    return value;
  }

  /** This failure with the row's line in its message. */
  BadRowException inLine(long line) {
    return new BadRowException(source, file, column, value, problem, ", line " + line, this);
  }
}
