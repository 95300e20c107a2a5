package dev.convene.checkpoint;

import java.io.IOException;

/** What is read is no checkpoint, or not all of one. The message completes "is damaged: ...". */
final class DamagedCheckpointException extends IOException {
  private static final long serialVersionUID = 1;

  DamagedCheckpointException(String finding) {
    super(finding);
  }

  DamagedCheckpointException(String finding, Throwable cause) {
    super(finding, cause);
  }
}
