package dev.convene.ml;

import org.apache.spark.rdd.InputFileBlockHolder;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * The part of a file that a task's scan is at, as {@code input_file_name()} and its kin see it; or
 * none. Whoever reads ahead has to go back to it with each row.
 */
final class InputFile {
  private final UTF8String path;
  private final long start;
  private final long length;

  private InputFile(UTF8String path, long start, long length) {
    this.path = path;
    this.start = start;
    this.length = length;
  }

  /** Where the calling task is. */
  static InputFile current() {
    return new InputFile(
        InputFileBlockHolder.getInputFilePath(),
        InputFileBlockHolder.getStartOffset(),
        InputFileBlockHolder.getLength());
  }

  /** Whether the calling task is there. */
  boolean isCurrent() {
    return start == InputFileBlockHolder.getStartOffset()
        && path.equals(InputFileBlockHolder.getInputFilePath());
  }

  /** Puts the calling task there. */
  void restore() {
    if (start < 0) {
      InputFileBlockHolder.unset();
    } else {
      InputFileBlockHolder.set(path.toString(), start, length);
    }
  }
}
