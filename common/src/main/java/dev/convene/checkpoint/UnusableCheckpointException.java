package dev.convene.checkpoint;

import java.io.IOException;

/**
 * What is read is no checkpoint, not all of one, or one that only a newer Convene reads. The
 * message completes "the checkpoint ...".
 */
final class UnusableCheckpointException extends IOException {
  private static final long serialVersionUID = 1;

  UnusableCheckpointException(String predicate) {
    super(predicate);
  }

  private UnusableCheckpointException(String predicate, Throwable cause) {
    super(predicate, cause);
  }

  static UnusableCheckpointException damaged(String finding) {
    return damaged(finding, null);
  }

  static UnusableCheckpointException damaged(String finding, Throwable cause) {
    return new UnusableCheckpointException("is damaged: " + finding, cause);
  }
}
