package dev.convene;

/**
 * The version of the files that a run leaves for people and programs: history.jsonl, metrics.json
 * and settings.conf. It grows when a field changes its meaning or goes, not when one is added.
 */
public final class FileSchema {
  /** The version that is written, and the newest that is read. */
  public static final int VERSION = 1;

  /** The field of JSON objects that has it; a file without is of version 1. */
  public static final String FIELD = "schemaVersion";

  private FileSchema() {}

  /**
   * Checks that a file can be read.
   *
   * @param file how a message names it
   * @param status of the refusal
   * @throws ConveneException if it is of a newer version
   */
  public static void requireReadable(int version, String file, ExitStatus status) {
    if (version > VERSION) {
      throw new ConveneException(
          status,
          "%s has schema version %d, and this Convene reads versions up to %d: use the newer Convene that wrote it"
              .formatted(file, version, VERSION));
    }
  }
}
